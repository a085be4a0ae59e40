"""What an outsider sees all the while: the final log at every node, and everything that is written to the engine."""

from __future__ import annotations

import base64
import bisect
import http.client
import json
import subprocess
import threading
import time
from dataclasses import dataclass

from network import MEMBERS, PARTIES, PREFIX, Network

PAUSE = 0.04


class FinalSizes:
    """How far the log was final at each node when, by asking for its checkpoint some 25 times a second."""

    def __init__(self, network: Network):
        self.network = network
        self.seen: dict[str, list[tuple[float, int]]] = {party: [] for party in PARTIES}
        self.checkpoints: dict[bytes, str] = {}
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(party,), daemon=True) for party in PARTIES]
        for thread in self._threads:
            thread.start()

    def _ask(self, party: str) -> None:
        connection = self.network.connection(party, 2)
        while not self._stopped.wait(PAUSE):
            try:
                connection.request("GET", "/checkpoint")
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                continue
            if answer.status == 200:
                size = int(text.split(b"\n")[1])
                seen = self.seen[party]
                if not seen or seen[-1][1] != size:
                    seen.append((time.monotonic(), size))
                self.checkpoints.setdefault(text, party)

    def first_beyond(self, party: str, index: int, since: float) -> float | None:
        """When leaf `index` was first seen to be final at a node, not before `since`."""
        seen = list(self.seen[party])
        at = bisect.bisect_left(seen, (since, 0))
        if at > 0 and seen[at - 1][1] > index:
            return since
        return next((when for when, size in seen[at:] if size > index), None)

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join(10)


@dataclass(frozen=True)
class Written:
    """One change in the engine; no value is a deletion."""

    revision: int
    key: str
    value: bytes | None
    version: int

    @property
    def place(self) -> tuple[str, str, str]:
        """What kind of thing, whose, and its name."""
        kind, party, name = (self.key.removeprefix(PREFIX + "/") + "//").split("/", 2)
        return kind, party, name.rstrip("/")


class EngineWatch:
    """Everything written under the ledger's prefix, read at every member at once, so that no fault of one hides it."""

    def __init__(self, network: Network):
        self.network = network
        self.written: dict[tuple[int, int], list[Written]] = {}
        """By the how-manieth etcd, and its revision."""
        self._etcd = 0
        self._lock = threading.Lock()
        self._stopped = False
        self._children: dict[str, subprocess.Popen[str]] = {}
        self._threads = [threading.Thread(target=self._follow, args=(party,), daemon=True) for party in MEMBERS]
        for thread in self._threads:
            thread.start()

    def _follow(self, party: str) -> None:
        revision, etcd = 0, 0
        while not self._stopped:
            if etcd != self._etcd:
                revision, etcd = 0, self._etcd
            words = [*self.network.lan.within(party), *self.network.etcdctl_words(party), "watch", "--prefix"]
            words += [PREFIX + "/", "-w", "json"] + (["--rev", str(revision + 1)] if revision else [])
            child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            self._children[party] = child
            assert child.stdout
            for line in child.stdout:
                if line.startswith("{"):
                    revision = max(revision, self._note(json.loads(line), etcd))
            child.wait()
            time.sleep(0.2)

    def start_again(self) -> None:
        """All of etcd was put back or made anew: its revisions begin again."""
        self._etcd += 1
        for child in self._children.values():
            child.kill()

    def _note(self, answer: dict, etcd: int) -> int:
        last = int(answer.get("CompactRevision") or 0)
        for event in answer.get("Events") or []:
            pair = event["kv"]
            is_deletion = event.get("type") in (1, "DELETE")
            written = Written(
                int(pair["mod_revision"]), base64.b64decode(pair["key"]).decode(),
                None if is_deletion else base64.b64decode(pair.get("value", "")), int(pair.get("version", 0)),
            )
            last = max(last, written.revision)
            with self._lock:
                known = self.written.setdefault((etcd, written.revision), [])
                if written not in known:
                    known.append(written)
        return last

    def all(self) -> list[Written]:
        with self._lock:
            return [written for place in sorted(self.written) for written in self.written[place]]

    def batches(self, party: str, since: int = 0) -> list[Written]:
        """The batches that a party has put up."""
        return [
            written
            for written in self.all()
            if written.revision > since and written.value is not None and written.place[:2] == ("batches", party)
        ]

    @property
    def revision(self) -> int:
        with self._lock:
            return max((revision for etcd, revision in self.written if etcd == self._etcd), default=0)

    def stop(self) -> None:
        self._stopped = True
        for child in self._children.values():
            child.kill()
        for thread in self._threads:
            thread.join(10)
