"""Ledgers whose tiles, root and signatures all fit, and whose content is wrong: damage only the log itself can do."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

import export_check
from payload import to_base64url
from refused import Refused
from synthetic import FIRST_TIME, Book, Signer

Change = Callable[[Book], None]


def refusal(folder: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        export_check.check(folder)
    return caught.value


def swapped(book: Book) -> None:
    book.block(book.transaction(book.residents[0]), book.transaction(book.residents[1]))
    book.leaves[-3], book.leaves[-1] = book.leaves[-1], book.leaves[-3]


def vote(book: Book, signer: int = 0, **changes: object) -> None:
    book.block(book.transaction(book.residents[signer], **changes))  # type: ignore[arg-type]


def high_s(book: Book) -> None:
    book.residents[0].high_s = True
    vote(book)


def high_s_assertion(book: Book) -> None:
    book.residents[2].high_s = True
    vote(book, 2)


def twice(book: Book) -> None:
    payload = book.payload("assembly.vote", {})
    book.block(book.transaction(book.residents[0], payload=payload))
    book.block(book.transaction(book.residents[1], payload=payload))


def raw_payload(text: str) -> Change:
    def change(book: Book) -> None:
        payload = book.payload("assembly.vote", {"x": "HERE"}).replace(b'"HERE"', text.encode())
        vote(book, payload=payload)

    return change


def events(text: bytes) -> Change:
    def change(book: Book) -> None:
        leaf = book.transaction(book.residents[0]).split(b"\n")
        book.block(b"\n".join([*leaf[:-2], text, b""]))

    return change


def signature_lines(edit: Callable[[bytes], bytes], signer: int = 0) -> Change:
    def change(book: Book) -> None:
        head, line, rest = book.transaction(book.residents[signer]).split(b"\n", 2)
        book.block(b"\n".join([head, edit(line), rest]))

    return change


def assertion(**changes: object) -> Change:
    def change(book: Book) -> None:
        payload = book.payload("assembly.vote", {})
        good = book.residents[2].line(payload)
        leaf = book.transaction(book.residents[2], payload=payload)
        (line,) = [line for line in leaf.split(b"\n") if line.startswith(b"WebAuthn")]
        bad = book.residents[2].line(payload, **changes)  # type: ignore[arg-type]
        assert good != bad
        book.block(leaf.replace(line + b"\n", bad))

    return change


def stranger(book: Book) -> None:
    vote_by = Signer("stranger", book._p256())
    book.block(book.transaction(vote_by))


def someone_elses_keyid(book: Book) -> None:
    impostor = Signer("impostor", book._p256())
    leaf = book.transaction(impostor)
    book.block(leaf.replace(impostor.keyid.encode(), book.residents[0].keyid.encode()))


def rejected_guest(key: str = "body", **changes: object) -> Change:
    def change(book: Book) -> None:
        guest, other = Signer("guest", book._p256()), Signer("other", book._p256())
        body = (guest if key == "body" else other).introduction()
        fields: dict[str, object] = {"outcome": "rejected registry.codeUsed", "events": [], "as": "guest"}
        leaf = book.transaction(guest, body=body, **(fields | changes))  # type: ignore[arg-type]
        book.block(leaf.replace(b"AAAA-BBBB", b"AAAA-CCCC") if key == "body" and not changes else leaf)

    return change


def closed_key(book: Book) -> None:
    resident = book.residents[0]
    vote(book, events=[{"event": "ledger.keyClosed", "keyid": resident.keyid}])
    book.block(book.transaction(resident))


def opening(**changes: object) -> Change:
    def change(book: Book) -> None:
        newcomer = Signer("newcomer", book._p256())
        book.block(book.transaction(newcomer, events=[newcomer.opened() | changes]))

    return change


def other_curve(book: Book) -> None:
    newcomer = Signer("newcomer", ec.derive_private_key(7, ec.SECP384R1()))
    vote(book, events=[newcomer.opened()])


def due_after_transaction(book: Book) -> None:
    book.block(book.transaction(book.residents[0]), book.due())


def no_seal_at_the_end(book: Book) -> None:
    book.leaves.append(book.transaction(book.residents[0]))


def seal(**changes: object) -> Change:
    return lambda book: book.block(book.transaction(book.residents[0]), **changes)


def leaf(data: bytes) -> Change:
    return lambda book: book.block(data)


DAMAGES: dict[str, tuple[str, str, Change]] = {
    # name: (where, check, how)
    "leaves swapped": ("leaf 6", "seal chain", swapped),
    "high S": ("leaf 6", "signature", high_s),
    "high S in an assertion": ("leaf 6", "signature", high_s_assertion),
    "one id twice": ("leaf 8", "transaction id", twice),
    "float": ("leaf 6", "payload", raw_payload("1.5")),
    "exponent": ("leaf 6", "payload", raw_payload("1e3")),
    "not a number": ("leaf 6", "payload", raw_payload("NaN")),
    "large integer": ("leaf 6", "payload", raw_payload(str(2**53 + 1))),
    "huge integer": ("leaf 6", "payload", raw_payload("9" * 5000)),
    "repeated key": ("leaf 6", "payload", raw_payload('{"a":1,"a":1}')),
    "repeated key, escaped": ("leaf 6", "payload", raw_payload('{"a":1,"\\u0061":1}')),
    "too deep": ("leaf 6", "payload", raw_payload("[" * 15 + "]" * 15)),
    "far too deep": ("leaf 6", "payload", raw_payload("[" * 9999 + "]" * 9999)),
    "lone surrogate": ("leaf 6", "payload", raw_payload('"\\ud800"')),
    "not JSON": ("leaf 6", "payload", raw_payload("'a'")),
    "another ledger": ("leaf 6", "payload", lambda book: vote(book, ledger="ledger.example/other")),
    "short nonce": ("leaf 6", "payload", lambda book: vote(book, nonce="AAAA")),
    "no nonce": ("leaf 6", "payload", lambda book: vote(book, nonce=None)),
    "text for a time": ("leaf 6", "payload", lambda book: vote(book, notAfter="1767225600000")),
    "true for a time": ("leaf 6", "payload", lambda book: vote(book, notAfter=True)),
    "expired": ("leaf 6", "payload", lambda book: vote(book, notAfter=FIRST_TIME + 1_999)),
    "valid too long": ("leaf 6", "payload", lambda book: vote(book, notAfter=FIRST_TIME + 2_001 + 86_400_000)),
    "unknown key": ("leaf 6", "signature", stranger),
    "keyid of another": ("leaf 6", "signature", someone_elses_keyid),
    "rejected guest, another payload": ("leaf 6", "signature", rejected_guest()),
    "rejected guest, another key": ("leaf 6", "signature", rejected_guest(key="other")),
    "rejected, not a guest": ("leaf 6", "signature", rejected_guest(**{"as": "resident"})),
    "no capacity": ("leaf 6", "payload", lambda book: vote(book, **{"as": None})),
    "no newline at the end": ("leaf 6", "leaf", lambda book: book.block(book.due()[:-1])),
    "position not a number": ("leaf 7", "seal", seal(position="p1")),
    "closed key": ("leaf 8", "signature", closed_key),
    "signature of another payload": (
        "leaf 6",
        "signature",
        lambda book: book.block(book.transaction(book.residents[0]).replace(b'"m1"', b'"m2"')),
    ),
    "EdDSA signature of another payload": (
        "leaf 6",
        "signature",
        lambda book: book.block(book.transaction(book.residents[1]).replace(b'"m1"', b'"m2"')),
    ),
    "wrong algorithm": ("leaf 6", "signature", signature_lines(lambda line: line.replace(b"ES256", b"EdDSA"))),
    "unknown algorithm": ("leaf 6", "signature", signature_lines(lambda line: line.replace(b"ES256", b"none"))),
    "padded signature": ("leaf 6", "signature", signature_lines(lambda line: line + b"==")),
    "loose last bits": ("leaf 6", "signature", signature_lines(lambda line: line[:-1] + b"-")),
    "signed twice": ("leaf 6", "signature", signature_lines(lambda line: line + b"\n" + line)),
    "user not verified": ("leaf 6", "assertion", assertion(flags=0x01)),
    "user not present": ("leaf 6", "assertion", assertion(flags=0x04)),
    "another challenge": ("leaf 6", "assertion", assertion(challenge=bytes(32))),
    "assertion of another payload": (
        "leaf 6",
        "assertion",
        lambda book: book.block(book.transaction(book.residents[2]).replace(b'"m1"', b'"m2"')),
    ),
    "keyid not of the key": ("leaf 6", "key", opening(keyid="A" * 43)),
    "key of another algorithm": ("leaf 6", "key", opening(algorithm="EdDSA")),
    "key on another curve": ("leaf 6", "key", other_curve),
    "no outcome": ("leaf 6", "leaf", lambda book: vote(book, outcome="maybe")),
    "rejected with events": ("leaf 6", "events", lambda book: vote(book, outcome="rejected a.b")),
    "events with a space": ("leaf 6", "events", events(b'[{"event": "a"}]')),
    "events out of order": ("leaf 6", "events", events(b'[{"event":"a","b":1}]')),
    "events with a long escape": ("leaf 6", "events", events(b'[{"event":"\\u0061"}]')),
    "events without a name": ("leaf 6", "events", events(b'[{"name":"a"}]')),
    "events not a list": ("leaf 6", "events", events(b"{}")),
    "due leaf too late": ("leaf 7", "seal chain", due_after_transaction),
    "due leaf without subject": ("leaf 6", "leaf", leaf(b"linlian/due/v1\nassembly.close\n[]\n")),
    "unknown kind of leaf": ("leaf 6", "leaf", leaf(b"linlian/tx/v2\n")),
    "empty leaf": ("leaf 6", "leaf", leaf(b"")),
    "leaf not UTF-8": ("leaf 6", "leaf", leaf(b"linlian/tx/v1\n\xff\n")),
    "height skipped": ("leaf 7", "seal chain", seal(height=3)),
    "another previous": ("leaf 7", "seal chain", seal(previous="0" * 64)),
    "another first": ("leaf 7", "seal chain", seal(entries="5 2")),
    "another count": ("leaf 7", "seal chain", seal(entries="6 0")),
    "time stood still": ("leaf 7", "seal chain", seal(time=FIRST_TIME + 1_000)),
    "leading zero": ("leaf 7", "seal", seal(height="02")),
    "state in capitals": ("leaf 7", "seal", seal(state="A" * 64)),
    "no seal at the end": ("leaf 6", "seal chain", no_seal_at_the_end),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_wrong_content_is_refused_though_the_tree_fits(tmp_path: Path, name: str) -> None:
    where, check, change = DAMAGES[name]
    book = Book()
    assert len(book.leaves) == 6
    change(book)
    refused = refusal(book.export(tmp_path))
    assert (refused.where, refused.check) == (where, check), refused


def test_a_key_that_cannot_be_used_is_counted_and_signs_nothing(tmp_path: Path) -> None:
    book = Book()
    off_curve = bytearray(Signer("x", book._p256()).spki)
    off_curve[-1] ^= 1
    newcomer = Signer("newcomer", book._p256())
    keyid = to_base64url(sha256(off_curve).digest())
    vote(book, events=[newcomer.opened() | {"keyid": keyid, "publicKey": to_base64url(bytes(off_curve))}])
    assert export_check.check(book.export(tmp_path / "good"))["unusableKeys"] == 1
    book.block(book.transaction(newcomer).replace(newcomer.keyid.encode(), keyid.encode()))
    assert refusal(book.export(tmp_path / "bad")).check == "signature"
