"""A network of five parties as `linlian network init` writes it, each on a machine of its own, as real processes."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from namespaces import Lan, command

ORIGIN = "example.org/faults"
PREFIX = f"/linlian/{ORIGIN}"
KINDS = {
    "jiedao": "subdistrict",
    "juweihui": "residents-committee",
    "yeweihui": "owners-committee",
    "wuye": "property-manager",
    "jianguan": "regulator",
}
PARTIES = list(KINDS)
OBSERVER = "jianguan"
ORDERING = [party for party in PARTIES if party != OBSERVER]
MEMBERS = ["jiedao", "juweihui", "wuye"]
GUESTS = {"yeweihui": ["jiedao", "juweihui"], "jianguan": ["juweihui", "jiedao"]}
FOUNDER = "jiedao"
GROUPS = {"public": (1, ["jiedao", "juweihui"]), "owners": (2, ["yeweihui", "wuye", "jianguan"])}
"""Of every group so many must have cosigned."""
PORT, ETCD_PORT, ETCD_PEER_PORT = 8_080, 23_790, 23_890


def is_quorum(parties: list[str]) -> bool:
    """Whether these parties can make a block final."""
    return all(len(set(members) & set(parties)) >= needed for needed, members in GROUPS.values())


def until(what: str, is_so: Callable[[], object], seconds: float = 30, pause: float = 0.05) -> None:
    """Waits until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain until {what}"
        time.sleep(pause)


def plan(lan: Lan) -> str:
    """The text of parties.yaml."""
    parties, staff = [], []
    for party, kind in KINDS.items():
        more = f", member: false, via: [{', '.join(GUESTS[party])}]" if party in GUESTS else ""
        more += ", observes: true" if party == OBSERVER else ""
        parties.append(f"  - {{id: {party}, name: {party}, kind: {kind}, host: {lan.address(party)}{more}}}")
        staff.append(f"  - {{party: {party}, title: {party}, roles: [delegate, publisher]}}")
    groups = [
        f"  {name}: {{needed: {needed}, members: [{', '.join(members)}]}}" for name, (needed, members) in GROUPS.items()
    ]
    head = [f"origin: {ORIGIN}", "name: Faults", f"founder: {FOUNDER}"]
    return "\n".join([*head, "parties:", *parties, "groups:", *groups, "staff:", *staff, ""])


class Program:
    """A process on a machine, with its output in a file."""

    def __init__(self, lan: Lan, machine: str, words: list[object], folder: Path, log: Path, **environment: str):
        self.log = log
        with log.open("ab") as output:
            # It ends with the tests, however they end. Linux ties that to the thread that starts it: the main one.
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *lan.within(machine), *map(str, words)],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env={**os.environ, **environment},
            )

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)


class Network:
    """The parties' etcd members and nodes."""

    def __init__(self, binary: Path, lan: Lan, folder: Path):
        self.binary = binary
        self.lan = lan
        self.folder = folder / "net"
        self.logs = folder / "logs"
        self.members: dict[str, Program] = {}
        self.nodes: dict[str, Program] = {}
        self.logs.mkdir()
        (folder / "parties.yaml").write_text(plan(lan), encoding="utf-8")
        command(binary, "network", "init", "--parties", folder / "parties.yaml", "--out", self.folder)

    # ------------------------------------------------------------ processes

    def start(self) -> None:
        self.start_members()
        administration = self.folder / FOUNDER / "administration"
        command(*self.lan.within(FOUNDER), "sh", administration / "roles.sh")
        for party in PARTIES:
            self.start_node(party, waits=False)
        for party in PARTIES:
            self.wait_for(party)

    def end(self) -> None:
        for program in (*self.nodes.values(), *self.members.values()):
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                program.kill()

    def put_right(self, parties: list[str]) -> None:
        """Everything runs and is connected; after a test that went wrong it may not be."""
        for party in MEMBERS:
            self.lan.join(party)
            if not self.members[party].is_running:
                self.start_member(party)
        for party in parties:
            self.nodes[party].signal(signal.SIGCONT)
            if not self.nodes[party].is_running:
                self.start_node(party)

    def start_member(self, party: str) -> None:
        self.members[party] = Program(
            self.lan, party, ["etcd", "--config-file", "etcd.conf.yml"], self.folder / party / "etcd",
            self.logs / f"{party}-etcd.log",
        )

    def start_members(self) -> None:
        """Starts all members, and waits until they can decide."""
        for party in MEMBERS:
            self.start_member(party)
        for party in MEMBERS:
            until(f"etcd of {party} is healthy", lambda party=party: self.is_healthy(party))

    def stop_members(self) -> None:
        for party in MEMBERS:
            self.members[party].kill()

    def etcd(self, party: str) -> Path:
        """The folder of a party's member: its data and its configuration."""
        return self.folder / party / "etcd"

    def copy_members(self, target: Path) -> None:
        """Keeps what the members have, data and configuration; they must not run."""
        target.mkdir()
        for party in MEMBERS:
            # etcd keeps room in its files for what is to come: sparse copies of it are quick.
            command("cp", "-a", "--sparse=always", self.etcd(party), target / party)

    def move_members(self, target: Path) -> None:
        """The same, and the members have nothing but their configuration any more."""
        self.copy_members(target)
        for party in MEMBERS:
            shutil.rmtree(self.etcd(party) / "data")

    def put_members(self, source: Path) -> None:
        """The members have what was kept once; they must not run."""
        for party in MEMBERS:
            shutil.rmtree(self.etcd(party))
            command("cp", "-a", "--sparse=always", source / party, self.etcd(party))

    def start_node(self, party: str, *, waits: bool = True, **environment: str) -> None:
        self.nodes[party] = Program(
            self.lan, party, [self.binary, "serve", "--data", "node", "--port", PORT], self.folder / party,
            self.logs / f"{party}-node.log", **environment,
        )
        if waits:
            self.wait_for(party)

    def wait_for(self, party: str) -> None:
        def is_there() -> bool:
            assert self.nodes[party].is_running, f"the node of {party} ended: {self.log(party)[-2000:]}"
            return self.get(party, "/healthz", seconds=3)[0] == 200

        until(f"the node of {party} answers", is_there)

    def log(self, party: str) -> str:
        return self.nodes[party].log.read_text(errors="replace")

    def node(self, party: str) -> Path:
        """The folder of a party's node."""
        return self.folder / party / "node"

    # ------------------------------------------------------------ etcd

    def etcdctl(self, party: str, *words: str, as_root: bool = False, at: str = "") -> subprocess.CompletedProcess[str]:
        """Asks etcd from a party's machine, by its own member or the one that it uses."""
        return subprocess.run(
            [*self.lan.within(party), *self.etcdctl_words(party, as_root=as_root, at=at), *words],
            capture_output=True, text=True, timeout=30, check=False, env={**os.environ, "ETCDCTL_API": "3"},
        )

    def etcdctl_words(self, party: str, *, as_root: bool = False, at: str = "") -> list[str]:
        tls, name = (
            (self.folder / FOUNDER / "administration", "root") if as_root else (self.node(party) / "tls", "etcd")
        )
        host = at or ("127.0.0.1" if party in MEMBERS else self.lan.address(GUESTS[party][0]))
        return [
            *("etcdctl", "--endpoints", f"{host}:{ETCD_PORT}", "--command-timeout", "3s", "--dial-timeout", "2s"),
            *("--cacert", str(tls / "ca.pem"), "--cert", str(tls / f"{name}.pem"), "--key", str(tls / f"{name}.key")),
        ]

    def is_healthy(self, party: str) -> bool:
        return self.etcdctl(party, "endpoint", "health").returncode == 0

    def leader(self) -> str:
        """The party whose member leads."""
        for party in MEMBERS:
            if self.members[party].is_running:
                said = self.etcdctl(party, "endpoint", "status", "-w", "json")
                if said.returncode == 0:
                    status = json.loads(said.stdout)[0]["Status"]
                    if status["leader"] == status["header"]["member_id"]:
                        return party
        raise AssertionError("nobody leads")

    # ------------------------------------------------------------ HTTP

    def connection(self, party: str, seconds: float) -> http.client.HTTPConnection:
        """A connection to the pages of a party's node, made at the first request."""
        lan = self.lan

        class Connection(http.client.HTTPConnection):
            def connect(self) -> None:
                self.sock = lan.connect(party, PORT, seconds)

        return Connection("127.0.0.1", PORT)

    def get(self, party: str, path: str, seconds: float = 10) -> tuple[int, bytes]:
        """Status and body; status 0 where nobody answers."""
        connection = self.connection(party, seconds)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except OSError:
            return 0, b""
        except http.client.HTTPException:
            return 0, b""
        finally:
            connection.close()

    def json(self, party: str, path: str) -> dict:
        status, body = self.get(party, path)
        assert status == 200, f"{party} {path}: {status} {body[:300]!r}"
        return json.loads(body)

    def size(self, party: str) -> int:
        """The size of the log that is final at a party; -1 where it does not answer."""
        status, body = self.get(party, "/checkpoint", seconds=3)
        return int(body.split(b"\n")[1]) if status == 200 else -1

    def wait_for_agreement(self, parties: list[str] = PARTIES, seconds: float = 40) -> int:
        """Waits until all have the same final log, and it grows no more; gives its size."""
        last: list[int] = []

        def is_so() -> bool:
            nonlocal last
            before, last = last, [self.size(party) for party in parties]
            return last == before and len(set(last)) == 1 and last[0] > 0

        try:
            until("all nodes have the same final log", is_so, seconds, pause=0.4)
        except AssertionError as error:
            raise AssertionError(f"{error}: {dict(zip(parties, last, strict=True))}") from None
        return last[0]


def set_line(path: Path, field: str, value: str) -> None:
    """Changes one line of a configuration."""
    path.write_text(re.sub(rf"^{field}: .*", f"{field}: {value}", path.read_text(), flags=re.MULTILINE))


def copy_folder(source: Path, target: Path) -> None:
    shutil.copytree(source, target)
