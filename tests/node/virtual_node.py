# SPDX-License-Identifier: Apache-2.0
"""A virtual node: arm64 QEMU with Debian, driven over the guest agent, without a network of its own.

The host's loopback is HOST for it. Its disk is an overlay, so a fresh card costs a moment. The
machine dies with the Python process that booted it.
"""

import base64
import ctypes
import dataclasses
import json
import pathlib
import shlex
import signal
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from lab.process import ROOT, wait_until  # noqa: E402

HOST = "10.0.2.2"
LOGS = ROOT / "build" / "logs" / "node"
# A quiet machine boots in half a minute; one that does something else too has taken minutes.
BOOT_SECONDS = 420
COMMAND_LINE = ("console=ttyAMA0 root=/dev/nvme0n1 rootfstype=ext4 fsck.repair=yes rootwait panic=-1 "
                "quiet systemd.show_status=0 nokaslr mitigations=off")
ENVIRONMENT = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=/root"]
# What one call of the agent carries; it keeps nothing between calls but open files.
PIECE_BYTES = 1 << 20


class NodeError(Exception):
    """A command in the node failed, or the node itself; the message has what was printed."""


@dataclasses.dataclass(frozen=True)
class Done:
    """A command that has ended in the node."""

    code: int
    output: str
    errors: str


def base_image():
    """The folder of the base image, which is made now if it isn't there."""
    done = subprocess.run([str(HERE / "image")], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise NodeError("the base image could not be made")
    return pathlib.Path(done.stdout.strip())


def _die_with_parent():
    # Not by a signal handler: the machine has to go however the tests end.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Disk:
    """A disk over another one, which stays as it is."""

    def __init__(self, path, backing, gib=4):
        self.path = pathlib.Path(path)
        kind = "qcow2" if backing.suffix == ".qcow2" else "raw"
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", str(backing), "-F", kind,
                        str(self.path), f"{gib}G"], check=True, stdout=subprocess.DEVNULL)


class VirtualNode:
    """A machine with a disk; off until boot()."""

    def __init__(self, name, folder, disk, kernel, memory_mib=1024):
        self.name = name
        self.disk = disk
        self._kernel = kernel
        self._memory_mib = memory_mib
        self._agent_path = pathlib.Path(folder) / f"{name}.agent"
        LOGS.mkdir(parents=True, exist_ok=True)
        self.console = LOGS / f"{name}.console"
        self.console.unlink(missing_ok=True)
        self._machine = None
        self._agent = None
        self._received = b""

    # The machine

    def boot(self, kernel_arguments="", clock=None):
        """Switches it on; `clock` sets the hardware clock ("1970-01-01T00:00:00"). Returns when the
        node has started all its services."""
        self._switch_on(kernel_arguments, clock,
                        ["-chardev", f"file,path={self.console},append=on,id=console"],
                        stdin=subprocess.DEVNULL)
        self.wait_booted()
        return self

    def visit(self):
        """Switches it on with its console in this terminal, and waits until it is off."""
        self._switch_on("", None, ["-chardev", "stdio,id=console,mux=on,signal=off",
                                   "-mon", "chardev=console"], stdin=None, stdout=None)
        self._machine.wait()

    def _switch_on(self, kernel_arguments, clock, console, **streams):
        if self.is_on():
            raise NodeError(f"{self.name} is on already")
        command = [
            "qemu-system-aarch64", "-M", "virt,gic-version=3", "-accel", "tcg,thread=multi,tb-size=512",
            "-cpu", "cortex-a53", "-smp", "2", "-m", str(self._memory_mib), "-nodefaults",
            "-no-user-config", "-display", "none", "-no-reboot", "-kernel", str(self._kernel),
            "-append", f"{COMMAND_LINE} {kernel_arguments}".strip(),
            "-drive", f"file={self.disk.path},if=none,id=disk,cache=writeback",
            "-device", "nvme,serial=disk,drive=disk",
            "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile=",
            "-device", "virtio-rng-pci", "-device", "virtio-serial-pci",
            "-chardev", f"socket,path={self._agent_path},server=on,wait=off,id=agent",
            "-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0",
            *console, "-serial", "chardev:console", "-rtc", f"base={clock or 'utc'}"]
        with (LOGS / f"{self.name}.qemu").open("ab") as errors:
            self._machine = subprocess.Popen(command, preexec_fn=_die_with_parent,
                                             **{"stdout": errors, "stderr": errors} | streams)

    def wait_booted(self):
        deadline = time.monotonic() + BOOT_SECONDS
        while not self._answers():
            self._require_on()
            if time.monotonic() > deadline:
                raise NodeError(f"{self.name} did not boot in {BOOT_SECONDS} s, see {self.console}")
        # Degraded is what a scenario may have made of it; what failed is its own to look at.
        self.run("systemctl is-system-running --wait", seconds=BOOT_SECONDS, check=False)

    def is_on(self):
        return self._machine is not None and self._machine.poll() is None

    def cut_power(self):
        """Nothing in the node gets to do anything any more. What the disk has been given stays."""
        self._machine.kill()
        self._machine.wait()
        self._hang_up()

    def power_off(self):
        """As `systemctl poweroff` does it; returns when it is off."""
        self._leave("poweroff")

    def reboot(self, kernel_arguments="", clock=None):
        self._leave("reboot")
        self.boot(kernel_arguments, clock)

    def _leave(self, verb):
        self.start(f"systemctl {verb}")
        self._hang_up()
        try:
            self._machine.wait(timeout=BOOT_SECONDS)
        except subprocess.TimeoutExpired:
            raise NodeError(f"{self.name} did not {verb}, see {self.console}") from None

    # What happens in it

    def run(self, command, seconds=120, check=True):
        """Runs a shell command as root and waits for its end; fails if it does, unless told not to."""
        pid = self.start(command)
        deadline = time.monotonic() + seconds
        pause = 0.02
        while True:
            answer = self._ask("guest-exec-status", pid=pid)
            if answer["exited"]:
                break
            if time.monotonic() > deadline:
                raise NodeError(f"{self.name}: not done after {seconds} s: {command}")
            time.sleep(pause)
            pause = min(0.5, pause * 1.5)
        texts = [base64.b64decode(answer.get(key, "")).decode(errors="replace")
                 for key in ("out-data", "err-data")]
        done = Done(answer.get("exitcode", 128 + answer.get("signal", 0)), *texts)
        if check and done.code != 0:
            raise NodeError(f"{self.name}: {command}: ended with {done.code}\n"
                            f"{done.output}{done.errors}")
        return done

    def start(self, command):
        """Starts a shell command as root and returns its process id."""
        return self._ask("guest-exec", **{"path": "/bin/sh", "arg": ["-c", command],
                                          "env": ENVIRONMENT, "capture-output": True})["pid"]

    def text(self, command, seconds=120):
        """What a command prints, without the spaces around it."""
        return self.run(command, seconds).output.strip()

    def write(self, path, content, mode=0o644):
        """Writes a file in the node, and its folders; it is on the disk when this returns."""
        data = content if isinstance(content, bytes) else content.encode()
        quoted = shlex.quote(path)
        self.run(f"mkdir -p \"$(dirname {quoted})\" && install -m {mode:o} /dev/null {quoted}")
        handle = self._ask("guest-file-open", path=path, mode="w")
        for begin in range(0, len(data), PIECE_BYTES):
            piece = base64.b64encode(data[begin:begin + PIECE_BYTES]).decode()
            self._ask("guest-file-write", **{"handle": handle, "buf-b64": piece})
        self._ask("guest-file-close", handle=handle)
        self.run(f"sync {quoted}")

    def copy_in(self, source, target):
        self.write(target, pathlib.Path(source).read_bytes())

    def wait_for(self, command, what, seconds=180):
        """Waits until the command succeeds; returns what it prints."""
        def succeeds():
            done = self.run(command, check=False)
            return (done.output.strip() or " ") if done.code == 0 else None
        return wait_until(succeeds, f"{self.name}: {what}", seconds, pause=0.5)

    # The guest agent: a line of JSON each way

    def _answers(self):
        """Whether the agent does, within a moment; drops what it still had to say."""
        token = time.monotonic_ns() % 1_000_000_000
        try:
            self._connect()
            self._agent.settimeout(5)
            self._send({"execute": "guest-sync", "arguments": {"id": token}})
            while self._read_line().get("return") != token:
                pass
        except (OSError, EOFError):
            self._hang_up()
            time.sleep(0.2)  # a machine that has just been switched on has no socket yet
            return False
        return True

    def _connect(self):
        if self._agent is None:
            self._agent = socket.socket(socket.AF_UNIX)
            self._agent.connect(str(self._agent_path))
            self._received = b""

    def _ask(self, command, **arguments):
        self._require_on()
        try:
            self._connect()
            self._agent.settimeout(120)
            self._send({"execute": command, "arguments": arguments})
            answer = self._read_line()
        except (OSError, EOFError) as error:
            self._hang_up()
            raise NodeError(f"{self.name}: the guest agent does not answer: {error}") from error
        if "error" in answer:
            raise NodeError(f"{self.name}: {command}: {answer['error'].get('desc')}")
        return answer["return"]

    def _send(self, request):
        self._agent.sendall(json.dumps(request).encode() + b"\n")

    def _read_line(self):
        while b"\n" not in self._received:
            piece = self._agent.recv(1 << 16)
            if not piece:
                raise EOFError("it has hung up")
            self._received += piece
        line, self._received = self._received.split(b"\n", 1)
        return json.loads(line.lstrip(b"\xff"))

    def _hang_up(self):
        if self._agent is not None:
            self._agent.close()
            self._agent = None

    def _require_on(self):
        if not self.is_on():
            raise NodeError(f"{self.name} is off; see {self.console} and {self.name}.qemu beside it")
