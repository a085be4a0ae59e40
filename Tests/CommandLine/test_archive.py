"""Old leaves move to a folder; the node starts, serves and proves as before, and says so where the archive is needed."""

from __future__ import annotations

import json
import shutil
import sqlite3
import urllib.error
from pathlib import Path

import pytest
from archives import count, first_id, get, receipt
from conftest import Run, fetch, served, verified

import export_check


def test_old_leaves_move_and_everything_still_works(run: Run, binary: Path, data: Path, tmp_path: Path) -> None:
    report, id, archive = verified(run, data), first_id(data), tmp_path / "archive"
    whole = count(data)
    with served(binary, data) as address:
        before = receipt(address, id)
    said = run("archive", "--data", data, "--to", archive, "--keep-blocks", 1, "--shrink").stdout
    left = count(data)
    assert left < whole and (whole - left) % 256 == 0 and f"{whole - left} leaves" in said
    assert json.loads((data / "archive.json").read_text())["folder"] == str(archive)
    assert "nothing to archive" in run("archive", "--data", data, "--to", archive, "--keep-blocks", 1).stdout
    assert "the archive of this node is" in run(
        "archive", "--data", data, "--to", tmp_path / "x", "--keep-blocks", 1, code=1
    ).stderr

    with served(binary, data) as address:
        assert receipt(address, id) == before
        bundle = get(address, "/tile/entries/000")
        assert bundle == (archive / "tile/entries/000").read_bytes()
        run("verify", "--url", address)
    assert {**verified(run, data), "seconds": 0} == {**report, "seconds": 0}
    export = tmp_path / "export"
    run("export", "--data", data, "--out", export)
    assert export_check.check(export)["size"] == report["leaves"]
    assert json.loads(run("diff", data, export, "--json").stdout)["relation"] == "equal"
    # The archive is a whole log, to whoever checks it, and brings a node back.
    assert export_check.check(archive)["size"] == report["leaves"]
    assert json.loads(run("diff", data, archive, "--json").stdout)["relation"] == "equal"
    lost = tmp_path / "lost"
    shutil.copytree(data, lost, ignore=shutil.ignore_patterns("*.sqlite*"))
    run("restore", "--data", lost, "--from-export", archive)
    assert {**verified(run, lost), "seconds": 0} == {**report, "seconds": 0}
    # Acting goes on, and a backup knows where the old leaves are.
    run("act", "constitution.withdraw", "--key", "jiedao", "--data", data, "--body", '{"proposal":"p1"}', code=1)
    backup = tmp_path / "backup"
    run("backup", "--data", data, "--out", backup)
    assert verified(run, backup)["leaves"] == report["leaves"] + 2
    run("restore", "--data", data, "--rebuild-state")
    assert verified(run, data)["leaves"] == report["leaves"] + 2


def test_a_node_starts_without_its_archive(run: Run, binary: Path, data: Path, tmp_path: Path) -> None:
    id, archive = first_id(data), tmp_path / "archive"
    with served(binary, data):
        pass
    run("archive", "--data", data, "--to", archive, "--keep-blocks", 1)
    archive.rename(tmp_path / "away")
    with served(binary, data) as address:
        assert json.loads(get(address, "/healthz"))["status"] == "ok"
        newest = fetch(data, "SELECT ids FROM block WHERE length(ids) > 0 ORDER BY height DESC LIMIT 1")[0][0]
        assert receipt(address, newest[-32:].hex()).startswith("c2sp.org/tlog-proof@v1\n")
        with pytest.raises(urllib.error.HTTPError) as refused:
            receipt(address, id)
        assert refused.value.code >= 500
    assert "in the archive" in run("verify", "--data", data, code=2).stderr


def test_a_changed_archive_is_not_believed(run: Run, binary: Path, data: Path, tmp_path: Path) -> None:
    id, archive = first_id(data), tmp_path / "archive"
    run("archive", "--data", data, "--to", archive, "--keep-blocks", 1)
    bundle = archive / "tile/entries/000"
    bundle.write_bytes(bundle.read_bytes().replace(b"accepted", b"accapted", 1))
    with served(binary, data) as address, pytest.raises(urllib.error.HTTPError) as refused:
        receipt(address, id)
    assert refused.value.code >= 500
    assert "is not the ledger's" in run("verify", "--data", data, code=2).stderr


def test_nothing_is_deleted_that_was_not_written(run: Run, data: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    (archive / "tile/entries").mkdir(parents=True)
    (archive / "tile/entries/000").write_bytes(b"something else")
    whole = count(data)
    said = run("archive", "--data", data, "--to", archive, "--keep-blocks", 1, code=1).stderr
    assert "nothing was deleted" in said and count(data) == whole
    shutil.rmtree(archive)
    # A leaf that its tile does not name is not archived as if it were sound.
    connection = sqlite3.connect(data / "ledger.sqlite")
    connection.execute("UPDATE leaf SET data = data || x'0A' WHERE idx = 3")
    connection.commit()
    connection.close()
    assert "not those that their tile names" in run(
        "archive", "--data", data, "--to", archive, "--keep-blocks", 1, code=2
    ).stderr
    assert count(data) == whole


def test_by_age_and_while_a_node_runs(run: Run, binary: Path, data: Path, tmp_path: Path) -> None:
    assert "nothing to archive" in run("archive", "--data", data, "--to", tmp_path / "a", "--before-days", 30).stdout
    with served(binary, data):
        said = run("archive", "--data", data, "--to", tmp_path / "a", "--before-days", 0, code=1).stderr
        assert "another process is running the node" in said
    assert "leaves, up to block" in run("archive", "--data", data, "--to", tmp_path / "a", "--before-days", 0).stdout
    for words in [[], ["--keep-days", 0], ["--before-days", -1], ["--keep-days", 3, "--before-days", 3]]:
        run("archive", "--data", data, "--to", tmp_path / "a", *words, code=64)
    for text in ["{}", '{"folder":"a","keepDays":0}', '{"folder":"a","s3":{}}', "["]:
        (data / "archive.json").write_text(text)
        assert "data.archive" in run("archive", "--data", data, "--to", "a", "--before-days", 0, code=1).stderr
        assert "data.archive" in run("serve", "--data", data, "--port", 0, code=1).stderr
