"""`linlian diff` names where two copies part: made-up differences of each kind."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from conftest import ROLL, Run, fetch, found, served

import leaves
from merkle import leaf_hash


@pytest.fixture(scope="module")
def one(run: Run, grown: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of more than a tile, and some acts in blocks of their own at its end."""
    data = tmp_path_factory.mktemp("one") / "data"
    shutil.copytree(grown, data)
    for number in range(3):
        act(run, data, number)
    return data


def act(run: Run, data: Path, number: int) -> None:
    body = json.dumps({"proposal": f"p{number}"})
    run("act", "constitution.withdraw", "--key", "jiedao", "--data", data, "--body", body, code=1)


@pytest.fixture
def pair(one: Path, tmp_path: Path) -> tuple[Path, Path]:
    for name in "ab":
        shutil.copytree(one, tmp_path / name)
    return tmp_path / "a", tmp_path / "b"


def difference(run: Run, a: object, b: object) -> dict[str, object]:
    return json.loads(run("diff", a, b, "--json", code=1).stdout)


def rewrite(data: Path, height: int, change: Callable[[list[bytes]], list[bytes]]) -> int:
    """Changes one block's leaves, and makes tiles and later seals fit: another history, not a damaged file."""
    connection = sqlite3.connect(data / "ledger.sqlite")
    rows = dict(connection.execute("SELECT idx, data FROM leaf ORDER BY idx").fetchall())
    marked = {index: leaf for index, leaf in rows.items() if leaf.startswith(b"linlian/seal")}
    seals = {leaves.parse_seal(leaf, "").height: index for index, leaf in marked.items()}
    first = seals[height - 1] + 1 if height else 0
    changed = change([rows[index] for index in range(first, seals[height] + 1)])
    for offset, leaf in enumerate(changed):
        rows[first + offset] = leaf
    for later in range(height, max(seals) + 1):
        if later > height:
            seal = leaves.parse_seal(rows[seals[later]], "")
            digest = sha256(rows[seals[later - 1]]).hexdigest()
            rows[seals[later]] = rows[seals[later]].replace(seal.previous.encode(), digest.encode())
    for index, leaf in rows.items():
        connection.execute("UPDATE leaf SET data = ? WHERE idx = ?", (leaf, index))
    for level, tile in connection.execute("SELECT level, idx FROM tile WHERE level = 0").fetchall():
        hashes = b"".join(leaf_hash(rows[index]) for index in range(tile * 256, tile * 256 + 256))
        connection.execute("UPDATE tile SET data = ? WHERE level = ? AND idx = ?", (hashes, level, tile))
    assert not connection.execute("SELECT 1 FROM tile WHERE level > 1").fetchall()
    connection.commit()
    connection.close()
    return first


def last_height(data: Path) -> int:
    return fetch(data, "SELECT max(height) FROM block")[0][0]


def test_equal_and_the_beginning_of_the_other(run: Run, binary: Path, pair: tuple[Path, Path], tmp_path: Path) -> None:
    a, b = pair
    assert json.loads(run("diff", a, b, "--json").stdout)["relation"] == "equal"
    act(run, b, 7)
    assert json.loads(run("diff", a, b, "--json").stdout)["relation"] == "prefix"
    assert "is the beginning of" in run("diff", b, a).stdout
    export = tmp_path / "export"
    run("export", "--data", b, "--out", export)
    assert json.loads(run("diff", b, export, "--json").stdout)["relation"] == "equal"
    with served(binary, a) as address:
        assert json.loads(run("diff", export, address, "--json").stdout)["relation"] == "prefix"
    assert "neither a node" in run("diff", a, tmp_path / "nothing", code=1).stderr


def test_two_ledgers(run: Run, one: Path, tmp_path: Path) -> None:
    other = found(run, tmp_path)
    told = difference(run, one, other)
    assert (told["block"], told["leaf"], told["kind"]) == (0, 0, "genesis")
    assert "two ledgers" in run("diff", one, other, code=1).stdout


def test_another_transaction(run: Run, pair: tuple[Path, Path]) -> None:
    a, b = pair
    height = last_height(a) + 1
    act(run, a, 8)
    act(run, b, 9)
    told = difference(run, a, b)
    assert (told["block"], told["kind"]) == (height, "transaction")
    assert told["right"] == ["A", "B"], "both are possible: no rule says who is served first"
    assert told["transaction"]


def test_another_outcome_and_other_events(run: Run, pair: tuple[Path, Path]) -> None:
    a, b = pair
    height = last_height(a)

    original = fetch(a, "SELECT data FROM leaf ORDER BY idx DESC LIMIT 1 OFFSET 1")[0][0]
    code = original.split(b"\n")[-3]
    assert code.startswith(b"rejected ")
    first = rewrite(b, height, lambda block: [leaf.replace(code, b"rejected ledger.forged") for leaf in block])
    told = difference(run, a, b)
    assert (told["block"], told["leaf"], told["kind"], told["right"]) == (height, first, "outcome", ["A"])
    said = run("diff", b, a, code=1).stdout
    assert "B's block is right, A's is not" in said and "rejected ledger.forged" in said


def test_another_state_root_after_the_same_leaves(run: Run, pair: tuple[Path, Path]) -> None:
    a, b = pair
    height = last_height(a) - 1

    def forge(block: list[bytes]) -> list[bytes]:
        seal = leaves.parse_seal(block[-1], "")
        return [*block[:-1], block[-1].replace(seal.state.encode(), b"0" * 64)]

    rewrite(b, height, forge)
    told = difference(run, a, b)
    assert (told["block"], told["kind"], told["right"]) == (height, "state", ["A"])
    assert "another state root" in run("diff", a, b, code=1).stdout


def test_a_record_of_the_state_that_the_rules_do_not_give(run: Run, pair: tuple[Path, Path]) -> None:
    a, b = pair
    height = fetch(b, "SELECT height FROM snapshot", file="state.sqlite")[0][0]
    key = fetch(b, "SELECT key FROM state WHERE CAST(key AS TEXT) LIKE 'registry/%' ORDER BY key LIMIT 1", file="state.sqlite")[0][0]
    connection = sqlite3.connect(b / "state.sqlite")
    connection.execute("UPDATE state SET value = ? WHERE key = ?", (b'{"forged":1}', key))
    connection.commit()
    connection.close()

    def forge(block: list[bytes]) -> list[bytes]:
        seal = leaves.parse_seal(block[-1], "")
        return [*block[:-1], block[-1].replace(seal.state.encode(), b"1" * 64)]

    rewrite(b, height, forge)
    told = difference(run, a, b)
    assert (told["block"], told["stray"], told["key"]) == (height, "B", key.decode())
    assert '{"forged":1}' in run("diff", a, b, code=1).stdout


def test_state_keys_that_two_blocks_leave_differently(run: Run, tmp_path: Path) -> None:
    data = found(run, tmp_path)
    for name, area in (("a", "80.00"), ("b", "81.00")):
        shutil.copytree(data, tmp_path / name)
        roll = tmp_path / f"{name}.csv"
        roll.write_text(ROLL.split("\n")[0] + f"\n1-101,1,{area},registry,x,l,\n", encoding="utf-8")
        run("import", "roll", roll, "--data", tmp_path / name)
    told = difference(run, tmp_path / "a", tmp_path / "b")
    assert (told["kind"], told["right"]) == ("transaction", ["A", "B"])
    assert str(told["key"]).startswith("registry/")
    said = run("diff", tmp_path / "a", tmp_path / "b", code=1).stdout
    assert "8000" in said and "8100" in said


def test_a_leaf_that_its_tile_does_not_name_is_a_damaged_copy(run: Run, pair: tuple[Path, Path]) -> None:
    a, b = pair
    count = fetch(b, "SELECT count(*) FROM tile WHERE level = 0")[0][0]
    assert count > 0
    connection = sqlite3.connect(b / "ledger.sqlite")
    tile = connection.execute("SELECT data FROM tile WHERE level = 0 AND idx = 0").fetchone()[0]
    connection.execute("UPDATE tile SET data = ? WHERE level = 0 AND idx = 0", (tile[:32] + b"\0" * 32 + tile[64:],))
    connection.commit()
    connection.close()
    said = run("diff", a, b, code=1).stderr
    assert f"{b}: leaf 1 is not the one that its tile names" in said
