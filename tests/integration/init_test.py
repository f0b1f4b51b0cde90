# SPDX-License-Identifier: Apache-2.0
"""`primocane init` at a terminal and without one, against real servers: what it asks, what it says
of wrong answers, and what it leaves behind."""

import glob
import json
import os
import pathlib
import pty
import select
import shutil
import stat
import subprocess
import sys
import termios
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from git_case import GitCase, config_map
from lab.git import SshServer
from lab.process import PRIMOCANE, wait_until

SECONDS_MAX = 60
WORK_FOLDERS = "/var/tmp/primocane-init.*"
CONTROL_C = "\x03"
END_OF_INPUT = "\x04"


class Dialogue:
    """primocane at a pseudo-terminal of its own."""

    def __init__(self, arguments):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execv(str(PRIMOCANE), [str(PRIMOCANE), *map(str, arguments)])
        self.text = ""
        self.seen = 0

    def read(self, deadline):
        """Takes what has come; false at the end."""
        if not select.select([self.terminal], [], [], max(0, deadline - time.monotonic()))[0]:
            raise AssertionError(f"silent after:\n{self.text}")
        try:
            piece = os.read(self.terminal, 65536)
        except OSError:  # EIO: the other side has closed
            piece = b""
        self.text += piece.decode(errors="replace").replace("\r\n", "\n")
        return piece != b""

    def expect(self, part):
        """Waits until `part` has come, after what was expected before."""
        deadline = time.monotonic() + SECONDS_MAX
        while part not in self.text[self.seen:]:
            if not self.read(deadline):
                raise AssertionError(f"ended without {part!r}:\n{self.text}")
        self.seen = self.text.index(part, self.seen) + len(part)

    def says(self):
        """Whether what is typed is shown."""
        return bool(termios.tcgetattr(self.terminal)[3] & termios.ECHO)

    def type(self, text):
        os.write(self.terminal, text.encode())

    def answer(self, question, line=""):
        """Answers a question when it is asked."""
        self.expect(question)
        self.expect(": ")
        self.type(line + "\n")

    def end(self):
        """Waits for the end; the exit code."""
        deadline = time.monotonic() + SECONDS_MAX
        while self.read(deadline):
            pass
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class InitTest(GitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ssh = SshServer(cls.lab.folder / "git", cls.lab.folder / "init-ssh")
        cls.addClassCleanup(cls.ssh.stop)

    def setUp(self):
        super().setUp()
        self.repository.commit({"clusters/home/a.yaml": config_map("a"),
                                "clusters/home/b.yaml": config_map("b"), "notes.txt": "n",
                                "empty/notes.txt": "n", "broken/a.yaml": "a: [\n"})
        self.make_agent()
        self.agent.configuration.unlink()
        self.credentials = self.agent.folder / "credentials"
        self.addCleanup(lambda: self.assertEqual(glob.glob(WORK_FOLDERS), []))

    def init(self, *arguments):
        return Dialogue(self.agent.command("init", *arguments)[1:])

    def without_terminal(self, *arguments):
        return subprocess.run(self.agent.command("init", *arguments), capture_output=True,
                              text=True, timeout=SECONDS_MAX, stdin=subprocess.DEVNULL)

    def leaves_nothing(self):
        self.assertEqual([path.name for path in self.agent.folder.iterdir()
                          if path.name != "log"], [])

    def finish(self, dialogue, path="clusters/home"):
        """Answers what comes after the credentials, and confirms."""
        dialogue.answer("Branch [main]")
        dialogue.answer("Folder in the repository [.]", path)
        dialogue.expect("it renders to 2 objects")
        dialogue.answer("Kubeconfig", str(self.cluster.kubeconfig))
        dialogue.answer("Write it?")
        self.assertEqual(dialogue.end(), 0, dialogue.text)
        self.assertIn(f"Written: {self.agent.configuration}", dialogue.text)

    def works(self, *secrets):
        """Expects that the configuration is accepted, private, and can be used."""
        self.assertEqual(stat.S_IMODE(self.agent.configuration.stat().st_mode), 0o600)
        for secret in secrets:
            self.assertNotIn(secret, self.agent.configuration.read_text())
        self.agent.run("check-config", check=True)
        plan = self.agent.run("plan")
        self.assertEqual(plan.returncode, 2, plan.stdout + plan.stderr)
        self.assertIn("default/a", plan.stdout)

    def has_secret(self, name, text):
        path = self.credentials / name
        self.assertEqual(path.read_text(), text + "\n")
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.credentials.stat().st_mode), 0o700)

    def test_a_public_repository(self):
        dialogue = self.init()
        dialogue.answer("URL of the Git repository", self.git.url(self.name))
        dialogue.answer("[none]")
        dialogue.expect("shows the repository to everybody")
        dialogue.answer("How to sign in")
        self.finish(dialogue)
        self.works()
        self.assertEqual({path.name for path in self.agent.folder.iterdir()} - {"log"},
                         {"config.yaml", "state"})

    def test_wrong_answers_are_said_at_once(self):
        dialogue = self.init()
        dialogue.answer("URL of the Git repository", "git.example.org/home")
        dialogue.expect("wrong: is no URL")
        dialogue.answer("URL of the Git repository", "http://127.0.0.1:1/home.git")
        dialogue.answer("[none]")
        dialogue.expect("cannot connect")
        dialogue.answer("Keep it nevertheless?", "no")
        dialogue.answer("URL of the Git repository [http://127.0.0.1:1/home.git]",
                        self.git.url("nowhere"))
        dialogue.answer("[none]")
        dialogue.expect("there is no such repository")
        dialogue.answer("How to sign in", "none")
        dialogue.expect("there is no such repository")
        dialogue.answer("Keep it nevertheless?", "no")
        dialogue.answer("How to sign in", "zzz")
        dialogue.expect("wrong: is one of none")
        dialogue.type(CONTROL_C)
        self.assertEqual(dialogue.end(), 1)
        self.leaves_nothing()

        dialogue = self.init("--url", self.git.url(self.name))
        dialogue.answer("[none]")
        dialogue.answer("How to sign in")
        dialogue.answer("Branch [main]", "a..b")
        dialogue.expect('"a..b" is no name of a branch')
        dialogue.answer("Branch [main]", "mian")
        dialogue.expect("has no")
        dialogue.answer("Keep it nevertheless?")
        dialogue.answer("Branch [mian]", "main")
        dialogue.expect("branch main is at commit")
        dialogue.answer("Folder in the repository [.]", "clusters/hom")
        dialogue.expect('there is no folder "clusters/hom"')
        dialogue.answer("Keep it nevertheless?")
        dialogue.answer("Folder in the repository", "empty")
        dialogue.expect("nothing in this folder is an object")
        dialogue.answer("Keep it nevertheless?")
        dialogue.answer("Folder in the repository", "broken")
        dialogue.expect("broken/a.yaml")
        dialogue.answer("Keep it nevertheless?")
        dialogue.answer("Folder in the repository", "clusters/home")
        dialogue.expect("it renders to 2 objects")
        dialogue.answer("Kubeconfig", "/nonexistent/kubeconfig")
        dialogue.expect("the agent waits for it")
        dialogue.answer("Write it?", "no")
        self.assertEqual(dialogue.end(), 1)
        self.leaves_nothing()

    def test_a_typed_token_is_never_shown(self):
        self.git.accept_only(token="right-word")
        dialogue = self.init("--ca-file", self.git.addresses["ca"])
        dialogue.answer("URL of the Git repository", self.git.url(self.name, "https"))
        dialogue.expect("does not accept our credentials")
        dialogue.answer("How to sign in", "token")
        dialogue.answer("File with the bearer token")
        for word in ("wrong-word", "right-word"):
            dialogue.expect("Bearer token (it is not shown): ")
            self.assertFalse(dialogue.says())
            dialogue.type(word + "\n")
            if word == "wrong-word":
                dialogue.expect("wrong: ")
                dialogue.expect("does not accept our credentials")
                dialogue.answer("Keep it nevertheless?")
                dialogue.answer("How to sign in")
                dialogue.answer("File with the bearer token")
        dialogue.expect("the server shows the repository")
        self.assertTrue(dialogue.says())
        self.finish(dialogue)
        self.assertNotIn("-word", dialogue.text)
        self.has_secret("git-token", "right-word")
        self.works("right-word")

    def test_a_private_ca_and_a_typed_password(self):
        self.git.accept_only(basic="alice:right-word")
        dialogue = self.init()
        dialogue.answer("URL of the Git repository", self.git.url(self.name, "https"))
        dialogue.answer("[none]")
        dialogue.expect("certificate does not hold")
        dialogue.answer("Keep it nevertheless?")
        dialogue.answer("URL of the Git repository")
        dialogue.answer("[none]", self.git.addresses["ca"])
        dialogue.answer("How to sign in", "password")
        dialogue.answer("User name", "alice")
        dialogue.answer("File with the password")
        dialogue.answer("Password or access token", "right-word")
        self.finish(dialogue)
        self.assertNotIn("right-word", dialogue.text)
        self.has_secret("git-password", "right-word")
        self.works("right-word")

    def test_ssh_with_keys_that_the_server_shows(self):
        stranger = self.lab.folder / f"{self.name}.stranger"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", stranger], check=True)
        public = pathlib.Path(self.ssh.address["known_hosts"]).read_text().split()[1:3]
        shown = subprocess.run(["ssh-keygen", "-lf", "-"], input=" ".join(public), text=True,
                               capture_output=True, check=True).stdout.split()[1]
        dialogue = self.init()
        dialogue.answer("URL of the Git repository", self.ssh.url(self.name))
        dialogue.answer("host keys")
        dialogue.expect(shown)
        dialogue.answer("Are they those that its operator publishes?", "yes")
        dialogue.answer("File with the private key", str(stranger))
        dialogue.expect("Permission denied")
        dialogue.answer("Keep it nevertheless?")
        dialogue.answer("File with the private key", self.ssh.address["key"])
        dialogue.expect("the server shows the repository")
        self.finish(dialogue)
        self.assertIn(public[1], (self.credentials / "known_hosts").read_text())
        self.works()

    def test_host_keys_that_are_not_confirmed_are_not_taken(self):
        dialogue = self.init("--url", self.ssh.url(self.name))
        dialogue.answer("host keys")
        dialogue.answer("Are they those that its operator publishes?")
        dialogue.expect("host keys")
        dialogue.type(END_OF_INPUT)
        self.assertEqual(dialogue.end(), 1)
        self.leaves_nothing()

    def test_who_leaves_while_the_server_is_asked_leaves_nothing(self):
        self.git.fail_with({"kind": "stall"})
        dialogue = self.init("--url", self.git.url(self.name))
        dialogue.answer("[none]")
        wait_until(lambda: glob.glob(WORK_FOLDERS), "the first test of the server")
        dialogue.type(CONTROL_C)
        self.assertEqual(dialogue.end(), 1)
        self.assertIn("nothing was written", dialogue.text)
        self.leaves_nothing()

    def test_who_leaves_at_a_secret_gets_a_terminal_that_shows_what_is_typed(self):
        dialogue = self.init("--url", self.git.url(self.name), "--offline")
        dialogue.answer("[none]")
        dialogue.answer("How to sign in", "token")
        dialogue.answer("File with the bearer token")
        dialogue.expect("Bearer token (it is not shown): ")
        self.assertFalse(dialogue.says())
        dialogue.type(CONTROL_C)
        os.waitpid(dialogue.pid, 0)
        self.assertTrue(dialogue.says())
        os.close(dialogue.terminal)
        self.leaves_nothing()

    def test_a_configuration_is_replaced_only_by_force(self):
        arguments = ("--yes", "--url", self.git.url(self.name), "--path", "clusters/home",
                     "--kubeconfig", str(self.cluster.kubeconfig))
        self.agent.configuration.write_text("git: {url: 'https://old.example.org/x'}\n")
        done = self.without_terminal(*arguments)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--force", done.stderr)
        self.assertIn("old.example.org", self.agent.configuration.read_text())
        done = self.without_terminal("--force", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        backup = self.agent.configuration.with_name("config.yaml.bak")
        self.assertIn("old.example.org", backup.read_text())
        self.assertEqual(stat.S_IMODE(backup.stat().st_mode), 0o600)
        self.works()

    def test_without_a_terminal(self):
        url = self.git.url(self.name)
        for arguments, expected in ((("--url", url), "--yes"), ((), "--url is missing"),
                                    (("--yes",), "--yes needs --url"),
                                    (("--yes", "--url", "nowhere"), "is no URL"),
                                    (("--yes", "--url", self.ssh.url(self.name)),
                                     "--yes needs --ssh-known-hosts")):
            with self.subTest(arguments):
                done = self.without_terminal(*arguments)
                self.assertEqual(done.returncode, 64, done.stderr)
                self.assertIn(expected, done.stderr)
        for arguments, expected in ((("--branch", "mian"), "mian"),
                                    (("--path", "nowhere"), "nowhere"),
                                    (("--token-file", "/nonexistent/token"), "/nonexistent"),
                                    (("--ssh-key", "/key"), "--ssh-key")):
            with self.subTest(arguments):
                done = self.without_terminal("--yes", "--url", url, *arguments)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(expected, done.stderr)
        self.leaves_nothing()

    def test_options_for_each_way_to_sign_in(self):
        self.git.accept_only(token="right-word")
        ssh = self.ssh.address
        for url, arguments in (
                (self.git.url(self.name), ("--token-file", self.secret_file("right-word"))),
                (self.ssh.url(self.name), ("--ssh-key", ssh["key"], "--ssh-known-hosts",
                                           ssh["known_hosts"]))):
            with self.subTest(url):
                done = self.without_terminal("--yes", "--url", url, *arguments, "--path",
                                             "clusters/home", "--kubeconfig",
                                             str(self.cluster.kubeconfig))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.works("right-word")
                self.agent.configuration.unlink()
                shutil.rmtree(self.agent.state)

    def test_a_secret_that_others_can_read_is_refused(self):
        path = pathlib.Path(self.secret_file("right-word"))
        path.chmod(0o644)
        done = self.without_terminal("--yes", "--url", self.git.url(self.name), "--token-file", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("chmod 600", done.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "needs to become another user")
    def test_somebody_who_may_not_write_it_is_told_before_the_first_question(self):
        done = subprocess.run(["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
                               PRIMOCANE, "--config", "/etc/primocane-test/config.yaml", "init",
                               "--yes", "--offline", "--url", self.git.url(self.name)],
                              capture_output=True, text=True, timeout=SECONDS_MAX)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("sudo primocane init", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_offline(self):
        done = self.without_terminal("--yes", "--offline", "--url", "http://127.0.0.1:1/x.git")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("--offline", done.stdout)
        config = json.loads(self.agent.run("check-config", "-o", "json", check=True).stdout)
        self.assertEqual(config["config"]["git"]["url"], "http://127.0.0.1:1/x.git")


if __name__ == "__main__":
    unittest.main()
