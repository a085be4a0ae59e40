"""The compact sparse Merkle tree of the ledger's state, and its proofs; written from the specification of the ledger.

Key and value are hashed with SHA-256. A subtree with no key is 32 zero bytes, with one key its leaf
SHA-256(0x00 ‖ keyHash ‖ valueHash), with more keys SHA-256(0x01 ‖ left ‖ right); bit 0 of a key hash, the most
significant one, chooses the side at the root. A proof is: kind (0 nothing there, 1 the key, 2 another key is alone
there), depth in two bytes, a bitmap of the depths whose sibling is not empty, those siblings root first, and for kind 2
that other key's hash and its value's hash.
"""

from __future__ import annotations

from hashlib import sha256

from refused import require

EMPTY = bytes(32)
ABSENT, PRESENT, OTHER = 0, 1, 2


def leaf(key_hash: bytes, value_hash: bytes) -> bytes:
    return sha256(b"\x00" + key_hash + value_hash).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def bit(hash: bytes, depth: int) -> int:
    return hash[depth // 8] >> (7 - depth % 8) & 1


def root(items: dict[bytes, bytes], depth: int = 0) -> bytes:
    """The root over {key hash: value hash}; a plain definition, for small trees."""
    if len(items) < 2:
        return leaf(*next(iter(items.items()))) if items else EMPTY
    sides = [{key: value for key, value in items.items() if bit(key, depth) == side} for side in (0, 1)]
    return node(root(sides[0], depth + 1), root(sides[1], depth + 1))


def prove(items: dict[bytes, bytes], key_hash: bytes) -> bytes:
    """The proof of what lies under a key hash."""
    siblings: list[bytes] = []
    while len(items) > 1:
        depth = len(siblings)
        siblings.append(root({k: v for k, v in items.items() if bit(k, depth) != bit(key_hash, depth)}, depth + 1))
        items = {k: v for k, v in items.items() if bit(k, depth) == bit(key_hash, depth)}
    bitmap = bytearray((len(siblings) + 7) // 8)
    for depth, sibling in enumerate(siblings):
        if sibling != EMPTY:
            bitmap[depth // 8] |= 0x80 >> depth % 8
    kind = ABSENT if not items else PRESENT if key_hash in items else OTHER
    other = b"".join(next(iter(items.items()))) if kind == OTHER else b""
    return (
        bytes([kind]) + len(siblings).to_bytes(2, "big") + bitmap + b"".join(s for s in siblings if s != EMPTY) + other
    )


def verify(proof: bytes, key: str, value: str | None, state_root: bytes) -> None:
    """Refused unless the proof shows that the tree with `state_root` holds `value` under `key` (None: nothing)."""
    where, check = f"key {key}", "state proof"
    key_hash = sha256(key.encode()).digest()
    require(len(proof) >= 3, where, check, "is too short")
    kind, depth = proof[0], int.from_bytes(proof[1:3], "big")
    require(kind <= OTHER and depth <= 256, where, check, "has a bad kind or depth")
    at = 3 + (depth + 7) // 8
    bitmap = int.from_bytes(proof[3:at], "big")
    present = [bitmap >> (8 * (at - 3) - 1 - level) & 1 for level in range(8 * (at - 3))]
    end = at + 32 * sum(present)
    require(len(proof) == end + (64 if kind == OTHER else 0), where, check, "has another length than it says")
    require(not any(present[depth:]) and (depth == 0 or present[depth - 1]), where, check, "has a bad bitmap")
    require((kind == PRESENT) == (value is not None), where, check, "shows presence, not absence, or the reverse")
    if kind == PRESENT:
        hash = leaf(key_hash, sha256((value or "").encode()).digest())
    elif kind == OTHER:
        other = proof[end : end + 32]
        shared = all(bit(other, level) == bit(key_hash, level) for level in range(depth))
        require(shared and other != key_hash, where, check, "the other key does not lie there")
        hash = leaf(other, proof[end + 32 :])
    else:
        hash = EMPTY
    rest = end
    for level in reversed(range(depth)):
        sibling = EMPTY
        if present[level]:
            rest -= 32
            sibling = proof[rest : rest + 32]
            require(sibling != EMPTY, where, check, "spells out an empty sibling")
        hash = node(sibling, hash) if bit(key_hash, level) else node(hash, sibling)
    require(hash == state_root, where, check, "does not lead to the state root of the seal")
