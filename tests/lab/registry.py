# SPDX-License-Identifier: Apache-2.0
"""A real registry of OCI artifacts, and how they come into it."""

import json
import pathlib
import urllib.request

from .process import SERVERS, Server


class Registry:
    """A registryserver, and what is pushed to it."""

    def __init__(self, folder, *flags):
        self.server = Server([SERVERS / "registryserver", "--dir", folder, "--until-stdin-closes",
                              *flags], pathlib.Path(folder) / "registry.log")
        self.addresses = json.loads(self.server.read_until(lambda line: line.startswith("{")))

    def push(self, repository, tag, files=None, **more):
        """Pushes an artifact; returns the digest that its tag has then."""
        body = {"repository": repository, "tag": tag, "files": files or {}} | more
        request = urllib.request.Request(self.addresses["control"] + "/push", method="POST",
                                         data=json.dumps(body).encode())
        return urllib.request.urlopen(request).read().decode()

    def requests(self):
        """What was asked since the last time: "SERVER METHOD PATH LOGIN"."""
        return json.load(urllib.request.urlopen(self.addresses["control"] + "/requests")) or []

    def ca(self):
        return {"ca.crt": pathlib.Path(self.addresses["ca"]).read_text()}
