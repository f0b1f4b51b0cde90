# SPDX-License-Identifier: Apache-2.0
"""Commits of the configured repository that have to be signed (git.verify.keys)."""

import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.lab import Lab
from lab.manifests import config_map
from lab.process import wait_until


class SignedTest(unittest.TestCase):
    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.keys = self.lab.repository.bare.parent / "keys"
        self.keys.mkdir()

    def key(self, name):
        path = self.keys / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)],
                       check=True)
        return path

    def sign_with(self, key):
        """Has what is committed from now on signed by `key`, or not at all."""
        run = self.lab.repository.run
        run("config", "gpg.format", "ssh")
        run("config", "commit.gpgsign", "true" if key else "false")
        if key:
            run("config", "user.signingkey", key)

    def value(self):
        found = self.lab.cluster.get("configmap", "a")
        return found and found["data"]["k"]

    def test_only_what_one_of_the_keys_has_signed_is_applied(self):
        ours, strange = self.key("ours"), self.key("strange")
        self.sign_with(ours)
        self.lab.repository.commit({"a.yaml": config_map("a", "one")})
        agent = self.lab.agent(settings={"git": {"verify": {"keys": f"{ours}.pub"}}})
        agent.start()
        agent.reconcile()
        self.assertEqual(self.value(), "one")
        for key, value in ((None, "two"), (strange, "three")):
            self.sign_with(key)
            commit = self.lab.repository.commit({"a.yaml": config_map("a", value)})
            report = json.dumps(agent.reconcile(check=False))
            self.assertIn(f"the signature of commit {commit}", report)
            self.assertEqual(self.value(), "one")
        agent.stop()
        agent.start()
        agent.reconcile(check=False)
        self.assertEqual(self.value(), "one")
        self.sign_with(ours)
        self.lab.repository.commit({"a.yaml": config_map("a", "four")})
        agent.reconcile()
        self.assertEqual(self.value(), "four")

    def test_an_agent_without_the_keys_applies_nothing_and_says_why(self):
        self.lab.repository.commit({"a.yaml": config_map("a", "one")})
        none = self.keys / "none"
        none.write_text("no key\n")
        for name, path, words in (("odd", none, "line 1 is no SSH public key"),
                                  ("missing", self.keys / "missing", str(self.keys / "missing"))):
            agent = self.lab.agent(name, settings={"git": {"verify": {"keys": str(path)}}})
            agent.start(wait=False)
            wait_until(lambda: "git.verify.keys: " in agent.log(), "the reason")
            self.assertIn(words, agent.log())
            agent.stop()
        self.assertIsNone(self.value())


if __name__ == "__main__":
    unittest.main()
