"""Shows that receipt_check accepts good receipts and refuses damaged ones."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature

import receipt_check
from synthetic import ORIGIN, Book

REFUSALS = (ValueError, LookupError, InvalidSignature)
SEED = 20260102


@pytest.fixture(scope="module")
def book() -> Book:
    return Book().fill(3, 3)


def test_accepts_the_receipt_of_every_leaf(book: Book) -> None:
    for index, leaf in enumerate(book.leaves):
        proved = receipt_check.check_receipt(book.receipt(index), book.policy().decode())
        assert proved == (leaf, index, ORIGIN, len(book.leaves))


def test_no_byte_of_a_receipt_may_change(book: Book) -> None:
    receipt, policy, draw = book.receipt(7), book.policy().decode(), random.Random(SEED)
    for _ in range(600):
        at, bit = draw.randrange(len(receipt)), 1 << draw.randrange(8)
        changed = bytearray(receipt)
        changed[at] ^= bit
        try:
            proved = receipt_check.check_receipt(bytes(changed), policy)
        except REFUSALS:
            continue
        # Bits that base64 does not use, or a space beside a number, may change; what is proved may not.
        assert proved == (book.leaves[7], 7, ORIGIN, len(book.leaves)), f"seed {SEED}: byte {at} bit {bit}"


@pytest.mark.parametrize(
    ("name", "receipt", "policy"),
    [
        ("too few cosigned", lambda book: book.receipt(7, cosigners="a"), Book.policy),
        ("nobody cosigned", lambda book: book.receipt(7, cosigners=""), Book.policy),
        ("another index", lambda book: book.receipt(7).replace(b"index 7", b"index 8"), Book.policy),
        ("an index outside", lambda book: book.receipt(7).replace(b"index 7", b"index 700"), Book.policy),
        ("another leaf", lambda book: splice(book, 7, 8), Book.policy),
        ("a shorter path", lambda book: without_line(book.receipt(7), 3), Book.policy),
        ("another ledger's policy", lambda book: book.receipt(7), lambda book: Book(seed=2).policy()),
        ("all must cosign", lambda book: book.receipt(7), lambda book: book.policy("all")),
        ("no quorum line", lambda book: book.receipt(7), lambda book: book.policy().replace(b"quorum", b"# quorum")),
        ("a proof without leaf", lambda book: without_line(book.receipt(7), 1), Book.policy),
        ("an empty file", lambda book: b"", Book.policy),
    ],
)
def test_refuses(book: Book, name: str, receipt: Callable[[Book], bytes], policy: Callable[[Book], bytes]) -> None:
    with pytest.raises(REFUSALS):
        receipt_check.check_receipt(receipt(book), policy(book).decode())


def without_line(receipt: bytes, number: int) -> bytes:
    lines = receipt.split(b"\n")
    return b"\n".join(lines[:number] + lines[number + 1 :])


def splice(book: Book, index: int, other: int) -> bytes:
    mine, theirs = book.receipt(index).split(b"\n"), book.receipt(other).split(b"\n")
    return b"\n".join([mine[0], theirs[1], *mine[2:]])


def test_stands_alone_as_a_command(book: Book, tmp_path: Path) -> None:
    script = tmp_path / "receipt_check.py"
    script.write_bytes(Path(receipt_check.__file__).read_bytes())
    (tmp_path / "policy").write_bytes(book.policy())
    (tmp_path / "good.tlog-proof").write_bytes(book.receipt(7))
    (tmp_path / "bad.tlog-proof").write_bytes(splice(book, 7, 8))
    for receipt, code in (("good", 0), ("bad", 1)):
        command = [sys.executable, "-O", "-I", script, f"{receipt}.tlog-proof", "--policy", "policy"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == code, done.stderr
        assert done.stdout.startswith(f"leaf 7 of 19 in {ORIGIN}:\nlinlian/") == (code == 0)
        assert done.stderr.startswith("refused: ") == (code == 1)
