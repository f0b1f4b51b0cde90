# SPDX-License-Identifier: Apache-2.0
"""A configuration that is wrong: the service says what and where, and waits where that can help."""

import unittest

from node_case import CONFIGURATION, HOST, TOKEN, NodeCase, config_maps

EXIT_CONFIGURATION = "78"


class ConfigurationTest(NodeCase):

    def test_what_no_waiting_can_help_ends_the_agent_and_is_told(self):
        self.write_kubeconfig()
        url = self.git.url(scheme="https").replace("127.0.0.1", HOST)
        wrong = {
            "a syntax error": ('git: {url: "' + url + '"\ncluster:\n', ("config.yaml:",)),
            "an unknown key": (f"git:\n  url: {url}\n  brunch: main\n", ("config.yaml:3", "brunch")),
            "a URL without a scheme": ("git:\n  url: git.example.org/home.git\n",
                                       ("config.yaml:2", "url")),
        }
        for what, (text, words) in wrong.items():
            with self.subTest(what):
                self.mark_journal()
                self.node.write(CONFIGURATION, text)
                self.node.run("systemctl restart primocane", check=False)
                self.node.wait_for("systemctl is-failed primocane", "the service has ended")
                self.assertEqual(self.unit("ExecMainStatus", "NRestarts"),
                                 (EXIT_CONFIGURATION, "0"))
                status = self.node.run("systemctl status --no-pager -l primocane", check=False).output
                for word in words:
                    self.assertIn(word, self.journal("-o", "cat"))
                    self.assertIn(word, status)
                self.node.run("systemctl reset-failed primocane")

    def test_what_may_be_mended_elsewhere_is_waited_for(self):
        commit = self.repository.commit({f"home/{path}": text
                                         for path, text in config_maps(3).items()})
        self.node.write(TOKEN, "", mode=0o600)
        url = self.git.url(scheme="https").replace("127.0.0.1", HOST)
        wrong = {
            "a folder that isn't in Git": ({"git": {"path": "hone"}}, ("hone",)),
            "a token file that is empty":
                ({"git": {"path": "home", "authentication": {"tokenFile": TOKEN}}},
                 (TOKEN, "empty")),
            "a kubeconfig that isn't there":
                ({"git": {"path": "home"}, "cluster": {"kubeconfig": "/etc/nowhere.yaml"}},
                 ("/etc/nowhere.yaml",)),
            "a server that isn't there":
                ({"git": {"path": "home", "url": url.replace(HOST, "10.0.2.77")}}, ("10.0.2.77",)),
        }
        for what, (sections, words) in wrong.items():
            with self.subTest(what):
                self.write_kubeconfig()
                self.write_configuration(**sections)
                self.start_agent()
                self.wait_status(lambda status: all(
                    any(word in problem["message"] for problem in status["problems"])
                    for word in words), f"the status tells of {words}")
                self.node.wait_for("systemctl show primocane -P StatusText | grep -F "
                                   f"'{words[0]}'", "the service's status tells it too")
                self.assertEqual(self.unit("ActiveState", "NRestarts"), ("active", "0"))
        self.write_configuration(git={"path": "home"})
        self.start_agent()
        self.wait_applied(commit)

    def test_a_credential_of_systemd_signs_in(self):
        self.git.accept_only(token="secret-words")
        self.addCleanup(self.git.accept_only)
        self.node.write("/etc/primocane/credentials/git-token", "secret-words\n", mode=0o600)
        self.addCleanup(self.node.run, "rm -f /etc/primocane/credentials/git-token")
        self.deploy(config_maps(1), git={"authentication": {"tokenFile": "credential:git-token"}})
        self.assertNotIn("secret-words", self.journal("-o", "json"))

    def test_a_token_that_everybody_may_read_is_told(self):
        self.repository.commit(config_maps(1))
        self.node.write(TOKEN, "secret-words\n", mode=0o644)
        self.git.accept_only(token="secret-words")
        self.configure(git={"authentication": {"tokenFile": TOKEN}})
        self.start_agent()
        self.wait_journal((TOKEN, "read"))
        self.assertNotIn("secret-words", self.journal("-o", "json"))

    def test_a_second_agent_on_the_same_node(self):
        commit = self.deploy(config_maps(1))
        pid = self.unit("MainPID")
        second = self.node.run("primocane agent", check=False)
        self.assertEqual(second.code, 75)
        self.assertIn("only one may run", second.errors)
        self.wait_applied(commit)
        self.assertEqual(self.unit("MainPID", "NRestarts"), (pid, "0"))


if __name__ == "__main__":
    unittest.main()
