"""C2SP signed-note, tlog-checkpoint, tlog-cosignature (Ed25519, 0x04) and tlog-policy."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from refused import Refused, require

LOG_SIGNATURE, COSIGNATURE = 0x01, 0x04
MAX_NOTE, MAX_SIGNATURES, MAX_POLICY = 1 << 20, 128, 1 << 20


def decode_base64(text: bytes, where: str, check: str) -> bytes:
    """RFC 4648 §4, only in the one spelling an encoder gives."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(where, check, "is not base64") from None
    require(base64.b64encode(data) == text, where, check, "is not canonical base64")
    return data


@dataclass(frozen=True)
class VerifierKey:
    """A signed-note vkey of an Ed25519 key: `<name>+<key id>+<base64 of type and key>`."""

    name: bytes
    id: bytes
    public: bytes

    @staticmethod
    def parse(text: bytes, type: int, where: str) -> VerifierKey:
        parts = text.split(b"+", 2)
        require(len(parts) == 3 and parts[0], where, "policy", "a verifier key is <name>+<id>+<key>")
        key = decode_base64(parts[2], where, "policy")
        require(len(key) == 33 and key[0] == type, where, "policy", f"needs an Ed25519 key of type {type:#04x}")
        id = sha256(parts[0] + b"\n" + key).digest()[:4]
        require(id.hex().encode() == parts[1], where, "policy", "key id does not belong to name and key")
        return VerifierKey(parts[0], id, key[1:])

    def verify(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Policy:
    """A tlog-policy: which logs, which witnesses, and who of them must have cosigned."""

    logs: list[VerifierKey]
    witnesses: dict[bytes, VerifierKey]
    groups: dict[bytes, tuple[int, list[bytes]]]
    quorum: bytes

    @staticmethod
    def parse(data: bytes) -> Policy:
        require(len(data) <= MAX_POLICY, "policy", "policy", "is too large")
        require(all(b in (9, 10) or 32 <= b != 127 for b in data), "policy", "policy", "has a control character")
        policy = Policy([], {}, {}, b"none")
        quorums, grouped = [], set()
        for number, line in enumerate(data.split(b"\n"), 1):
            where, words = f"policy line {number}", line.replace(b"\t", b" ").split()
            if not words or words[0].startswith(b"#"):
                continue
            defined = policy.witnesses.keys() | policy.groups.keys()
            match words:
                case [b"log", key, *url] if len(url) <= 1:
                    policy.logs.append(VerifierKey.parse(key, LOG_SIGNATURE, where))
                case [b"witness", name, key, *url] if len(url) <= 1:
                    require(name not in defined | {b"none"}, where, "policy", "name is taken")
                    policy.witnesses[name] = VerifierKey.parse(key, COSIGNATURE, where)
                case [b"group", name, threshold, *members] if members:
                    require(name not in defined | {b"none"}, where, "policy", "name is taken")
                    for member in members:
                        require(member in defined, where, "policy", "a member is not defined above")
                        require(member not in grouped, where, "policy", "a member is already in a group")
                        grouped.add(member)
                    policy.groups[name] = (_threshold(threshold, len(members), where), members)
                case [b"quorum", name]:
                    require(name in defined | {b"none"}, where, "policy", "quorum is not defined above")
                    quorums.append(name)
                case _:
                    raise Refused(where, "policy", "is not a log, witness, group or quorum line")
        require(len(quorums) == 1, "policy", "policy", "needs exactly one quorum line")
        for keys in (policy.logs, list(policy.witnesses.values())):
            require(len({key.public for key in keys}) == len(keys), "policy", "policy", "lists a key twice")
        return Policy(policy.logs, policy.witnesses, policy.groups, quorums[0])

    def is_met(self, cosigners: set[bytes], name: bytes | None = None) -> bool:
        name = self.quorum if name is None else name
        if name in self.groups:
            threshold, members = self.groups[name]
            return sum(self.is_met(cosigners, member) for member in members) >= threshold
        return name == b"none" or name in cosigners


def _threshold(word: bytes, count: int, where: str) -> int:
    if word in (b"any", b"all"):
        return 1 if word == b"any" else count
    require(word.isdigit() and len(word) <= 6 and not word.startswith(b"0"), where, "policy", "bad group threshold")
    require(1 <= int(word) <= count, where, "policy", "group threshold is out of range")
    return int(word)


@dataclass(frozen=True)
class Checkpoint:
    """A verified checkpoint and the policy's names of the witnesses that cosigned it."""

    origin: str
    size: int
    root: bytes
    cosigners: list[str]


def verify_checkpoint(note: bytes, policy: Policy, where: str = "checkpoint") -> Checkpoint:
    """Checks form, the log's signature, every cosignature of a known witness, and the policy's quorum."""
    require(len(note) <= MAX_NOTE, where, "checkpoint", "is too large")
    body, signatures = _split_note(note, where)
    lines = body.split(b"\n")[:-1]
    require(len(lines) >= 3 and all(lines), where, "checkpoint", "needs origin, size and root lines")
    require(lines[1].isdigit() and (lines[1] == b"0" or lines[1][0] != 0x30), where, "checkpoint", "bad size")
    require(len(lines[1]) <= 19, where, "checkpoint", "bad size")
    root = decode_base64(lines[2], where, "checkpoint")
    require(len(root) == 32, where, "checkpoint", "root is not 32 bytes")
    by_log, cosigners = False, set()
    for name, id, signature in signatures:
        for key in policy.logs:
            if (key.name, key.id) == (name, id) and name == lines[0]:
                require(key.verify(signature, body), where, "log signature", "does not verify")
                by_log = True
        for witness, key in policy.witnesses.items():
            if (key.name, key.id) == (name, id):
                time = int.from_bytes(signature[:8], "big")
                require(len(signature) == 72 and time < 1 << 63, where, "cosignature", "has a bad form")
                message = b"cosignature/v1\ntime %d\n" % time + body
                require(key.verify(signature[8:], message), where, "cosignature", f"of {witness!r} does not verify")
                cosigners.add(witness)
    require(by_log, where, "log signature", "no log of the policy signed this origin")
    require(policy.is_met(cosigners), where, "quorum", "too few witnesses of the policy cosigned")
    names = sorted(name.decode("utf-8", "replace") for name in cosigners)
    return Checkpoint(lines[0].decode(), int(lines[1]), root, names)


def _split_note(note: bytes, where: str) -> tuple[bytes, list[tuple[bytes, bytes, bytes]]]:
    try:
        note.decode()
    except UnicodeDecodeError:
        raise Refused(where, "note", "is not UTF-8") from None
    require(all(b == 10 or b >= 32 for b in note), where, "note", "has a control character")
    at = note.rfind(b"\n\n")
    require(at > 0 and note.endswith(b"\n"), where, "note", "needs a text, an empty line and signature lines")
    body, lines = note[: at + 1], note[at + 2 :].split(b"\n")[:-1]
    require(1 <= len(lines) <= MAX_SIGNATURES, where, "note", "has no signature, or too many")
    signatures = []
    for line in lines:
        words = line.split(b" ")
        good = len(words) == 3 and words[0] == "—".encode() and words[1] and b"+" not in words[1]
        require(good, where, "note", "has a bad signature line")
        data = decode_base64(words[2], where, "note")
        require(len(data) > 4, where, "note", "has a signature that is too short")
        signatures.append((words[1], data[:4], data[4:]))
    return body, signatures
