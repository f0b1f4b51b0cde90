# SPDX-License-Identifier: Apache-2.0
"""An admission webhook for the API server of a lab."""

import base64
import http.server
import json
import ssl
import threading


class Webhook:
    """Answers each request for admission by `answer`, a function of the AdmissionReview's request
    that returns the fields of its response ("allowed", "status") and, if it mutates, a JSON Patch
    (a list) or None. With the certificate of the API server in `folder`, which is for 127.0.0.1."""

    def __init__(self, folder, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                request = review.pop("request")
                response, patch = answer(request)
                review["response"] = {"uid": request["uid"], **response}
                if patch:
                    encoded = base64.b64encode(json.dumps(patch).encode()).decode()
                    review["response"] |= {"patchType": "JSONPatch", "patch": encoded}
                body = json.dumps(review).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.crt", folder / "server.key")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.client_config = {
            "url": f"https://127.0.0.1:{self.server.server_port}/admit",
            "caBundle": base64.b64encode((folder / "ca.crt").read_bytes()).decode()}
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
