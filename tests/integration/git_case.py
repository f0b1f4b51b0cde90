# SPDX-License-Identifier: Apache-2.0
"""What the tests of Git share: one API server and one Git server for all of them, and for each test
a repository and an agent of its own."""

import atexit
import functools
import itertools
import json
import pathlib
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.git import GitServer, Repository
from lab.lab import Lab
from lab.manifests import config_map

numbers = itertools.count()


@functools.cache
def shared_lab():
    """Made for the first test, and closed after the last: an API server takes seconds to start."""
    lab = Lab(git_arguments=("--proxy", "--proxy-basic", "through:proxy-word"))
    atexit.register(lab.close)
    return lab


class GitCase(unittest.TestCase):
    """`self.repository`'s a.yaml is what is looked for in the cluster."""

    @classmethod
    def setUpClass(cls):
        cls.lab = shared_lab()
        cls.cluster = cls.lab.cluster
        cls.git = cls.lab.git

    def another_git_server(self, *arguments):
        server = GitServer(self.lab.folder / "git", self.lab.folder / f"{self.name}.server",
                           *arguments)
        self.addCleanup(server.stop)
        return server

    def setUp(self):
        self.name = f"repository-{next(numbers)}"
        self.repository = Repository(self.lab.folder / "git", self.name)
        self.repository.commit({"a.yaml": config_map("a"), "b.yaml": config_map("b")})
        self.agent = None
        self.addCleanup(self.clean_up)

    def start_over(self):
        """Leaves the repository alone of what the test has made."""
        self.clean_up()
        shutil.rmtree(self.agent.folder)

    def clean_up(self):
        if self.agent is not None:
            self.agent.stop()
        self.git.fail_with()
        self.git.accept_only()
        for namespace, name in (("primocane-system", "primocane-system.root"), ("default", "a"),
                                ("default", "b")):
            self.cluster.ask(f"/api/v1/namespaces/{namespace}/configmaps/{name}", "DELETE")

    def make_agent(self, url=None, **git):
        """An agent with these settings of section git; not started."""
        self.agent = self.lab.agent(self.name, url=url or self.git.url(self.name),
                                    settings={"git": git})
        return self.agent

    def secret_file(self, text, name="secret"):
        path = self.lab.folder / f"{self.name}.{name}"
        path.write_text(text + "\n")
        path.chmod(0o600)
        return str(path)

    def value(self, name="a"):
        found = self.cluster.ask(f"/api/v1/namespaces/default/configmaps/{name}")
        return found and found["data"]["k"]

    def deploys(self, value):
        """Commits a new value and expects it in the cluster after a pass."""
        commit = self.repository.commit({"a.yaml": config_map("a", value)})
        self.converges(value)
        return commit

    def converges(self, value):
        report = self.agent.reconcile()
        self.assertEqual(self.value(), value, report)

    def fails(self, *expected, value="v"):
        """Expects a pass whose problems say this, and the last good revision in the cluster."""
        report = self.agent.reconcile(check=False)
        problems = "\n".join(problem["message"] for problem in report["problems"])
        for part in expected:
            self.assertRegex(problems, part, f"\n{report}\n{self.agent.log()[-3000:]}")
        self.assertNotEqual(problems, "")
        self.assertEqual((self.value("a"), self.value("b")), (value, value and "v"))
        return problems

    def start(self, *arguments, **settings):
        """Starts an agent and expects the repository's first commit in the cluster."""
        self.make_agent(*arguments, **settings).start()
        self.converges("v")

    def tells_nowhere(self, *secrets):
        """Expects that none of these is in what the agent says or keeps."""
        files = [path for path in self.agent.folder.rglob("*")
                 if path.is_file() and path != self.agent.configuration]
        said = self.agent.log() + json.dumps(self.agent.status())
        for secret in secrets:
            self.assertNotIn(secret, said)
            for path in files:
                self.assertNotIn(secret.encode(), path.read_bytes(), path)
