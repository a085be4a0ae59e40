"""Shows that export_check accepts a good ledger and refuses each of many damages for the right reason."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest

import export_check
from refused import Refused
from synthetic import Book, Signer, canonical
from tiles import tile_path

SEED = int(os.environ.get("LINLIAN_SEED", "20260101"))


def refusal(folder: Path, policy: Path | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        export_check.check(folder, policy)
    return caught.value


def flip(file: Path, at: int, bit: int = 1) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= bit
    file.write_bytes(data)


# A good ledger


def test_accepts_a_ledger_and_counts_it(tmp_path: Path) -> None:
    book = Book().fill(blocks=9, per_block=6)
    counts = export_check.check(book.export(tmp_path))
    assert counts["size"] == len(book.leaves) == 72
    assert (counts["blocks"], counts["transactions"], counts["due"], counts["keys"]) == (11, 58, 3, 4)
    assert counts["signatures"] == {"ES256": 20, "EdDSA": 19, "WebAuthn": 19}
    assert (counts["inclusionProofs"], counts["cosigners"]) == (72, ["party-a", "party-c"])
    assert counts["consistencyProofs"] > 50


def test_accepts_several_tiles_and_levels(tmp_path: Path) -> None:
    book = Book().fill(blocks=9, per_block=60)
    counts = export_check.check(book.export(tmp_path))
    assert counts["files"] == 2 * 3 + 1
    assert (tmp_path / "tile/1/000.p/2").stat().st_size == 64


def test_samples_the_proofs_of_a_large_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_check, "ALL_PROOFS_UP_TO", 40)
    counts = export_check.check(Book().fill(9, 6).export(tmp_path), sample=30, seed=SEED)
    assert counts["inclusionProofs"] == 30


def test_accepts_what_is_allowed(tmp_path: Path) -> None:
    book = Book()
    a, b, passkey = book.residents
    guests = [Signer("guest", book._p256()), Signer("guest", book._ed25519())]
    deep: object = 1
    for _ in range(14):
        deep = [deep]
    book.block(
        book.transaction(a, cosigners=(b, passkey)),
        book.transaction(a, body={"deep": deep, "most": 2**53, "least": -(2**53)}),
        book.transaction(a, notAfter=book.time),
        book.transaction(a, notAfter=book.time + 86_400_000),
        book.transaction(b, outcome="rejected assembly.closed", events=[]),
        book.transaction(b, outcome="rejected ledger.expired", events=[], notAfter=book.time - 1),
        book.transaction(a, events=[{"event": "ledger.keyClosed", "keyid": a.keyid}]),
    )
    book.block(book.transaction(a, outcome="rejected ledger.keyClosed", events=[]))
    book.block()
    refused = {"outcome": "rejected registry.codeUsed", "events": [], "as": "guest"}
    book.block(*(book.transaction(guest, body=guest.introduction(), **refused) for guest in guests))
    assert export_check.check(book.export(tmp_path))["rejected"] == 5


def test_accepts_clocks_of_a_shared_ledger(tmp_path: Path) -> None:
    book = Book()
    book.block(book.transaction(book.residents[0]), clock=book.time)
    # The clock is behind or far ahead of the others': the time goes on by a millisecond, or is held back.
    book.block(clock=book.time + 3_600_000)
    book.block(clock=5, time=book.time - 999)
    assert export_check.check(book.export(tmp_path))["blocks"] == 5
    assert [line for line in book.leaves[-1].decode().split("\n") if line.startswith("clock ")] == ["clock 5"]


@pytest.mark.parametrize("changes", [{}, {"clock": 5}, {"clock": "05"}, {"clock": 5, "more": 1}])
def test_refuses_clocks_that_do_not_fit(tmp_path: Path, changes: dict[str, object]) -> None:
    book = Book()
    book.block(clock=book.time)
    book.block(**changes)
    expected = "seal" if "more" in changes or changes.get("clock") == "05" else "seal clock"
    assert refusal(book.export(tmp_path)).check == expected


def test_the_command_prints_counts_or_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Book().export(tmp_path)
    assert export_check.main([str(folder)]) == 0
    assert json.loads(capsys.readouterr().out)["size"] == 6
    flip(folder / "tile/entries/000.p/6", 40)
    assert export_check.main([str(folder)]) == 1
    assert capsys.readouterr().err.startswith("refused: leaf 0: tile: ")


# Damage done to files, without making the rest fit


def test_no_byte_may_change(tmp_path: Path) -> None:
    folder = Book().export(tmp_path)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "policy"]
    assert len(files) == 3
    draw = random.Random(SEED)
    for file in files:
        original = file.read_bytes()
        for _ in range(150):
            at, bit = draw.randrange(len(original)), 1 << draw.randrange(8)
            flip(file, at, bit)
            with pytest.raises(Refused):
                export_check.check(folder)
                print(f"seed {SEED}: {file} byte {at} bit {bit} went unnoticed")
            file.write_bytes(original)
    export_check.check(folder)


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000", "tile/1/000.p/2", "tile/entries/002.p/46"])
def test_no_file_may_be_missing_or_cut(tmp_path: Path, path: str) -> None:
    folder = Book().fill(9, 60).export(tmp_path)
    data = (folder / path).read_bytes()
    (folder / path).write_bytes(data[:-1])
    refusal(folder)
    (folder / path).unlink()
    assert refusal(folder).why.startswith("cannot be read")


def test_partial_tiles_of_earlier_sizes_may_stay_if_they_agree(tmp_path: Path) -> None:
    book = Book()
    book.export(tmp_path)
    book.fill(1, 3).export(tmp_path)
    assert export_check.check(tmp_path)["files"] == 4
    flip(tmp_path / tile_path(0, 0, 6), 70)
    assert refusal(tmp_path).where == "leaf 2"


@pytest.mark.parametrize("path", ["tile/0/001", "tile/0/x000/000", "tile/1/000.p/1", "tile/0/000.p/07", "tile/readme"])
def test_no_other_files_among_the_tiles(tmp_path: Path, path: str) -> None:
    folder = Book().export(tmp_path)
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(bytes(32))
    assert refusal(folder).where == path


def test_a_tile_above_must_be_the_hash_of_the_tile_below(tmp_path: Path) -> None:
    folder = Book().fill(9, 60).export(tmp_path)
    flip(folder / "tile/1/000.p/2", 33)
    assert (refusal(folder).check, refusal(folder).where) == ("tile", "tile/1/000.p/2")


# Who signed the checkpoint


def test_another_policy_is_refused(tmp_path: Path) -> None:
    book, other = Book(), Book(seed=2)
    folder = book.export(tmp_path / "export")
    policy = tmp_path / "policy"
    policy.write_bytes(other.policy())
    assert refusal(folder, policy).check == "log signature"
    mixed = book.policy().split(b"\n")[:2] + other.policy().split(b"\n")[2:]
    policy.write_bytes(b"\n".join(mixed))
    assert refusal(folder, policy).check == "quorum"
    policy.write_bytes(book.policy(threshold="all"))
    assert refusal(folder, policy).check == "quorum"
    policy.write_bytes(book.policy(threshold="any"))
    assert export_check.check(folder, policy)["size"] == 6


def test_a_checkpoint_of_another_origin_is_refused(tmp_path: Path) -> None:
    book = Book()
    folder = book.export(tmp_path)
    (folder / "checkpoint").write_bytes(book.checkpoint(origin="ledger.example/other"))
    assert refusal(folder).check == "log signature"


def test_a_checkpoint_of_other_leaves_is_refused(tmp_path: Path) -> None:
    book = Book()
    folder = book.export(tmp_path)
    (folder / "checkpoint").write_bytes(book.checkpoint(leaves=book.leaves[:5] + [b"linlian/tx/v1\n"]))
    assert refusal(folder).check == "root"


@pytest.mark.parametrize(
    "lines",
    [
        "quorum nobody",
        "quorum none\nquorum none",
        "group g any a\nquorum g",
        "witness none {w}\nquorum none",
        "witness a {w}\nwitness a {w}\nquorum a",
        "witness a {w}\nwitness b {w}\nquorum a",
        "witness a {w}\ngroup g 2 a\nquorum g",
        "witness a {w}\ngroup g 0 a\nquorum g",
        "witness a {w}\ngroup g any a\ngroup h any a\nquorum g",
        "witness a {w}\ngroup g any a a\nquorum g",
        "witness a {l}\nquorum a",
        "log {w}\nquorum none",
        "log {l} a b\nquorum none",
        "witness a {w}0\nquorum a",
        "members a\nquorum none",
        "quorum none\x0b",
    ],
)
def test_a_bad_policy_is_refused(tmp_path: Path, lines: str) -> None:
    book = Book()
    words = [line.split() for line in book.policy().decode().split("\n")]
    text = lines.format(l=words[1][1], w=words[2][2])
    policy = tmp_path / "policy"
    policy.write_text(text + "\n")
    assert refusal(book.export(tmp_path / "export"), policy).check == "policy"


def test_canonical_events_are_those_of_the_specification() -> None:
    value = {"é": 1, "b": [True, None], "a": "\x1f\x7f/\u2028\n"}
    assert canonical(value) == '{"a":"\\u001f\x7f/\u2028\\n","b":[true,null],"é":1}'.encode()
