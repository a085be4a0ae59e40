"""Acts of staff and residents, signed in Python and handed to the nodes of a network on this machine."""

from __future__ import annotations

import base64
import json
import secrets
import time
import urllib.error
import urllib.request
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from leaves import pae
from networks import port
from payload import to_base64url
from synthetic import Signer, canonical

ORIGIN = "example.org/lane"
HOUR = 3_600_000


def staff(net: Path, party: str) -> Signer:
    """The key of a party's staff from its node's folder."""
    algorithm, text = (net / party / f"node/keys/{party}.key").read_text().split()
    assert algorithm == "ES256"
    secret = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return Signer(party, ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1()))


def resident(name: str) -> Signer:
    """A key that a registrar is to open an account for."""
    return Signer(name, ec.generate_private_key(ec.SECP256R1()))


def signed(signer: Signer, capacity: str, type: str, body: dict[str, object]) -> tuple[str, bytes]:
    """A signed transaction: its id, and its text as it is handed in."""
    payload = canonical(
        {
            "as": capacity, "body": body, "ledger": ORIGIN, "nonce": to_base64url(secrets.token_bytes(16)),
            "notAfter": int(time.time() * 1_000) + HOUR, "type": type,
        }
    )
    return sha256(pae(payload)).hexdigest(), b"linlian/tx/v1\n" + signer.line(payload) + payload + b"\n"


def address(net: Path, party: str) -> str:
    return f"http://127.0.0.1:{port(net, party, 'node-port')}"


def ask(
    net: Path, party: str, path: str, data: bytes | None = None, method: str | None = None, **headers: str
) -> tuple[int, bytes]:
    """Status and body of what a node answers to its own readers; status 0 where nobody does."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    if data is not None:
        fields.setdefault("Content-Type", "text/plain")
    request = urllib.request.Request(address(net, party) + path, data=data, headers=fields, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()
    except OSError:
        return 0, b""


def get_json(net: Path, party: str, path: str) -> dict:
    status, body = ask(net, party, path)
    assert status == 200, f"{party} {path}: {status} {body[:300]!r}"
    return json.loads(body)


def hand_in(net: Path, party: str, text: bytes) -> tuple[int, dict]:
    """Hands a transaction to a party's node."""
    status, body = ask(net, party, "/api/v1/transactions", text)
    return status, json.loads(body) if body else {}


def act(net: Path, party: str, type: str, body: dict[str, object], *, at: str = "") -> dict:
    """An act of a party's staff through its node, or another's; it must be accepted."""
    _, text = signed(staff(net, party), f"party:{party}", type, body)
    status, told = hand_in(net, at or party, text)
    assert status == 200 and told.get("status") == "accepted", f"{type}: {status} {told}"
    return told


def no_matter(net: Path, party: str) -> tuple[str, bytes]:
    """A party's act that is refused for what it asks, and recorded like every act that was ordered."""
    return signed(staff(net, party), f"party:{party}", "constitution.withdraw", {"proposal": "p0"})


def is_final(net: Path, party: str, id: str) -> bool:
    status, body = ask(net, party, f"/api/v1/transactions/{id}")
    return status == 200 and json.loads(body).get("final") is True


def until(what: str, is_so, seconds: float = 30) -> None:  # noqa: ANN001
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain until {what}"
        time.sleep(0.1)
