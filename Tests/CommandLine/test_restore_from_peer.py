"""A damaged node comes back from a peer's public log: from its export, or from its address."""

from __future__ import annotations

from pathlib import Path

from conftest import Run, served
from test_command_line import damage_leaf, verified


def test_restore_from_an_export(run: Run, data: Path, tmp_path: Path) -> None:
    report = verified(run, data)
    export = tmp_path / "export"
    run("export", "--data", data, "--out", export)
    damage_leaf(data, "payload")
    assert "restore" in run("serve", "--data", data, "--port", "0", code=2).stderr
    assert f"{report['leaves']} leaves, checked" in run("restore", "--data", data, "--from-export", export).stdout
    assert {**verified(run, data), "seconds": 0} == {**report, "seconds": 0}
    assert (data.parent / (data.name + ".damaged") / "ledger.sqlite").exists()


def test_a_damaged_export_changes_nothing(run: Run, data: Path, tmp_path: Path) -> None:
    export = tmp_path / "export"
    run("export", "--data", data, "--out", export)
    bundle = export / "tile/entries/000"
    bundle.write_bytes(bundle.read_bytes().replace(b"accepted", b"accapted", 1))
    before = verified(run, data)
    run("restore", "--data", data, "--from-export", export, code=1)
    assert {**verified(run, data), "seconds": 0} == {**before, "seconds": 0}
    assert not (data.parent / (data.name + ".restoring")).exists()


def test_restore_from_a_running_peer(run: Run, binary: Path, data: Path, tmp_path: Path) -> None:
    report = verified(run, data)
    peer = tmp_path / "peer"
    run("backup", "--data", data, "--out", peer)
    with served(binary, peer) as address:
        damage_leaf(data, "payload")
        run("restore", "--data", data, "--from-url", address)
    assert {**verified(run, data), "seconds": 0} == {**report, "seconds": 0}
