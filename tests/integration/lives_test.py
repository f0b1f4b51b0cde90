# SPDX-License-Identifier: Apache-2.0
"""The agent's process under a service manager: it waits for what is missing, takes a changed
configuration, and ends with a code that says whether starting it again can help."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from lab.lab import Lab
from lab.process import wait_until

CONFIG_MAP = ("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n  namespace: default\n"
              "data:\n  k: v\n")


class NotifySocket:
    """What systemd would be told (sd_notify(3))."""

    def __init__(self, folder):
        self.path = str(pathlib.Path(folder) / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.setblocking(False)
        self.messages = []

    def read(self):
        with contextlib.suppress(BlockingIOError):
            while True:
                self.messages += self.socket.recv(65536).decode().splitlines()
        return self.messages

    def status(self):
        """The last STATUS=."""
        told = [message[len("STATUS="):] for message in self.read()
                if message.startswith("STATUS=")]
        return told[-1] if told else ""

    def close(self):
        self.socket.close()


class Lives(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lab = Lab()
        cls.lab.repository.commit({"a/x.yaml": CONFIG_MAP.format("a"),
                                   "b/x.yaml": CONFIG_MAP.format("b")})

    @classmethod
    def tearDownClass(cls):
        cls.lab.close()

    def setUp(self):
        # A short name: what a socket's path may hold is little.
        self.agent = self.lab.agent(str(len(self.lab.agents)), path="a")
        self.configuration = self.agent.configuration.read_text()
        self.notified = NotifySocket(self.agent.folder)
        self.addCleanup(self.notified.close)
        self.addCleanup(self.agent.stop)

    def start(self, prefix=()):
        """As systemd does: with a notify socket and a watchdog of two seconds."""
        self.agent.start((*prefix, "env", f"NOTIFY_SOCKET={self.notified.path}",
                          "WATCHDOG_USEC=2000000"))

    def wait_for_status(self, *expected):
        wait_until(lambda: all(part in self.notified.status() for part in expected),
                   f"a status with {expected}")

    def test_without_a_configuration_it_is_ready_says_so_and_begins_when_there_is_one(self):
        self.agent.configuration.unlink()
        self.start()
        self.wait_for_status("waiting", "config.yaml", "primocane init")
        self.assertIn("READY=1", self.notified.read())
        status = self.agent.status()
        self.assertEqual(status["state"], "waiting")
        self.assertIn("no such file", status["problems"][0]["message"])
        refused = self.agent.run("reconcile", "--wait")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("waits", refused.stderr)
        self.agent.configuration.write_text("# to be written\n")
        self.wait_for_status("waiting", "says nothing")
        self.agent.configuration.write_text(self.configuration)
        self.wait_for_status("ready", "1 of 1 objects as Git says")

    def test_a_configuration_that_is_wrong_at_first_is_waited_out(self):
        self.agent.configuration.unlink()
        self.start()
        self.wait_for_status("waiting")
        self.agent.configuration.write_text("git:\n  url: git.example.org/home\n")
        self.wait_for_status("waiting", "config.yaml:2", "git.url")
        self.agent.configuration.write_text(self.configuration)
        self.wait_for_status("ready")

    def test_the_watchdog_is_fed_while_it_waits_and_while_it_runs(self):
        self.agent.configuration.unlink()
        self.start()
        wait_until(lambda: self.notified.read().count("WATCHDOG=1") >= 3, "the watchdog's food")
        self.agent.configuration.write_text(self.configuration)
        self.wait_for_status("ready")
        self.notified.messages.clear()
        wait_until(lambda: self.notified.read().count("WATCHDOG=1") >= 3, "the watchdog's food")

    def test_a_changed_configuration_is_taken_and_a_wrong_one_is_not(self):
        self.start()
        self.wait_for_status("ready")
        pid = self.agent.process.pid
        self.agent.configuration.write_text("git: {urll: x}\n")
        os.kill(pid, signal.SIGHUP)
        wait_until(lambda: "not taken, the former stays in force" in self.agent.log(),
                   "the refusal")
        self.assertIn("config.yaml:1", self.agent.log())
        self.agent.reconcile()
        self.agent.configuration.write_text(self.configuration)
        self.agent.configure({"git": {"path": "b"}})
        os.kill(pid, signal.SIGHUP)
        wait_until(lambda: self.lab.cluster.get("configmap", "b") is not None, "what b holds")
        self.assertIsNone(self.agent.process.poll())

    def waiter_in_a_pass_that_stalls(self):
        """A started agent, in a pass that somebody waits for and that Git does not answer."""
        self.start()
        self.wait_for_status("ready")
        self.addCleanup(self.lab.git.fail_with)
        self.lab.git.fail_with({"kind": "stall"})
        # Those of the first pass: what comes from here on, comes of the waiter's.
        self.lab.git.forget_requests()
        waiter = subprocess.Popen(self.agent.command("reconcile", "--wait"),
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_until(lambda: self.lab.git.requests(), "the waiter's pass")
        return waiter

    def test_who_waits_for_a_pass_is_told_when_the_agent_begins_anew(self):
        waiter = self.waiter_in_a_pass_that_stalls()
        self.agent.configure({"git": {"interval": "30s"}})
        self.agent.process.send_signal(signal.SIGHUP)
        output = waiter.communicate(timeout=60)
        self.assertEqual(waiter.returncode, 1, output)

    def test_who_waits_for_a_pass_is_told_when_the_agent_ends(self):
        waiter = self.waiter_in_a_pass_that_stalls()
        self.agent.process.terminate()
        output = waiter.communicate(timeout=60)
        self.assertEqual(waiter.returncode, 1, output)
        self.assertEqual(self.agent.process.wait(timeout=60), 0, self.agent.log())

    def test_a_wrong_configuration_at_the_start_ends_it_with_78(self):
        self.agent.configuration.write_text("git:\n  urll: https://git.example.org/x\n")
        ended = self.agent.run("agent")
        self.assertEqual(ended.returncode, 78, ended.stderr)
        for part in ("config.yaml:2", "urll", "did you mean"):
            self.assertIn(part, ended.stderr)

    def test_a_kernel_that_is_too_old_ends_it_with_69(self):
        command = ["setarch", "--uname-2.6", *self.agent.command("agent")]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual(ended.returncode, 69, ended.stderr)
        self.assertIn("Linux 2.6", ended.stderr)
        self.assertIn("or newer", ended.stderr)

    def test_a_second_agent_on_the_same_node_ends_with_75_and_the_first_goes_on(self):
        self.start()
        self.wait_for_status("ready")
        second = self.agent.run("agent")
        self.assertEqual(second.returncode, 75, second.stderr)
        self.agent.reconcile()

    def test_a_disk_that_takes_no_writes_is_waited_for(self):
        self.start(("strace", "-D", "-qq", "-f", "-o", "/dev/null", "-e",
                    "inject=mkdir:error=EROFS:when=1..2"))
        self.wait_for_status("ready")
        told = [message for message in self.notified.messages if message.startswith("STATUS=")]
        self.assertIn("waiting: ", told[0])
        self.assertIn("Read-only file system", told[0])

    def test_a_token_that_everybody_may_read_is_refused_until_that_is_mended(self):
        token = self.agent.folder / "token"
        token.write_text("hunter2\n")
        token.chmod(0o644)
        self.agent.configure({"git": {"authentication": {"tokenFile": "token"}}})
        self.start()
        self.wait_for_status("failing", "can be read by everybody (mode 0644)", "chmod 600")
        checked = self.agent.run("check-config")
        self.assertEqual(checked.returncode, 78)
        self.assertIn("git.authentication.tokenFile", checked.stderr)
        token.chmod(0o600)
        self.agent.reconcile()

    def test_an_empty_token_is_told(self):
        token = self.agent.folder / "token"
        token.touch(0o600)
        self.agent.configure({"git": {"authentication": {"tokenFile": "token"}}})
        self.start()
        self.wait_for_status("failing", "token is empty")

    def test_a_kubeconfig_that_points_nowhere_is_told_and_waited_for(self):
        self.agent.configure({"cluster": {"kubeconfig": str(self.agent.folder / "nowhere.yaml")}})
        self.start()
        self.wait_for_status("failing", "cluster.kubeconfig", "nowhere.yaml")
        (self.agent.folder / "nowhere.yaml").write_bytes(self.lab.cluster.kubeconfig.read_bytes())
        self.wait_for_status("ready")


if __name__ == "__main__":
    unittest.main()
