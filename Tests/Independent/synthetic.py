"""A small ledger made in Python from a seed, for showing what the checkers accept and what they refuse."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from leaves import pae
from merkle import inclusion_proof, leaf_hash, tree_hash
from payload import to_base64url
from signatures import P256_ORDER
from tiles import WIDTH, levels, required, tile_path

ORIGIN = "ledger.example/yulin"
FIRST_TIME = 1_767_225_600_000
LOG, WITNESS = b"\x01", b"\x04"  # signature types of signed-note


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@dataclass
class Signer:
    """One key of an account; `passkey` makes it sign by WebAuthn assertion."""

    account: str
    key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
    passkey: bool = False
    high_s: bool = False

    @property
    def spki(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def keyid(self) -> str:
        return to_base64url(sha256(self.spki).digest())

    @property
    def algorithm(self) -> str:
        return "ES256" if isinstance(self.key, ec.EllipticCurvePrivateKey) else "EdDSA"

    @property
    def raw_public(self) -> bytes:
        return self.spki[-65:] if self.algorithm == "ES256" else self.spki[-32:]

    def introduction(self) -> dict[str, object]:
        """The body with which a guest brings this key along."""
        return {"algorithm": self.algorithm, "code": "AAAA-BBBB", "publicKey": to_base64url(self.raw_public)}

    def opened(self) -> dict[str, object]:
        return {
            "account": self.account,
            "algorithm": self.algorithm,
            "event": "ledger.keyOpened",
            "keyid": self.keyid,
            "publicKey": to_base64url(self.spki),
            "roles": ["resident"],
        }

    def raw(self, message: bytes) -> bytes:
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(message)
        r, s = utils.decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        if (s > P256_ORDER // 2) != self.high_s:
            s = P256_ORDER - s
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def line(self, payload: bytes, challenge: bytes | None = None, flags: int = 0x05) -> bytes:
        if not self.passkey:
            return f"{self.algorithm} {self.keyid} {to_base64url(self.raw(pae(payload)))}\n".encode()
        challenge = sha256(pae(payload)).digest() if challenge is None else challenge
        client = {"type": "webauthn.get", "challenge": to_base64url(challenge), "origin": "https://yulin.example"}
        client_data = json.dumps(client).encode()
        data = sha256(b"yulin.example").digest() + bytes([flags]) + bytes(4)
        signature = self.raw(data + sha256(client_data).digest())
        fields = [to_base64url(part) for part in (signature, data, client_data)]
        return f"WebAuthn {self.keyid} {' '.join(fields)}\n".encode()


@dataclass
class Book:
    """Leaves in the making, with a valid founding block; `block` adds further ones."""

    seed: int = 1
    leaves: list[bytes] = field(default_factory=list)
    seals: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.founder = Signer("founder", self._p256())
        self.residents = [
            Signer("resident-1", self._p256()),
            Signer("resident-2", self._ed25519()),
            Signer("resident-3", self._p256(), passkey=True),
        ]
        self.log = self._ed25519()
        self.witnesses = {f"party-{letter}": self._ed25519() for letter in "abc"}
        self.state = "0" * 64
        self.block(self.transaction(self.founder, "constitution.found", {}, events=[self.founder.opened()]))
        enrolments = [self.transaction(r, "registry.enrol", {}, events=[r.opened()]) for r in self.residents]
        self.block(*enrolments)

    @property
    def time(self) -> int:
        """Block time of the block in the making."""
        return FIRST_TIME + 1_000 * len(self.seals)

    def payload(self, type: str, body: dict[str, object], **changes: object) -> bytes:
        nonce = to_base64url(self.random.randbytes(16))
        until = self.time + 3_600_000
        value = {"ledger": ORIGIN, "type": type, "nonce": nonce, "notAfter": until, "as": "resident", "body": body}
        return json.dumps(value | changes, ensure_ascii=False, separators=(",", ":")).encode()

    def transaction(
        self,
        signer: Signer,
        type: str = "assembly.vote",
        body: dict[str, object] | None = None,
        events: list[dict[str, object]] | None = None,
        outcome: str = "accepted",
        payload: bytes | None = None,
        cosigners: tuple[Signer, ...] = (),
        **changes: object,
    ) -> bytes:
        line = self.payload(type, {"motion": "m1", "文": "是"} if body is None else body, **changes)
        line = line if payload is None else payload
        events = [{"event": "assembly.voted", "说明": 'a"\\\n\x01é'}] if events is None else events
        signatures = b"".join(each.line(line) for each in (signer, *cosigners))
        return b"linlian/tx/v1\n" + signatures + line + b"\n" + outcome.encode() + b"\n" + canonical(events) + b"\n"

    def due(self, id: str = "m1") -> bytes:
        return f'linlian/due/v1\nassembly.close {id}\n[{{"event":"assembly.closed","id":"{id}"}}]\n'.encode()

    def seal(self, count: int, **changes: object) -> bytes:
        previous = sha256(self.leaves[self.seals[-1]]).hexdigest() if self.seals else "0" * 64
        first = self.seals[-1] + 1 if self.seals else 0
        values = {"height": len(self.seals), "time": self.time, "previous": previous, "entries": f"{first} {count}"}
        values |= {"state": self.state, "position": len(self.seals), "proposer": "party-a"} | changes
        return b"linlian/seal/v1\n" + b"".join(f"{name} {value}\n".encode() for name, value in values.items())

    def block(self, *leaves: bytes, **changes: object) -> None:
        seal = self.seal(len(leaves), **changes)
        self.leaves += [*leaves, seal]
        self.seals.append(len(self.leaves) - 1)

    def fill(self, blocks: int, per_block: int) -> Book:
        for _ in range(blocks):
            due = [self.due()] if len(self.seals) % 3 == 0 else []
            signers = [self.residents[i % 3] for i in range(per_block)]
            self.block(*due, *(self.transaction(signer) for signer in signers))
        return self

    def checkpoint(self, cosigners: str = "ac", leaves: list[bytes] | None = None, origin: str = ORIGIN) -> bytes:
        leaves = self.leaves if leaves is None else leaves
        root = tree_hash([leaf_hash(leaf) for leaf in leaves])
        body = f"{origin}\n{len(leaves)}\n{base64.b64encode(root).decode()}\n".encode()
        note = body + b"\n" + signature_line(ORIGIN, LOG, self.log, self.log.sign(body))
        for letter in cosigners:
            key, time = self.witnesses[f"party-{letter}"], FIRST_TIME // 1000
            signature = key.sign(b"cosignature/v1\ntime %d\n" % time + body)
            note += signature_line(f"party-{letter}.example", WITNESS, key, time.to_bytes(8, "big") + signature)
        return note

    def policy(self, threshold: str = "2") -> bytes:
        lines = ["# The parties of Yulin", f"log {vkey(ORIGIN, LOG, self.log)} https://ledger.example/"]
        lines += [f"witness {name} {vkey(name + '.example', WITNESS, key)}" for name, key in self.witnesses.items()]
        return "\n".join(
            [*lines, f"group parties {threshold} {' '.join(self.witnesses)}", "quorum parties", ""]
        ).encode()

    def receipt(self, index: int, cosigners: str = "ac") -> bytes:
        leaf_hashes = [leaf_hash(leaf) for leaf in self.leaves]
        path = inclusion_proof(index, len(self.leaves), lambda lo, hi: tree_hash(leaf_hashes, lo, hi))
        extra = base64.b64encode(self.leaves[index]).decode()
        lines = ["c2sp.org/tlog-proof@v1", f"extra {extra}", f"index {index}"]
        lines += [base64.b64encode(hash).decode() for hash in path]
        return "\n".join([*lines, "", ""]).encode() + self.checkpoint(cosigners)

    def export(self, folder: Path, change: Callable[[list[bytes]], list[bytes]] = list) -> Path:
        """Writes the static files, after `change` of the leaves; tiles, root and signatures are made to fit."""
        leaves = change(self.leaves)
        write_tiles(folder, leaves)
        (folder / "checkpoint").write_bytes(self.checkpoint(leaves=leaves))
        (folder / "policy").write_bytes(self.policy())
        return folder

    def _p256(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(self.random.randrange(1, P256_ORDER), ec.SECP256R1())

    def _ed25519(self) -> ed25519.Ed25519PrivateKey:
        return ed25519.Ed25519PrivateKey.from_private_bytes(self.random.randbytes(32))


def raw_public(key: ed25519.Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(name: str, type: bytes, key: ed25519.Ed25519PrivateKey) -> bytes:
    return sha256(name.encode() + b"\n" + type + raw_public(key)).digest()[:4]


def vkey(name: str, type: bytes, key: ed25519.Ed25519PrivateKey) -> str:
    return f"{name}+{key_id(name, type, key).hex()}+{base64.b64encode(type + raw_public(key)).decode()}"


def signature_line(name: str, type: bytes, key: ed25519.Ed25519PrivateKey, signature: bytes) -> bytes:
    return f"— {name} {base64.b64encode(key_id(name, type, key) + signature).decode()}\n".encode()


def write_tiles(folder: Path, leaves: list[bytes]) -> None:
    rows = [[leaf_hash(leaf) for leaf in leaves]]
    for _ in levels(len(leaves))[1:]:
        row = rows[-1]
        rows.append([tree_hash(row[at : at + WIDTH]) for at in range(0, len(row) - WIDTH + 1, WIDTH)])
    files = {}
    for level, row in enumerate(rows):
        for index, width in required(level, len(leaves)):
            files[tile_path(level, index, width)] = b"".join(row[index * WIDTH : index * WIDTH + width])
    for index, width in required("entries", len(leaves)):
        part = leaves[index * WIDTH : index * WIDTH + width]
        files[tile_path("entries", index, width)] = b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in part)
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
