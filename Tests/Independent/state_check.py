#!/usr/bin/env python3
"""Checks a value of the ledger's state, offline: usage: state_check.py STATE.json --policy FILE

STATE.json is the answer of `GET /api/v1/state/{key}`: the key, its value (exact JSON text, or null if there is none), a
proof in the sparse tree of state, the seal leaf that names the tree's root, and the receipt of that leaf.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature

import sparse
from leaves import Seal, parse_seal
from notes import decode_base64
from payload import strict_json
from receipt_check import check_receipt
from refused import Refused, require

MAX_ANSWER = 1 << 22


def check(answer: bytes, policy: str) -> tuple[dict[str, Any], Seal, str]:
    """The answer's fields, the seal at whose time they held, and the ledger's origin; Refused otherwise."""
    require(len(answer) <= MAX_ANSWER, "answer", "state", "is too large")
    state = strict_json(answer, "answer", "state")
    require(isinstance(state, dict), "answer", "state", "is not an object")
    for field in ("key", "proof", "seal", "receipt"):
        require(isinstance(state.get(field), str), "answer", "state", f"has no text field {field!r}")
    require("value" in state and isinstance(state["value"], str | None), "answer", "state", "has no good value")
    try:
        leaf, _, origin, _ = check_receipt(state["receipt"].encode(), policy)
    except (ValueError, LookupError, InvalidSignature) as error:
        raise Refused("answer", "receipt", str(error) or "a signature does not verify") from None
    require(leaf == state["seal"].encode(), "answer", "receipt", "is of another leaf than the seal")
    seal = parse_seal(leaf, "seal")
    proof = decode_base64(state["proof"].encode(), "answer", "state proof")
    sparse.verify(proof, state["key"], state["value"], bytes.fromhex(seal.state))
    return state, seal, origin


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks a value of the ledger's state without the project's own code.")
    parser.add_argument("state", type=Path)
    parser.add_argument("--policy", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        state, seal, origin = check(options.state.read_bytes(), options.policy.read_text())
    except Refused as refused:
        print(f"refused: {refused}", file=sys.stderr)
        return 1
    found = "nothing" if state["value"] is None else state["value"]
    print(f"{origin}, block {seal.height}, time {seal.time}: {state['key']} holds {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
