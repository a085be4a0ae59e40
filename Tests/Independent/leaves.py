"""The three kinds of leaves of a Linlian ledger, as text: a transaction, a due action, the seal of a block."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from payload import base64url, canonical_json, strict_json
from refused import Refused, require

PAYLOAD_TYPE = "application/vnd.linlian.tx+json"
MAX_LEAF = 0xFFFF
_OUTCOME = re.compile(rb"accepted|rejected ([A-Za-z0-9][A-Za-z0-9._-]*)\Z")
_DUE = re.compile(r"([A-Za-z0-9_.-]+) ([^ \n]+)\Z")
_NUMBER = r"(0|[1-9][0-9]{0,18})"
_SEAL = re.compile(
    rf"linlian/seal/v1\nheight {_NUMBER}\ntime {_NUMBER}\nprevious ([0-9a-f]{{64}})\nentries {_NUMBER} {_NUMBER}\n"
    rf"state ([0-9a-f]{{64}})\nposition {_NUMBER}\nproposer ([^ \n]+)\n(?:clock {_NUMBER}\n)?\Z"
)


def pae(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """DSSE v1 pre-authentication encoding: what a signer signs."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


@dataclass(frozen=True)
class Signature:
    """One signature line; the last two fields are those of a WebAuthn assertion."""

    algorithm: str
    keyid: str
    bytes: bytes
    authenticator_data: bytes = b""
    client_data: bytes = b""


@dataclass(frozen=True)
class Transaction:
    signatures: list[Signature]
    payload: bytes
    body: dict[str, Any]
    rejected: str | None
    events: list[dict[str, Any]]

    @property
    def id(self) -> str:
        return sha256(pae(self.payload)).hexdigest()


@dataclass(frozen=True)
class Due:
    action: str
    id: str
    events: list[dict[str, Any]]


@dataclass(frozen=True)
class Seal:
    height: int
    time: int
    previous: str
    first: int
    count: int
    state: str
    position: int
    proposer: str
    clock: int | None
    """The proposer's clock in ms, where several parties order."""
    clock: int | None = None


def parse_leaf(leaf: bytes, where: str) -> Transaction | Due | Seal:
    require(len(leaf) <= MAX_LEAF, where, "leaf", "is longer than 65,535 bytes")
    try:
        leaf.decode()
    except UnicodeDecodeError:
        raise Refused(where, "leaf", "is not UTF-8") from None
    require(leaf.endswith(b"\n"), where, "leaf", "does not end with a newline")
    lines = leaf[:-1].split(b"\n")
    match lines[0]:
        case b"linlian/tx/v1":
            return _transaction(lines, where)
        case b"linlian/due/v1":
            return _due(lines, where)
        case b"linlian/seal/v1":
            return parse_seal(leaf, where)
    raise Refused(where, "leaf", "is of no known kind")


def parse_seal(leaf: bytes, where: str) -> Seal:
    match = _SEAL.match(leaf.decode("utf-8", "replace"))
    require(match, where, "seal", "does not have the eight lines of a seal, or nine")
    height, time, previous, first, count, state, position, proposer, clock = match.groups()
    known = None if clock is None else int(clock)
    return Seal(int(height), int(time), previous, int(first), int(count), state, int(position), proposer, known)


def _events(line: bytes, where: str) -> list[dict[str, Any]]:
    events = canonical_json(line, where, "events")
    good = isinstance(events, list) and all(isinstance(e, dict) and isinstance(e.get("event"), str) for e in events)
    require(good, where, "events", "is not a list of events")
    return events


def _due(lines: list[bytes], where: str) -> Due:
    require(len(lines) == 3, where, "leaf", "a due leaf has three lines")
    match = _DUE.match(lines[1].decode())
    require(match, where, "leaf", "the second line of a due leaf names the action and its subject")
    return Due(match[1], match[2], _events(lines[2], where))


def _transaction(lines: list[bytes], where: str) -> Transaction:
    require(len(lines) >= 5, where, "leaf", "a transaction leaf has at least five lines")
    signatures = [_signature(line.decode(), where) for line in lines[1:-3]]
    require(len({s.keyid for s in signatures}) == len(signatures), where, "signature", "one key signed twice")
    payload, outcome = lines[-3], _OUTCOME.fullmatch(lines[-2])
    require(outcome, where, "leaf", "has no outcome line")
    rejected = outcome[1].decode() if outcome[1] else None
    events = _events(lines[-1], where)
    require(rejected is None or events == [], where, "events", "a rejected transaction has none")
    return Transaction(signatures, payload, _payload(payload, where), rejected, events)


def _payload(line: bytes, where: str) -> dict[str, Any]:
    require(b"\r" not in line, where, "payload", "is not one line")
    body = strict_json(line, where, "payload")
    require(isinstance(body, dict), where, "payload", "is not an object")
    for field, kind in (("ledger", str), ("type", str), ("nonce", str), ("notAfter", int), ("as", str), ("body", dict)):
        require(type(body.get(field)) is kind, where, "payload", f"has no good field {field!r}")
    require(len(base64url(body["nonce"], where, "payload")) == 16, where, "payload", "nonce is not 16 bytes")
    return body


def _signature(line: str, where: str) -> Signature:
    words = line.split(" ")
    lengths = {"ES256": 3, "EdDSA": 3, "WebAuthn": 5}
    require(lengths.get(words[0]) == len(words), where, "signature", "is not a signature line")
    require(len(base64url(words[1], where, "signature")) == 32, where, "signature", "keyid is not 32 bytes")
    return Signature(words[0], words[1], *(base64url(word, where, "signature") for word in words[2:]))
