"""Importing a roll: repeated safely, refused row by row, and without names for the desk."""

from __future__ import annotations

import re
from pathlib import Path

from conftest import ROLL, Run, fetch, found, verified


def test_roll_import_can_be_repeated(run: Run, tmp_path: Path) -> None:
    data = found(run, tmp_path)
    roll = tmp_path / "roll.csv"
    roll.write_text(ROLL, encoding="utf-8")
    count = ROLL.count("\n") - 1
    assert f"{count} units added, 0 changed, 0 as they were" in run("import", "roll", roll, "--data", data).stdout
    before = verified(run, data)
    again = run("import", "roll", roll, "--data", data).stdout
    assert f"0 units added, 0 changed, {count} as they were" in again
    assert verified(run, data)["root"] == before["root"], "a repeated import wrote something"
    roll.write_text("\ufeff" + ROLL.replace("81.15", "81.25").replace("\n", "\r\n"), encoding="utf-8")
    changed = ROLL.count("81.15")
    assert f"0 units added, {changed} changed, {count - changed} as they were" in run(
        "import", "roll", roll, "--data", data
    ).stdout
    verified(run, data)
    for (leaf,) in fetch(data, "SELECT data FROM leaf"):
        assert b"owner 1 1" not in leaf, "an owner's name stands on the ledger"


def test_a_roll_for_the_desk_has_no_names(run: Run, tmp_path: Path) -> None:
    data = found(run, tmp_path)
    roll, pseudonyms = tmp_path / "roll.csv", tmp_path / "desk.csv"
    roll.write_text(ROLL, encoding="utf-8")
    run("import", "roll", roll, "--data", data, "--pseudonyms", pseudonyms)
    text = pseudonyms.read_text(encoding="utf-8")
    assert "owner 1 1" not in text and re.search(r",o[0-9a-f]{20},", text)
    assert text.count("\n") == ROLL.count("\n")
    before = verified(run, data)["root"]
    run("import", "roll", roll, "--data", data)
    assert verified(run, data)["root"] != before, "the file for the desk was imported at once"


def test_a_staff_key_for_a_browser(run: Run, tmp_path: Path) -> None:
    data = found(run, tmp_path)
    name = next(line.split("\t")[0] for line in run("keys", "--data", data).stdout.splitlines() if "key ES256" in line)
    file = tmp_path / "staff.pem"
    run("keys", "export", name, "--out", file, "--data", data)
    assert file.read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert file.stat().st_mode & 0o077 == 0
    assert run("keys", "export", name, "--out", file, "--data", data, code=1).returncode == 1, "it overwrote a file"
    assert run("keys", "export", "log", "--out", tmp_path / "log.pem", "--data", data, code=1).returncode == 1


def test_pseudonyms_of_many_owners_pass_the_screen(run: Run, tmp_path: Path) -> None:
    # Of so many random hex digits some look like telephone numbers.
    data = found(run, tmp_path)
    roll = tmp_path / "roll.csv"
    header = "unit,building,area,area_source,owner\n"
    roll.write_text(header + "".join(f"u{n},1,80.00,registry,owner {n}\n" for n in range(8_000)), encoding="utf-8")
    assert "8000 units added" in run("import", "roll", roll, "--data", data, seconds=300).stdout
    assert "8000 as they were" in run("import", "roll", roll, "--data", data, seconds=300).stdout


def test_wrong_rows_are_named_and_nothing_is_imported(run: Run, tmp_path: Path) -> None:
    data = found(run, tmp_path)
    root = verified(run, data)["root"]
    roll = tmp_path / "roll.csv"
    rows = [
        ("1-101,1,89.50,registry,a,,", None, None),
        ("1 102,1,89.50,registry,a,,", "unit", "letters"),
        ("1-103,,89.50,registry,a,,", "building", "letters"),
        ("1-104,1,89.555,registry,a,,", "area", "square metres"),
        ("1-105,1,0,registry,a,,", "area", "square metres"),
        ("1-106,1,-5,registry,a,,", "area", "square metres"),
        ("1-107,1,89.50,guess,a,,", "area_source", "registry"),
        ("1-108,1,89.50,registry,,,", "owner", "empty"),
        ("1-109,1,89.50,registry,a,,tenant", "holder", "owner or developer"),
        ("1-110,1,89.50,registry,a,,developer", "owner", "must be empty"),
        ("1-101,1,89.50,registry,a,,", "unit", "row 2"),
        ("1-111,1,89.50,registry,a,打13800138000,", "label", "number"),
    ]
    header = "unit,building,area,area_source,owner,label,holder\n"
    roll.write_text(header + "".join(row + "\n" for row, _, _ in rows), encoding="utf-8")
    ended = run("import", "roll", roll, "--data", data, code=1)
    lines = ended.stdout.splitlines()
    for number, (_, column, what) in enumerate(rows, start=2):
        own = [line for line in lines if line.startswith(f"row {number}, ")]
        if column is None:
            assert not own
        else:
            assert any(line.startswith(f"row {number}, {column}: ") and what in line for line in own), (own, column)
    assert "nothing was imported" in ended.stderr
    assert verified(run, data)["root"] == root

    for content, says in [
        (b"unit,building,area\n1,1,1\n", "area_source is missing"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"", "missing"),
    ]:
        roll.write_bytes(content)
        assert says in run("import", "roll", roll, "--data", data, code=1).stderr
    assert verified(run, data)["root"] == root
