# SPDX-License-Identifier: Apache-2.0
"""The primocane agent as a process, and its command line."""

import json
import os
import pathlib
import signal
import subprocess

from .process import PRIMOCANE, wait_until


class Agent:
    """One agent with its folders below `folder`; not started yet."""

    def __init__(self, folder, url, kubeconfig, path=".", settings=None):
        self.folder = pathlib.Path(folder)
        self.state = self.folder / "state"
        self.runtime = self.folder / "run"
        self.folder.mkdir(parents=True, exist_ok=True)  # the others are primocane's to make
        self.configuration = self.folder / "config.yaml"
        self.log_path = self.folder / "log"
        self.process = None
        self.values = {"git": {"url": url, "path": path, "interval": "60s"},
                       "cluster": {"kubeconfig": str(kubeconfig)}}
        self.configure(settings or {})

    def configure(self, settings):
        """Changes the configuration; an agent that runs has to be started again."""
        for section, values in settings.items():
            self.values.setdefault(section, {}).update(values)
        self.configuration.write_text(json.dumps(self.values, indent=2))  # JSON is YAML

    def command(self, *arguments, binary=PRIMOCANE):
        return [str(binary), "--config", str(self.configuration), "--state-dir", str(self.state),
                "--runtime-dir", str(self.runtime), *map(str, arguments)]

    def start(self, prefix=(), wait=True):
        """Starts the agent; with `wait` returns once its control socket answers."""
        environment = {key: value for key, value in os.environ.items()
                       if key not in ("JOURNAL_STREAM", "NOTIFY_SOCKET")}
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen([*prefix, *self.command("agent")], stderr=log,
                                            stdin=subprocess.DEVNULL, stdout=log, env=environment)
        if wait:
            wait_until(lambda: self.has_ended() or (self.runtime / "control").exists(),
                       "the agent's control socket")
            if self.has_ended():
                raise RuntimeError(f"the agent ended:\n{self.log()}")
        return self

    def has_ended(self):
        return self.process is None or self.process.poll() is not None

    def stop(self):
        if not self.has_ended():
            self.process.terminate()
            self.process.wait(timeout=15)

    def kill(self):
        if not self.has_ended():
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(timeout=15)
        (self.runtime / "control").unlink(missing_ok=True)

    def run(self, *arguments, check=False):
        """Runs a command of primocane's; returns the finished process with text."""
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=300)
        if check and done.returncode != 0:
            raise RuntimeError(f"primocane {' '.join(arguments)} ended with {done.returncode}:\n"
                               f"{done.stdout}{done.stderr}\n{self.log()[-3000:]}")
        return done

    def reconcile(self, *arguments, check=True):
        """Asks for a pass and waits for its end; returns its report."""
        done = self.run("reconcile", "--wait", "-o", "json", *arguments)
        if check and done.returncode != 0:
            raise RuntimeError(f"reconcile ended with {done.returncode}: {done.stdout}"
                               f"{done.stderr}\n{self.log()[-3000:]}")
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def status(self):
        return json.loads(self.run("status", "-o", "json").stdout)

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""
