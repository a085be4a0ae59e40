"""The proof verifiers against public vectors of RFC 6962, and the proof makers against the verifiers."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from merkle import consistency_proof, inclusion_proof, leaf_hash, tree_hash, verify_consistency, verify_inclusion

VECTORS = Path(__file__).resolve().parents[3] / "shared/data/merkle"
# The eight leaves that RFC 6962 implementations share, and the root of all of them.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def vectors(kind: str) -> list[dict[str, object]]:
    files = sorted((VECTORS / kind).rglob("*.json"))
    assert len(files) > 20, f"no vectors in {VECTORS / kind}"
    return [json.loads(file.read_text()) | {"file": str(file)} for file in files]


def hashes(vector: dict[str, object]) -> list[bytes]:
    return [base64.b64decode(hash) for hash in vector["proof"] or []]


def test_public_inclusion_vectors() -> None:
    for v in vectors("inclusion"):
        leaf, root = base64.b64decode(v["leafHash"]), base64.b64decode(v["root"])
        good = verify_inclusion(leaf, v["leafIdx"], v["treeSize"], hashes(v), root)
        assert good != v["wantErr"], v["file"]


def test_public_consistency_vectors() -> None:
    for v in vectors("consistency"):
        roots = base64.b64decode(v["root1"]), base64.b64decode(v["root2"])
        assert verify_consistency(v["size1"], v["size2"], *roots, hashes(v)) != v["wantErr"], v["file"]


def test_the_shared_eight_leaves() -> None:
    assert tree_hash([leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]).hex() == ROOT


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 33])
def test_every_proof_of_a_small_tree(size: int) -> None:
    leaves = [leaf_hash(bytes([i])) for i in range(size)]
    root = tree_hash(leaves)
    for index in range(size):
        proof = inclusion_proof(index, size, lambda lo, hi: tree_hash(leaves, lo, hi))
        assert verify_inclusion(leaves[index], index, size, proof, root)
        assert not verify_inclusion(leaves[index], index + 1, size, proof, root)
        old = index + 1
        proof = consistency_proof(old, size, lambda lo, hi: tree_hash(leaves, lo, hi))
        assert verify_consistency(old, size, tree_hash(leaves, 0, old), root, proof)
        assert not verify_consistency(old, size, leaf_hash(b"x"), root, proof)
