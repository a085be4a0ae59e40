"""The program from the outside: what it prints, what it writes, and the code it ends with."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from conftest import ROLL, Run, fetch, found, verified

import export_check

COMMANDS = [
    [], ["demo"], ["init"], ["serve"], ["import"], ["import", "roll"], ["import", "budget"], ["verify"], ["export"],
    ["backup"], ["restore"], ["keys"], ["keys", "list"], ["keys", "make"], ["act"],
]  # fmt: skip


def change(data: Path, sql: str, *values: object, file: str = "ledger.sqlite") -> None:
    connection = sqlite3.connect(data / file)
    with connection:
        assert connection.execute(sql, values).rowcount > 0, f"nothing was changed: {sql}"
    connection.close()


def flipped(blob: bytes, at: int) -> bytes:
    return blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]


# Founding and help


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(words) or "linlian")
def test_help_everywhere(run: Run, command: list[str]) -> None:
    text = run(*command, "--help").stdout
    assert "USAGE:" in text and len(text.splitlines()) > 4


def test_exit_codes_are_documented(run: Run) -> None:
    assert "Exit codes: 0" in run("--help").stdout
    assert run("--version").stdout.strip()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["frobnicate"], 64, "frobnicate"),
        (["verify"], 64, "give one of"),
        (["verify", "--data", "a", "--url", "b"], 64, "give one of"),
        (["serve"], 64, "--data"),
        (["serve", "--data", "nowhere", "--port", "70000"], 64, "--port"),
        (["restore", "--data", "nowhere"], 64, "--from"),
        (["serve", "--data", "nowhere"], 1, "linlian init"),
        (["verify", "--data", "nowhere"], 1, "linlian init"),
        (["verify", "nowhere.tlog-proof"], 1, "cannot be read"),
        (["import", "roll", "nowhere.csv", "--data", "nowhere"], 1, "linlian init"),
    ],
)
def test_wrong_words_get_one_line_that_helps(
    run: Run, tmp_path: Path, words: list[str], code: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert says in run(*words, code=code).stderr
    assert not list(tmp_path.iterdir()), "something was written"


def test_init_founds_once(run: Run, tmp_path: Path) -> None:
    data = found(run, tmp_path)
    secrets = list((data / "keys").glob("*.key"))
    assert len(secrets) == 8
    assert all(path.stat().st_mode & 0o077 == 0 for path in secrets), "a secret key that others may read"
    before = (data / "node.json").read_bytes()
    assert "data.exists" in run("init", "--data", data, "--origin", "example.org/other", code=1).stderr
    assert (data / "node.json").read_bytes() == before
    for bad in ["", "with space", "名", "a" * 201]:
        assert "--origin" in run("init", "--data", tmp_path / "bad", "--origin", bad, code=1).stderr
    assert not (tmp_path / "bad").exists()
    report = verified(run, data)
    assert (report["blocks"], report["transactions"], report["leaves"]) == (1, 1, 2)


def test_keys_never_show_secrets(run: Run, tmp_path: Path) -> None:
    data = found(run, tmp_path)
    listed = run("keys", "--data", data).stdout
    assert "jiedao" in listed and "log verifier" in listed
    for path in (data / "keys").glob("*.key"):
        assert path.read_text().split()[1] not in listed
    run("keys", "make", "second", "--data", data)
    assert "already" in run("keys", "make", "second", "--data", data, code=1).stderr
    assert run("keys", "make", "../x", "--data", data, code=64).stderr


# Acting


def test_act_is_executed_refused_or_printed(run: Run, tmp_path: Path) -> None:
    data = found(run, tmp_path)
    roll = tmp_path / "roll.csv"
    roll.write_text(ROLL, encoding="utf-8")
    run("import", "roll", roll, "--data", data)
    body = {
        "closes": int((time.time() + 40 * 86_400) * 1_000), "matter": 1, "motion": "m1", "scope": "estate",
        "text": "text", "title": "选聘物业服务企业",
    }  # fmt: skip

    def act(change: dict[str, object], code: int, *more: str) -> subprocess.CompletedProcess[str]:
        words = ["act", "assembly.openMotion", "--key", "jiedao", "--data", data, *more]
        return run(*words, "--body", json.dumps({**body, **change}), code=code)

    before = verified(run, data)
    assert act({"title": "电话 13800138000"}, 1).stderr.strip() == "refused: personalData.phone at body.title"
    assert "field.type at body.matter" in act({"matter": "1"}, 1).stderr
    assert "json.float" in act({"matter": 1.5}, 1).stderr
    assert "account.role" in act({}, 1, "--as", "party:wuye").stderr
    assert "no key called nobody" in run(
        "act", "assembly.openMotion", "--key", "nobody", "--body", "{}", "--data", data, code=1
    ).stderr
    printed = act({}, 0, "--print").stdout
    assert printed.startswith("linlian/tx/v1\nES256 ") and printed.count("\n") == 3
    assert verified(run, data)["root"] == before["root"], "a refused or printed act was written"
    accepted = act({}, 0).stdout
    assert re.fullmatch(r"accepted\t[0-9a-f]{64}\tleaf \d+\n", accepted)
    assert act({}, 1).stdout.startswith("rejected ")
    assert verified(run, data)["transactions"] == before["transactions"] + 2


# Exporting and checking


def test_export_is_accepted_by_an_independent_checker(run: Run, data: Path, tmp_path: Path) -> None:
    report = verified(run, data)
    out = tmp_path / "out"
    assert f"{report['leaves']} leaves" in run("export", "--data", data, "--out", out).stdout
    counts = export_check.check(out, data / "policy")
    assert counts["size"] == report["leaves"] > 256
    assert counts["transactions"] == report["transactions"]
    assert counts["blocks"] == report["blocks"]
    exported = json.loads(run("verify", "--export", out, "--json").stdout)
    assert {**exported, "seconds": 0} == {**report, "seconds": 0}
    assert "not empty" in run("export", "--data", data, "--out", out, code=1).stderr


def test_a_damaged_export_is_refused(run: Run, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("export", "--data", data, "--out", out)
    for name, says in [
        ("tile/entries/000", "leaf "), ("tile/0/000", "tile/0/000"), ("checkpoint", "checkpoint"),
    ]:  # fmt: skip
        path = out / name
        good = path.read_bytes()
        path.write_bytes(flipped(good, len(good) // 2))
        assert says in run("verify", "--export", out, code=1).stderr, name
        path.write_bytes(good)
    run("verify", "--export", out)
    (out / "tile/entries/000").unlink()
    assert "tile/entries/000" in run("verify", "--export", out, code=1).stderr


# Damage


def first(data: Path, pattern: bytes, after: int = 0) -> tuple[int, bytes]:
    for index, leaf in fetch(data, "SELECT idx, data FROM leaf WHERE idx >= ? ORDER BY idx", after):
        if pattern in leaf:
            return index, leaf
    raise AssertionError(f"no leaf holds {pattern!r}")


def damage_leaf(data: Path, part: str) -> str:
    index, leaf = first(data, b"budgeting.castBallot", after=30)
    ends = [at for at, byte in enumerate(leaf) if byte == 10]
    at = {"signature": ends[1] - 20, "payload": ends[2] - 60, "outcome": ends[3] - 1, "events": ends[4] - 5}[part]
    change(data, "UPDATE leaf SET data = ? WHERE idx = ?", flipped(leaf, at), index)
    return f"leaf {index}"


def damage_seal(data: Path, line: int) -> str:
    height, size = fetch(data, "SELECT height, size FROM block ORDER BY height LIMIT 1 OFFSET 5")[0]
    ((leaf,),) = fetch(data, "SELECT data FROM leaf WHERE idx = ?", size - 1)
    ends = [at for at, byte in enumerate(leaf) if byte == 10]
    change(data, "UPDATE leaf SET data = ? WHERE idx = ?", flipped(leaf, ends[line] - 1), size - 1)
    return f"leaf {size - 1}|block {height}\\b"


def damage_tile(data: Path, at: int) -> str:
    ((tile,),) = fetch(data, "SELECT data FROM tile WHERE level = 0 AND idx = 0")
    change(data, "UPDATE tile SET data = ? WHERE level = 0 AND idx = 0", flipped(tile, at))
    return f"tile 0/0.*place {at // 32}"


def damage_state(data: Path) -> str:
    # The last row of a key that is there: an earlier one may be of no account any more.
    seq, key, value = fetch(
        data,
        "SELECT seq, key, value FROM state WHERE CAST(key AS TEXT) LIKE 'registry/unit/%' ORDER BY seq DESC LIMIT 1",
        file="state.sqlite",
    )[0]  # fmt: skip
    change(data, "UPDATE state SET value = ? WHERE seq = ?", flipped(value, len(value) // 2), seq, file="state.sqlite")
    return "state key " + re.escape(key.decode())


def damage_checkpoint(data: Path) -> str:
    height, signed = fetch(data, "SELECT height, checkpoint FROM block ORDER BY height DESC LIMIT 1")[0]
    change(data, "UPDATE block SET checkpoint = ? WHERE height = ?", flipped(signed, len(signed) - 20), height)
    return f"checkpoint of block {height}\\b"


DAMAGES = {
    **{part: lambda data, part=part: damage_leaf(data, part) for part in ["signature", "payload", "outcome", "events"]},
    **{f"seal line {line}": lambda data, line=line: damage_seal(data, line) for line in range(8)},
    "tile": lambda data: damage_tile(data, 4_000),
    "state": damage_state,
    "checkpoint": damage_checkpoint,
}


@pytest.mark.parametrize("name", DAMAGES)
def test_one_byte_changed_is_found_and_not_served(run: Run, data: Path, name: str) -> None:
    place = DAMAGES[name](data)
    ended = run("verify", "--data", data, code=1)
    assert re.search(place, ended.stderr, re.DOTALL), f"{place} is not named: {ended.stderr}"
    assert len(ended.stderr.strip().splitlines()) == 1
    refused = run("serve", "--data", data, "--port", "0", code=2)
    assert "linlian restore" in refused.stderr and "backup" in refused.stderr or "--rebuild-state" in refused.stderr


def test_ids_and_earlier_checkpoints_are_checked_too(run: Run, data: Path) -> None:
    height, ids = fetch(data, "SELECT height, ids FROM block WHERE length(ids) > 64 LIMIT 1")[0]
    change(data, "UPDATE block SET ids = ? WHERE height = ?", flipped(ids, 40), height)
    ended = run("verify", "--data", data, code=1)
    assert f"block {height}: audit.ids" in ended.stderr
    change(data, "UPDATE block SET ids = ? WHERE height = ?", ids, height)
    signed = fetch(data, "SELECT checkpoint FROM block WHERE height = 2")[0][0]
    change(data, "UPDATE block SET checkpoint = ? WHERE height = 2", flipped(signed, len(signed) - 30))
    assert "checkpoint of block 2" in run("verify", "--data", data, code=1).stderr
    change(data, "UPDATE block SET checkpoint = ? WHERE height = 2", signed)
    change(data, "UPDATE block SET time = time + 1 WHERE height = 2")
    assert "block 2" in run("verify", "--data", data, code=1).stderr
    change(data, "UPDATE block SET time = time - 1 WHERE height = 2")
    change(data, "UPDATE leaf SET data = data WHERE idx = 0")
    verified(run, data)


def test_a_file_that_is_no_database_is_refused(run: Run, data: Path) -> None:
    for file in ["ledger.sqlite-wal", "ledger.sqlite-shm"]:
        (data / file).unlink(missing_ok=True)
    (data / "ledger.sqlite").write_bytes(b"not a database" * 1_000)
    assert "restore" in run("serve", "--data", data, "--port", "0", code=2).stderr
    assert run("verify", "--data", data, code=2).stderr


# Backup and restore


def test_backup_and_restore(run: Run, data: Path, tmp_path: Path) -> None:
    report = verified(run, data)
    copy = tmp_path / "copy"
    run("backup", "--data", data, "--out", copy)
    assert copy.stat().st_mode & 0o077 == 0, "a backup holds secret keys"
    assert "exists already" in run("backup", "--data", data, "--out", copy, code=1).stderr
    assert verified(run, copy)["root"] == report["root"]
    damage_leaf(data, "payload")
    run("verify", "--data", data, code=1)
    restored = run("restore", "--data", data, "--from", copy).stdout
    assert f"{report['leaves']} leaves, checked" in restored
    assert verified(run, data)["root"] == report["root"]
    assert (data.parent / (data.name + ".damaged") / "ledger.sqlite").exists(), "the damaged ledger is gone"
    roll = tmp_path / "more.csv"
    roll.write_text("unit,building,area,area_source,owner\n9-101,9,70.00,registry,x\n", encoding="utf-8")
    run("import", "roll", roll, "--data", data)
    assert verified(run, data)["transactions"] == report["transactions"] + 1


def test_a_damaged_backup_is_not_put_in_place(run: Run, data: Path, tmp_path: Path) -> None:
    report = verified(run, data)
    copy = tmp_path / "copy"
    run("backup", "--data", data, "--out", copy)
    damage_leaf(copy, "events")
    run("restore", "--data", data, "--from", copy, code=1)
    assert verified(run, data)["root"] == report["root"]


def test_the_state_is_rebuilt_from_the_log(run: Run, data: Path) -> None:
    report = verified(run, data)
    damage_state(data)
    assert "--rebuild-state" in run("serve", "--data", data, "--port", "0", code=2).stderr
    run("restore", "--data", data, "--rebuild-state")
    assert {**verified(run, data), "seconds": 0} == {**report, "seconds": 0}
    assert fetch(data, "SELECT height FROM snapshot", file="state.sqlite") == [(report["blocks"] - 1,)]
