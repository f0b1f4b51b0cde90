# SPDX-License-Identifier: Apache-2.0
"""Git over SSH: keys and host keys, what a server can do wrong, and a server of protocol v0."""

import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from git_case import GitCase
from git_http_test import MIDDLE, noise
from lab.git import SshServer
from lab.manifests import config_map
from lab.process import wait_until


class GitSshTest(GitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ssh = cls.add_ssh_server("ssh")
        cls.old_ssh = cls.add_ssh_server("old-ssh", "--accept-git-protocol=false")

    @classmethod
    def add_ssh_server(cls, name, *arguments):
        server = SshServer(cls.lab.folder / "git", cls.lab.folder / name, *arguments)
        cls.addClassCleanup(server.stop)
        return server

    def setUp(self):
        super().setUp()
        self.addCleanup(self.ssh.fail_with)

    def make_ssh_agent(self, server=None, authentication=None, **git):
        server = server or self.ssh
        return self.make_agent(server.url(self.name),
                               authentication=server.authentication(**(authentication or {})),
                               **git)

    def start_ssh(self, server=None, **git):
        self.make_ssh_agent(server, **git).start()
        self.converges("v")

    def make_key(self, name):
        path = self.lab.folder / f"{self.name}.{name}"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
        return path

    def test_a_key_and_a_host_key(self):
        for name, server in (("v2", self.ssh), ("v0", self.old_ssh)):
            with self.subTest(name):
                self.repository.commit({"a.yaml": config_map("a", "v")})
                self.start_ssh(server)
                self.deploys("new")
                self.agent.reconcile()
                self.start_over()

    def test_another_key_is_refused(self):
        key = self.make_key("stranger")
        self.make_ssh_agent(authentication={"sshKey": str(key)}).start()
        self.fails(r"git\.authentication\.sshKey", "Permission denied", value=None)
        self.tells_nowhere(key.read_text().splitlines()[2])

    def test_a_key_that_is_not_there(self):
        self.make_ssh_agent(authentication={"sshKey": "/nonexistent/key"}).start()
        self.fails("/nonexistent/key", value=None)

    def test_another_host_key_is_refused(self):
        known = self.lab.folder / f"{self.name}.known_hosts"
        words = pathlib.Path(self.ssh.address["known_hosts"]).read_text().split()
        key = self.make_key("host").with_suffix(".host.pub").read_text().split()
        known.write_text(" ".join([words[0], *key[:2]]) + "\n")
        self.make_ssh_agent(authentication={"sshKnownHosts": str(known)}).start()
        self.fails(r"git\.authentication\.sshKnownHosts", value=None)

    def test_an_unknown_host_is_refused(self):
        known = self.lab.folder / f"{self.name}.known_hosts"
        known.write_text("")
        self.make_ssh_agent(authentication={"sshKnownHosts": str(known)}).start()
        self.fails(r"git\.authentication\.sshKnownHosts", value=None)

    def test_no_known_hosts_is_refused_at_the_start(self):
        agent = self.make_agent(self.ssh.url(self.name),
                                authentication={"sshKey": self.ssh.address["key"]})
        done = agent.run("agent")
        self.assertEqual(done.returncode, 78)
        self.assertIn("sshKnownHosts", done.stderr)

    def test_a_repository_that_is_not_there(self):
        self.make_agent(self.ssh.url("nowhere"), authentication=self.ssh.authentication()).start()
        self.fails("does not serve the repository", value=None)

    def test_a_pack_that_is_cut(self):
        self.start_ssh()
        for number, fault in enumerate(({"kind": "cut", "after_bytes": MIDDLE},
                                        {"kind": "corrupt", "after_bytes": MIDDLE})):
            with self.subTest(fault):
                self.ssh.fail_with({"match": self.name, **fault})
                self.repository.commit({"a.yaml": config_map("a", f"new {number}"),
                                        "noise.txt": noise(number)})
                self.fails("ssh|cut|pack", value=f"new {number - 1}" if number else "v")
                self.ssh.fail_with()
                self.converges(f"new {number}")

    def test_a_server_that_says_nothing_more(self):
        self.start_ssh(timeouts={"stall": "3s"})
        self.ssh.fail_with({"kind": "stall"})
        self.fails("nothing moved for 3 s")
        self.ssh.fail_with()
        self.repository.commit({"a.yaml": config_map("a", "new"), "noise.txt": noise(0)})
        self.ssh.fail_with({"kind": "stall", "after_bytes": MIDDLE})
        self.fails("nothing moved for 3 s")
        self.ssh.fail_with()
        self.converges("new")

    def test_a_slow_server_is_waited_for_while_it_sends(self):
        self.start_ssh(timeouts={"stall": "3s"})
        self.repository.commit({"a.yaml": config_map("a", "new"), "noise.txt": noise(0)})
        self.ssh.fail_with({"kind": "slow", "bytes_per_second": 300_000})
        self.converges("new")

    def test_many_commits_and_a_rewritten_branch(self):
        self.start_ssh()
        self.repository.commit_many(100)
        self.deploys("new")
        self.repository.run("reset", "-q", "--hard", "HEAD~3")
        self.repository.commit({"a.yaml": config_map("a", "other")})
        self.fails("rewritten", "--accept-rewrite", value="new")
        self.agent.reconcile("--accept-rewrite")
        self.assertEqual(self.value(), "other")

    def test_a_server_that_is_down_at_the_start_does_not_stop_the_correction(self):
        server = SshServer(self.lab.folder / "git", self.lab.folder / f"{self.name}.server")
        self.addCleanup(server.stop)
        self.start_ssh(server)
        self.agent.stop()
        server.stop()
        self.cluster.kubectl("delete", "configmap", "a")
        self.agent.start()
        wait_until(self.value, "the object to come back")
        self.fails("ssh")
        # Nothing of ssh stays behind.
        self.assertEqual(subprocess.run(["pgrep", "-P", str(self.agent.process.pid)],
                                        capture_output=True, text=True).stdout, "")


if __name__ == "__main__":
    unittest.main()
