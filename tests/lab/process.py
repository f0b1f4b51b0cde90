# SPDX-License-Identifier: Apache-2.0
"""Server processes that end with this one, and waiting with a limit."""

import os
import pathlib
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVERS = pathlib.Path(os.environ.get("PRIMOCANE_SERVERS", ROOT / "build" / "servers"))
PRIMOCANE = pathlib.Path(os.environ.get("PRIMOCANE", ROOT / "build" / "primocane"))


class Server:
    """A server that prints a line when it is ready and stops when its standard input closes."""

    def __init__(self, arguments, log):
        self.log_path = pathlib.Path(log)
        self.log = self.log_path.open("ab")
        self.process = subprocess.Popen([str(a) for a in arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.log)

    def read_until(self, is_ready, seconds=120):
        """The first line of output for which is_ready holds."""
        deadline = time.monotonic() + seconds
        for line in self.process.stdout:
            text = line.decode().strip()
            if is_ready(text):
                return text
            if time.monotonic() > deadline:
                break
        self.stop()
        raise RuntimeError(f"{self.process.args[0]} did not get ready; see {self.log_path}:\n"
                           + self.log_path.read_text(errors="replace")[-2000:])

    def stop(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        self.log.close()


def wait_until(condition, what, seconds=30, pause=0.05):
    """Returns what condition() returns as soon as that is true; fails with `what` after a while."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s in vain: {what}")
        time.sleep(pause)
