"""The Merkle tree of RFC 6962 / RFC 9162 and its proofs, with SHA-256. Written from the RFCs alone."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

RangeHash = Callable[[int, int], bytes]
"""MTH(D[lo:hi]) of RFC 6962 §2.1 for the half-open range of leaves lo..<hi."""


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def split_point(count: int) -> int:
    """The largest power of two smaller than `count` (k in RFC 6962 §2.1)."""
    return 1 << ((count - 1).bit_length() - 1)


def tree_hash(hashes: list[bytes], lo: int = 0, hi: int | None = None) -> bytes:
    """MTH over leaf hashes lo..<hi."""
    if hi is None:
        hi = len(hashes)
    if hi == lo:
        return sha256(b"").digest()
    if hi - lo == 1:
        return hashes[lo]
    middle = lo + split_point(hi - lo)
    return node_hash(tree_hash(hashes, lo, middle), tree_hash(hashes, middle, hi))


def inclusion_proof(index: int, size: int, mth: RangeHash, lo: int = 0) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962 §2.1.1: from the leaf's sibling up to the root's child."""
    if size == 1:
        return []
    middle = split_point(size)
    if index < middle:
        return [*inclusion_proof(index, middle, mth, lo), mth(lo + middle, lo + size)]
    return [*inclusion_proof(index - middle, size - middle, mth, lo + middle), mth(lo, lo + middle)]


def consistency_proof(old: int, new: int, mth: RangeHash) -> list[bytes]:
    """PROOF(m, D[n]) of RFC 6962 §2.1.2 for 0 < old <= new."""

    def subproof(m: int, lo: int, n: int, whole: bool) -> list[bytes]:
        if m == n:
            return [] if whole else [mth(lo, lo + n)]
        middle = split_point(n)
        if m <= middle:
            return [*subproof(m, lo, middle, whole), mth(lo + middle, lo + n)]
        return [*subproof(m - middle, lo + middle, n - middle, False), mth(lo, lo + middle)]

    return subproof(old, 0, new, True)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """RFC 9162 §2.1.3.2; `leaf` is the leaf's hash."""
    if not 0 <= index < size or any(len(hash) != 32 for hash in (leaf, *proof)):
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    """RFC 9162 §2.1.4.2. An empty tree proves nothing, so `old` must be at least 1."""
    if not 1 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root
