# SPDX-License-Identifier: Apache-2.0
"""An API server over one connection that stays open: a snapshot is some sixty lists."""

import dataclasses
import http.client
import json
import pathlib
import re
import ssl
import time

TIMEOUT_SECONDS = 60
BUSY_SECONDS_MAX = 60
BUSY = 429  # a watch cache that is being filled, and the like; RFC 6585, section 4
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind that can be listed and deleted."""

    group: str
    version: str
    resource: str
    name: str
    namespaced: bool

    @property
    def api_version(self):
        return f"{self.group}/{self.version}" if self.group else self.version

    def path(self, namespace=None, name=None):
        """Of the collection, or of one object."""
        where = f"/apis/{self.api_version}" if self.group else f"/api/{self.version}"
        if namespace:
            where += f"/namespaces/{namespace}"
        return f"{where}/{self.resource}" + (f"/{name}" if name else "")


class ApiError(RuntimeError):
    """The server's refusal; `status` is that of HTTP."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class Api:
    """The administrator's connection to the cluster in `folder` (lab.cluster.Cluster). One thread
    at a time."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        server = re.search(r"server: https://(\S+)", (folder / "kubeconfig").read_text())[1]
        context = ssl.create_default_context(cafile=folder / "ca.crt")
        context.load_cert_chain(folder / "admin.crt", folder / "admin.key")
        self.connection = http.client.HTTPSConnection(server, timeout=TIMEOUT_SECONDS,
                                                      context=context)

    def ask(self, method, path, body=None, content="application/json", accept="application/json"):
        """The answer's object; raises ApiError unless it is one of success. Asks again where the
        server says that it is busy."""
        if not isinstance(body, str | None):
            body = json.dumps(body)
        headers = {"Content-Type": content, "Accept": accept}
        deadline = time.monotonic() + BUSY_SECONDS_MAX
        while True:
            status, text = self.exchange(method, path, body, headers)
            if status != BUSY or time.monotonic() > deadline:
                break
            time.sleep(0.2)
        if status >= 300:
            raise ApiError(status, f"{method} {path}: {text.decode(errors='replace')[:500]}")
        return json.loads(text)

    def exchange(self, method, path, body, headers):
        """Status and text of the answer; connects again if the server closed an idle connection."""
        for is_last in (False, True):
            try:
                self.connection.request(method, path, body=body, headers=headers)
                answer = self.connection.getresponse()
                return answer.status, answer.read()
            except (http.client.HTTPException, ConnectionError):
                self.connection.close()
                if is_last:
                    raise

    def get(self, path):
        """The object or list, or None if there is none."""
        try:
            return self.ask("GET", path)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def apply(self, path, body, manager):
        """Server-side apply by force; `body` is an object, or YAML as text."""
        return self.ask("PATCH", f"{path}?fieldManager={manager}&force=true", body,
                        "application/apply-patch+yaml")

    def merge(self, path, patch, manager="kubectl-edit"):
        """A merge patch; None if there is no such object."""
        try:
            return self.ask("PATCH", f"{path}?fieldManager={manager}", patch,
                            "application/merge-patch+json")
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def delete(self, path):
        """Deletes an object, or all of a collection; what is not there is no error."""
        try:
            self.ask("DELETE", f"{path}?propagationPolicy=Background")
        except ApiError as error:
            if error.status not in (404, 409):
                raise

    def kinds(self):
        """All kinds that can be listed and deleted, each in its preferred version."""
        found = {}
        for root in ("/api", "/apis"):
            for group in self.ask("GET", root, accept=DISCOVERY)["items"]:
                for version in group["versions"]:
                    if version.get("freshness") == "Stale":
                        continue
                    for each in version.get("resources", []):
                        if not {"list", "delete"} <= set(each["verbs"]):
                            continue
                        name = group["metadata"].get("name", "")
                        kind = Kind(name, version["version"], each["resource"],
                                    each["responseKind"]["kind"], each["scope"] == "Namespaced")
                        found.setdefault((name, each["resource"]), kind)
        return list(found.values())

    def objects(self, kinds):
        """Pairs of kind and object, of all namespaces."""
        for kind in kinds:
            # None: the kind went between the two requests.
            for item in (self.get(kind.path()) or {"items": []})["items"]:
                yield kind, item
