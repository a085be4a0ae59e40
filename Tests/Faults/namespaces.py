"""Machines of their own: network namespaces on one bridge, all made here and gone when the tests are.

The tests' process takes a mount namespace of its own first, so whatever is mounted here (the names of network namespaces,
a small disk) is seen by nobody else and ends with it, however it ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

NAMES = Path("/run/netns")
CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: int) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")


def command(*words: object) -> str:
    """Runs a command that must end well; gives what it printed."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, words))}: {done.stdout}{done.stderr}"
    return done.stdout


def take_own_mounts() -> None:
    """Gives this process, and the threads and programs it starts later, a view of mounts that nobody else shares."""
    assert os.geteuid() == 0, "needs root: it makes network namespaces"
    _call("unshare", CLONE_NEWNS)
    command("mount", "--make-rprivate", "/")
    NAMES.mkdir(parents=True, exist_ok=True)
    command("mount", "-t", "tmpfs", "-o", "size=64k", "names", NAMES)


class Lan:
    """One machine for each name, with an address 10.97.0.N, all on one bridge."""

    def __init__(self, machines: list[str]):
        self.machines = machines
        self._prefix = f"faults{os.getpid()}"
        self._home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        self._open: dict[str, int] = {}
        self._switch = f"{self._prefix}-switch"

    def address(self, machine: str) -> str:
        return f"10.97.0.{self.machines.index(machine) + 1}"

    def name(self, machine: str) -> str:
        return f"{self._prefix}-{machine}"

    def make(self) -> None:
        command("ip", "netns", "add", self._switch)
        self.run(self._switch, "ip", "link", "add", "bridge", "type", "bridge")
        self.run(self._switch, "ip", "link", "set", "bridge", "up")
        for machine in self.machines:
            name = self.name(machine)
            command("ip", "netns", "add", name)
            port = self._port(machine)
            self.run(self._switch, "ip", "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", name)
            self.run(self._switch, "ip", "link", "set", port, "master", "bridge", "up")
            self.run(name, "ip", "link", "set", "lo", "up")
            self.run(name, "ip", "address", "add", f"{self.address(machine)}/24", "dev", "eth0")
            self.run(name, "ip", "link", "set", "eth0", "up")
            self._open[machine] = os.open(NAMES / name, os.O_RDONLY | os.O_CLOEXEC)

    def remove(self) -> None:
        """Takes everything away; what was not made is passed over."""
        for descriptor in self._open.values():
            os.close(descriptor)
        self._open.clear()
        for name in (*map(self.name, self.machines), self._switch):
            if (NAMES / name).exists():
                subprocess.run(["ip", "netns", "del", name], check=False, timeout=30)

    def run(self, name: str, *words: object) -> str:
        return command("ip", "netns", "exec", name, *words)

    def within(self, machine: str) -> list[str]:
        """The words before a command that is to run on a machine."""
        return ["ip", "netns", "exec", self.name(machine)]

    def cut(self, machine: str) -> None:
        """Pulls the machine's plug."""
        self.run(self._switch, "ip", "link", "set", self._port(machine), "down")

    def join(self, machine: str) -> None:
        self.run(self._switch, "ip", "link", "set", self._port(machine), "up")

    def _port(self, machine: str) -> str:
        return f"port{self.machines.index(machine) + 1}"

    @contextlib.contextmanager
    def _inside(self, machine: str) -> Iterator[None]:
        # Only the calling thread moves, and a socket stays where it was made.
        _call("setns", self._open[machine], CLONE_NEWNET)
        try:
            yield
        finally:
            _call("setns", self._home, CLONE_NEWNET)

    def connect(self, machine: str, port: int, seconds: float) -> socket.socket:
        """A connection to a port that a machine opens for itself only, as from a program on it."""
        with self._inside(machine):
            made = socket.socket()
        made.settimeout(seconds)
        try:
            made.connect(("127.0.0.1", port))
        except OSError:
            made.close()
            raise
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made
