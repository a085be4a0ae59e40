"""A steady, bounded load through all ordering nodes: signed notices, each answer kept with its times."""

from __future__ import annotations

import http.client
import itertools
import json
import queue
import secrets
import threading
import time
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from leaves import pae
from network import ORDERING, ORIGIN, Network
from payload import to_base64url
from synthetic import Signer, canonical

DAY, HOUR = 86_400_000, 3_600_000
PATIENCE = 20.0
"""Seconds after which an answer is given up; far more than any node may take."""

_numbers = itertools.count(1)


def staff_key(path: Path, account: str) -> Signer:
    """The key of a party's staff from its node's folder."""
    import base64

    algorithm, text = path.read_text().split()
    assert algorithm == "ES256"
    secret = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return Signer(account, ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1()))


def notice(party: str, signer: Signer) -> tuple[str, bytes]:
    """A signed notice of a party: its id, and its text as it is handed in."""
    now = int(time.time() * 1_000)
    number = next(_numbers)
    body = {
        "audience": {"kind": "estate"}, "ends": now + 30 * DAY, "kind": "general", "notice": f"n{number}",
        "text": f"Notice {number} of {party}", "title": f"Notice {number}",
    }
    payload = canonical(
        {
            "as": f"party:{party}", "body": body, "ledger": ORIGIN, "nonce": to_base64url(secrets.token_bytes(16)),
            "notAfter": now + HOUR, "type": "notices.publish",
        }
    )
    return sha256(pae(payload)).hexdigest(), b"linlian/tx/v1\n" + signer.line(payload) + payload + b"\n"


@dataclass
class Sent:
    """One transaction that was handed in, and what was said to it."""

    id: str
    party: str
    text: bytes
    sent: float
    answered: float = 0
    status: int = 0
    body: dict = field(default_factory=dict)
    is_again: bool = False
    """Whether it had to be handed in a second time."""

    @property
    def is_final(self) -> bool:
        return self.status == 200 and self.body.get("final") is True

    @property
    def is_promised(self) -> bool:
        """Whether a node has taken it: final, ordered, or recorded and waiting."""
        return self.status in (200, 202)


def post(connection: http.client.HTTPConnection, sent: Sent) -> None:
    """Hands a transaction in and notes the answer; status 0 where there was none."""
    try:
        connection.request("POST", "/api/v1/transactions", sent.text, {"Content-Type": "text/plain"})
        answer = connection.getresponse()
        sent.body = json.loads(answer.read())
        sent.status = answer.status
    except (OSError, http.client.HTTPException, ValueError):
        connection.close()
    sent.answered = time.monotonic()


class Load:
    """So many transactions a second, spread over the ordering nodes, until `stop`."""

    def __init__(self, network: Network, signers: dict[str, Signer], rate: float = 40, workers: int = 24):
        self.network = network
        self.signers = signers
        self.sent: list[Sent] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        for party in ORDERING:
            # Whatever finds no free worker is not sent: the load stays bounded where a node does not answer.
            waiting: queue.Queue[Sent | None] = queue.Queue(workers)
            for _ in range(workers):
                self._begin(self._work, party, waiting)
            self._begin(self._pace, party, waiting, len(ORDERING) / rate, workers)

    def _begin(self, what, *arguments: object) -> None:  # noqa: ANN001
        thread = threading.Thread(target=what, args=arguments, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _pace(self, party: str, waiting: queue.Queue[Sent | None], pause: float, workers: int) -> None:
        due = time.monotonic()
        while not self._stopped.is_set():
            due += pause
            id, text = notice(party, self.signers[party])
            if not waiting.full():
                waiting.put(Sent(id, party, text, 0))
            self._stopped.wait(max(0.0, due - time.monotonic()))
        for _ in range(workers):
            waiting.put(None)

    def _work(self, party: str, waiting: queue.Queue[Sent | None]) -> None:
        connection = self.network.connection(party, PATIENCE)
        while sent := waiting.get():
            sent.sent = time.monotonic()
            post(connection, sent)
            with self._lock:
                self.sent.append(sent)
        connection.close()

    def stop(self) -> list[Sent]:
        """Ends the load and waits for the last answers."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(PATIENCE + 10)
        assert not any(thread.is_alive() for thread in self._threads), "a request never ended"
        return self.so_far()

    def so_far(self) -> list[Sent]:
        with self._lock:
            return list(self.sent)
