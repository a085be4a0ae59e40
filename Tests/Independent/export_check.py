#!/usr/bin/env python3
"""Checks an exported ledger with public specifications and other people's libraries only.

usage: export_check.py FOLDER [--policy FILE] [--sample N] [--seed N]

FOLDER holds the static files of C2SP tlog-tiles (`checkpoint`, `tile/…`) and a C2SP `policy`, as `linlian export`
writes them. A policy that came with the export proves only that the export agrees with itself: to know whose ledger it
is, give the policy you trust with --policy. Prints one JSON line of counts; on the first thing that is not as it should
be, names it on standard error and exits 1. What it cannot see without running the rules: whether outcomes and events
are right.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

from leaves import Due, Seal, Transaction, parse_leaf
from merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    tree_hash,
    verify_consistency,
    verify_inclusion,
)
from notes import MAX_NOTE, Checkpoint, Policy, verify_checkpoint
from refused import Refused, require
from signatures import KeyRing
from tiles import TileTree, check_files, read_file, read_leaves

ALL_PROOFS_UP_TO, SAMPLE, SIZES = 2_000, 500, 50
DAY = 24 * 60 * 60 * 1000
NO_SEAL = "0" * 64


class Ledger:
    """Walks the leaves in order: signatures, ids, payloads, and the chain of seals."""

    def __init__(self, origin: str):
        self.origin = origin
        self.keys = KeyRing()
        self.ids: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.seal: Seal | None = None
        self.previous = NO_SEAL
        self.block: list[tuple[str, Transaction]] = []
        self.first = 0

    def leaf(self, index: int, data: bytes) -> None:
        where = f"leaf {index}"
        match parse_leaf(data, where):
            case Transaction() as transaction:
                self._transaction(transaction, where)
            case Due() as due:
                require(not self.block, where, "seal chain", "a due leaf stands before the block's transactions")
                self.keys.open_keys(due.events, where)
                self.keys.close_keys(due.events)
                self.counts["due"] += 1
            case Seal() as seal:
                self._seal(seal, index, data, where)

    def _transaction(self, transaction: Transaction, where: str) -> None:
        require(transaction.body["ledger"] == self.origin, where, "payload", "is for another ledger")
        require(transaction.id not in self.ids, where, "transaction id", f"{transaction.id} was there before")
        self.ids.add(transaction.id)
        # First the keys that it opens: a founding or enrolling transaction introduces the key that signed it.
        self.keys.open_keys(transaction.events, where)
        self.keys.verify(transaction, where)
        self.keys.close_keys(transaction.events)
        self.block.append((where, transaction))
        self.counts["accepted" if transaction.rejected is None else "rejected"] += 1

    def _seal(self, seal: Seal, index: int, data: bytes, where: str) -> None:
        last = self.seal
        require(seal.height == (last.height + 1 if last else 0), where, "seal chain", "height is not the next one")
        require(seal.previous == self.previous, where, "seal chain", "previous is not the digest of the last seal")
        in_range = (seal.first, seal.first + seal.count) == (self.first, index)
        require(in_range, where, "seal chain", "entries are not those since the last seal")
        require(last is None or seal.time > last.time, where, "seal chain", "time did not advance")
        if last and last.clock is not None:
            require(seal.clock is not None, where, "seal clock", "is missing, and the seal before has one")
        if last and seal.clock is not None:
            # Who may order, and so whose clocks count, is in the state; this much holds whoever they are.
            latest = max(last.time + 1, seal.clock)
            require(seal.time <= latest, where, "seal clock", "the time is after the proposer's clock")
        for place, transaction in self.block:
            if transaction.rejected is None:
                until = transaction.body["notAfter"]
                require(until >= seal.time, place, "payload", "notAfter is before the block's time")
                require(until <= seal.time + DAY, place, "payload", "notAfter is over 24 h after the block's time")
        self.seal, self.previous = seal, sha256(data).hexdigest()
        self.block, self.first = [], index + 1

    def finish(self, size: int) -> None:
        require(size > 0 and self.first == size, f"leaf {size - 1}", "seal chain", "the last leaf is not a seal")


def check_proofs(tree: TileTree, leaves: list[bytes], root: bytes, sample: int, seed: int) -> tuple[int, int]:
    """Proofs made from tiles alone, verified against roots made from leaves alone; how many of each kind."""
    size, draw = len(leaves), random.Random(seed)
    indexes = range(size) if size <= ALL_PROOFS_UP_TO else sorted(draw.sample(range(size), min(sample, size)))
    for index in indexes:
        proof = inclusion_proof(index, size, tree.range_hash)
        good = verify_inclusion(leaf_hash(leaves[index]), index, size, proof, root)
        require(good, f"leaf {index}", "inclusion proof", f"does not verify at size {size}")
    hashes = [leaf_hash(leaf) for leaf in leaves]
    sizes = sorted({1, size, *draw.sample(range(1, size + 1), min(SIZES, size))})
    roots = [tree_hash(hashes, 0, n) for n in sizes]
    pairs = [(i, j) for i, j in zip(range(len(sizes)), range(1, len(sizes)), strict=False)]
    pairs += [(i, len(sizes) - 1) for i in range(len(sizes) - 1)]
    for i, j in pairs:
        proof = consistency_proof(sizes[i], sizes[j], tree.range_hash)
        good = verify_consistency(sizes[i], sizes[j], roots[i], roots[j], proof)
        require(good, f"size {sizes[i]}", "consistency proof", f"to size {sizes[j]} does not verify")
    return len(indexes), len(pairs)


def check(folder: Path, policy: Path | None = None, sample: int = SAMPLE, seed: int = 0) -> dict[str, object]:
    """All checks; the counts on success, Refused otherwise."""
    trusted = Policy.parse(read_file(*((policy.parent, policy.name) if policy else (folder, "policy")), "policy"))
    note = read_file(folder, "checkpoint", "checkpoint")
    require(len(note) <= MAX_NOTE, "checkpoint", "checkpoint", "is too large")
    checkpoint: Checkpoint = verify_checkpoint(note, trusted)
    leaves = read_leaves(folder, checkpoint.size)
    files = check_files(folder, leaves)
    root = tree_hash([leaf_hash(leaf) for leaf in leaves])
    require(root == checkpoint.root, "checkpoint", "root", "is not the root of the leaves")
    tree = TileTree(folder, checkpoint.size)
    inclusions, consistencies = check_proofs(tree, leaves, root, sample, seed)
    ledger = Ledger(checkpoint.origin)
    for index, leaf in enumerate(leaves):
        ledger.leaf(index, leaf)
    ledger.finish(checkpoint.size)
    return {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": root.hex(),
        "cosigners": checkpoint.cosigners,
        "files": files,
        "blocks": ledger.seal.height + 1 if ledger.seal else 0,
        "transactions": len(ledger.ids),
        "accepted": ledger.counts["accepted"],
        "rejected": ledger.counts["rejected"],
        "due": ledger.counts["due"],
        "keys": len(ledger.keys.keys),
        "unusableKeys": len(ledger.keys.unusable),
        "signatures": dict(sorted(ledger.keys.verified.items())),
        "inclusionProofs": inclusions,
        "consistencyProofs": consistencies,
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks an exported ledger without the project's own code.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--policy", type=Path, help="the policy you trust (default: FOLDER/policy)")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="inclusion proofs to try on a large ledger")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of proofs")
    options = parser.parse_args(arguments)
    try:
        print(json.dumps(check(options.folder, options.policy, options.sample, options.seed), ensure_ascii=False))
    except Refused as refused:
        print(f"refused: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
