# SPDX-License-Identifier: Apache-2.0
"""Files and repositories elsewhere: found, kept, rendered without a network, and refused."""

import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from git_case import GitCase, config_map
from lab.git import Repository, SshServer
from lab.process import PRIMOCANE

PAGE = "<!DOCTYPE html>\n<html><body>log in</body></html>\n"


class RemotesTest(GitCase):
    """`self.other` is a repository beside `self.repository`, with an overlay over ../base."""

    def setUp(self):
        super().setUp()
        self.other = Repository(self.lab.folder / "git", f"{self.name}-other")
        self.commits = [self.commit_other("v")]
        self.other.run("push", "-q", "origin", "HEAD:refs/tags/v1")
        self.cache = self.lab.folder / f"{self.name}.cache"

    def commit_other(self, value, **files):
        return self.other.commit({
            "overlay/kustomization.yaml": "resources: [../base]\n",
            "base/kustomization.yaml": "resources: [b.yaml]\n",
            "base/b.yaml": config_map("b", value),
            "second/kustomization.yaml": "resources: [c.yaml]\n",
            "second/c.yaml": config_map("c", value), **files})

    def base(self, ref="?ref=v1", server=None, folder="overlay"):
        return f"{(server or self.git).url(self.other.name)}//{folder}{ref}"

    def serve(self, **files):
        """Has the server answer with these texts: {name: text or fields of a fault}."""
        self.git.fail_with(*({"kind": "status", "match": f"/{self.name}/{name}", "code": 200,
                              **({"body": answer} if isinstance(answer, str) else answer)}
                             for name, answer in files.items()))

    def file(self, name):
        return f"{self.git.addresses['http'].rstrip('/')}/{self.name}/{name}"

    def build(self, *resources):
        """`primocane build` of a folder that lists these; the finished process."""
        folder = self.lab.folder / f"{self.name}.folder"
        folder.mkdir(exist_ok=True)
        (folder / "kustomization.yaml").write_text(
            "resources:\n" + "".join(f"- {resource}\n" for resource in resources))
        return subprocess.run([str(PRIMOCANE), "build", str(folder)], capture_output=True,
                              text=True, timeout=120,
                              env=os.environ | {"XDG_CACHE_HOME": str(self.cache)})

    def built(self, *resources):
        done = self.build(*resources)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refused(self, resource, *expected):
        done = self.build(resource)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        for part in expected:
            self.assertRegex(done.stderr, part)
        return done.stderr

    def commit(self, *resources):
        """Commits a kustomization of a.yaml and these to the agent's repository."""
        return self.repository.commit({
            "kustomization.yaml": "resources:\n- a.yaml\n" +
                                  "".join(f"- {resource}\n" for resource in resources)})

    def kept(self):
        folder = self.agent.state / "remotes"
        return [path.name for path in folder.iterdir() if path.is_file()]

    # the command line

    def test_a_base_with_a_ref_and_a_folder(self):
        self.commit_other("new")
        self.assertIn("k: v\n", self.built(self.base()))
        self.assertIn("k: new\n", self.built(self.base("?ref=main")))
        self.assertIn("k: new\n", self.built(self.base("")))
        self.assertIn("k: v\n", self.built(self.base(f"?ref={self.commits[0]}")))

    def test_a_file_by_its_url(self):
        self.serve(**{"b.yaml": config_map("b")})
        self.assertIn("name: b\n", self.built(self.file("b.yaml")))
        self.git.fail_with({"kind": "redirect", "match": f"/{self.name}/old.yaml",
                            "to": self.file("b.yaml")},
                           {"kind": "status", "match": f"/{self.name}/b.yaml", "code": 200,
                            "body": config_map("b", "moved")})
        self.assertIn("k: moved\n", self.built(self.file("old.yaml")))

    def test_a_base_that_names_a_base_elsewhere(self):
        third = Repository(self.lab.folder / "git", f"{self.name}-third")
        third.commit({"kustomization.yaml": f"namePrefix: far-\nresources:\n- {self.base()}\n"})
        self.assertIn("name: far-b\n", self.built(f"{self.git.url(third.name)}?ref=main"))

    def test_a_warning_once_for_each_without_a_ref(self):
        self.serve(**{"d.yaml": config_map("d")})
        done = self.build(self.base(), self.base("", folder="second"), self.file("d.yaml"))
        self.assertEqual(done.returncode, 0, done.stderr)
        warnings = [line for line in done.stderr.splitlines() if "warning" in line]
        self.assertEqual(len(warnings), 2, done.stderr)
        self.assertIn("names no revision", warnings[0])

    def test_what_was_fetched_does_without_a_network(self):
        server = self.another_git_server()
        bases = (self.base("?ref=main", server), self.base("?ref=v1", server, "second"))
        before = self.built(*bases)
        server.stop()
        done = self.build(*bases)
        self.assertEqual((done.returncode, done.stdout), (0, before), done.stderr)
        self.assertEqual(done.stderr.count("what was fetched before is rendered"), 2, done.stderr)
        done = self.build(self.base("?ref=another", server))
        self.assertEqual(done.returncode, 1)

    def test_a_commit_is_fetched_once_and_never_asked_for_again(self):
        pinned = self.base(f"?ref={self.commits[0]}")
        self.built(pinned)
        self.git.forget_requests()
        done = self.build(pinned)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.git.requests(self.other.name), [])

    def test_what_is_damaged_on_disk_is_fetched_anew(self):
        pinned = self.base(f"?ref={self.commits[0]}")
        before = self.built(pinned)
        for damage in (lambda text: text.replace(b'"v"', b'"w"'), lambda text: text[:-20],
                       lambda text: b""):
            for path in (self.cache / "primocane" / "remotes").iterdir():
                if path.is_file() and path.suffix != ".json":
                    path.write_bytes(damage(path.read_bytes()))
            self.assertEqual(self.built(pinned), before)

    def test_what_can_not_be_had_says_why(self):
        self.refused(self.base("?ref=nowhere"), "refs/heads/nowhere")
        self.refused(self.base(f"?ref={'0' * 40}"), "0000000")
        self.refused(f"{self.git.url(self.other.name)}//nowhere?ref=v1",
                     'there is no folder "nowhere" in', r"kustomization\.yaml:2")
        self.refused(self.file("absent.yaml"), "status 404", "nor is it a repository")
        self.refused("file:///etc", "scheme")
        self.refused("http://me:hunter2@127.0.0.1/a.yaml", "credentials")
        self.assertNotIn("hunter2", self.refused("http://me:hunter2@127.0.0.1/a/b.yaml"))
        self.serve(**{"page": {"body": PAGE, "content_type": "text/html"},
                      "busy.yaml": {"code": 503}})
        self.refused(self.file("page"), "returned HTML, not YAML")
        self.refused(self.file("busy.yaml"), "status 503")

    def test_a_strange_repository_can_not_lead_out_of_itself(self):
        for name, files in (("a link", {"k/b.yaml": "../../../../etc/passwd"}),
                            ("an absolute link", {"k/b.yaml": "/etc/passwd"}),
                            ("a loop", {"k/b.yaml": "b.yaml"})):
            with self.subTest(name):
                self.other.write({"k/kustomization.yaml": "resources: [b.yaml]\n"})
                for path, target in files.items():
                    (self.other.tree / path).unlink(missing_ok=True)
                    (self.other.tree / path).symlink_to(target)
                self.other.commit()
                said = self.refused(f"{self.git.url(self.other.name)}//k?ref=main", "symlink")
                self.assertNotIn("root:", said)
        self.other.commit({"k/kustomization.yaml": "resources: [../../outside]\n"})
        self.refused(f"{self.git.url(self.other.name)}//k?ref=main", "leaves the repository")

    # the agent

    def test_the_agent_deploys_and_keeps_what_lies_elsewhere(self):
        server = self.another_git_server()
        self.commit(self.base("", server))
        self.make_agent().start()
        self.converges("v")
        self.assertEqual(self.value("b"), "v")
        # Nothing is asked for again while the own commit is the same.
        self.commit_other("new")
        self.agent.reconcile()
        self.assertEqual(self.value("b"), "v")
        self.deploys("second")
        self.assertEqual(self.value("b"), "new")
        self.assertEqual(self.agent.log().count("names no revision"), 1, self.agent.log())

        # Without a network: after a restart, and with a new commit.
        server.stop()
        self.agent.kill()
        self.cluster.kubectl("delete", "configmap", "b")
        self.agent.start()
        self.converges("second")
        self.assertEqual(self.value("b"), "new")
        self.assertNotIn("what was fetched before", self.agent.log())
        self.deploys("third")
        self.assertEqual(self.value("b"), "new")
        self.assertIn("what was fetched before is rendered", self.agent.log())
        self.assertEqual(self.agent.run("plan").returncode, 0)

        # What is no longer used goes.
        self.assertEqual(len(self.kept()), 3)  # that the URL is no file, the tree, its content
        self.repository.commit({"kustomization.yaml": "resources: [a.yaml]\n"})
        self.agent.reconcile()
        self.assertIsNone(self.value("b"))
        self.assertEqual(self.kept(), [])

    def test_what_hangs_or_is_too_large_leaves_the_last_rendering_in_force(self):
        self.make_agent(timeouts={"stall": "1s"})
        self.agent.configure({"render": {"remoteSize": "1Mi"}})
        self.commit(self.base())
        self.agent.start()
        self.converges("v")

        self.git.fail_with({"kind": "stall", "match": f"/{self.name}/b.yaml"})
        self.commit(self.base(), self.file("b.yaml"))
        self.fails(r"b\.yaml: .*not a byte received for 1s")
        self.git.fail_with()

        self.other.commit({"noise": os.urandom(2 << 20)})
        self.commit(self.base("?ref=main"))
        self.fails("larger|more than 1.0 MiB|exceed|limit")
        self.other.commit({"noise": None})
        # Nobody has to commit: it is tried again.
        self.converges("v")

    def test_certificates_credentials_and_other_hosts(self):
        authentication = {"username": "alice",
                          "passwordFile": self.secret_file("alices-password")}
        self.git.accept_only(basic="alice:alices-password")
        stranger = self.another_git_server()
        # Of the own host and of another one, whose certificate the configured authority made not.
        self.commit(self.git.url(self.other.name, "https") + "//overlay?ref=v1")
        self.make_agent(self.git.url(self.name, "https"), caFile=self.git.addresses["ca"],
                        authentication=authentication).start()
        self.converges("v")
        self.assertEqual(self.value("b"), "v")
        self.commit(stranger.url(self.other.name) + "//overlay?ref=v1")
        self.agent.reconcile()
        self.assertTrue(stranger.requests(self.other.name))
        for request in stranger.requests(self.other.name):
            self.assertNotIn("authorization", request)
        self.commit(stranger.url(self.other.name, "https") + "//overlay?ref=v1")
        self.fails("certificate")

    def test_a_base_by_ssh(self):
        ssh = SshServer(self.lab.folder / "git", self.lab.folder / f"{self.name}.ssh")
        self.addCleanup(ssh.stop)
        self.commit(f"{ssh.url(self.other.name)}//overlay?ref=v1")
        self.make_agent().start()
        self.fails("sshKnownHosts", value=None)
        self.start_over()
        self.make_agent(ssh.url(self.name), authentication=ssh.authentication()).start()
        self.converges("v")
        self.assertEqual(self.value("b"), "v")


if __name__ == "__main__":
    unittest.main()
