"""A node comes back from its archive alone: with the snapshot that lies there, or executing everything."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from archives import act, first_id, place, post, receipt
from conftest import Run, fetch, served, verified
from object_store import BUCKET, ObjectStore, opened

# Blocks that the archive has and its snapshot has not.
LATER = 7


def kept(archive: Path, data: Path) -> Path:
    """The folder without its ledger, as after a lost disk: keys and policy are there."""
    lost = archive.parent / "lost"
    shutil.copytree(data, lost, ignore=shutil.ignore_patterns("*.sqlite*", "archive.json"))
    return lost


def grow_without_snapshot(run: Run, binary: Path, data: Path) -> None:
    """Adds blocks and kills the node, so that the snapshot of the state stays where it was."""
    node = subprocess.Popen([binary, "serve", "--data", data, "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert node.stdout is not None
        address = re.fullmatch(r"address (https?://\S+)\n", node.stdout.readline())
        assert address
        for number in range(LATER):
            assert post(address[1], act(run, data, number, "jiedao"))["status"] == "rejected"
    finally:
        node.send_signal(signal.SIGKILL)
        node.wait(10)


@pytest.fixture
def archived(run: Run, binary: Path, data: Path, tmp_path: Path) -> Path:
    """An archive whose snapshot is some blocks behind its log."""
    grow_without_snapshot(run, binary, data)
    archive = tmp_path / "archive"
    run("archive", "--data", data, "--to", archive, "--keep-blocks", LATER + 1)
    assert (archive / "snapshot/latest").read_text().count("\n") == 1
    return archive


def same(run: Run, data: Path, lost: Path) -> None:
    assert {**verified(run, lost), "seconds": 0} == {**verified(run, data), "seconds": 0}
    columns = "SELECT height, size, time, ids FROM block ORDER BY height"
    assert fetch(lost, columns) == fetch(data, columns)
    assert json.loads(run("diff", data, lost, "--json").stdout)["relation"] == "equal"


def test_with_the_snapshot(run: Run, binary: Path, data: Path, archived: Path) -> None:
    lost, id = kept(archived, data), first_id(data)
    said = run("restore", "--data", lost, "--from-archive", archived).stdout
    snapshot = int((archived / "snapshot/latest").read_text().split()[0])
    assert f"the state of block {snapshot} taken from its snapshot, {LATER} blocks after it executed" in said
    same(run, data, lost)
    with served(binary, data) as one, served(binary, lost) as other:
        assert receipt(other, id) == receipt(one, id)
        assert post(other, act(run, lost, 99, "jiedao"))["status"] == "rejected"
    # It holds every leaf itself, and goes on archiving when it is told to.
    assert not (lost / "archive.json").exists()
    assert "nothing to archive" not in run(
        "archive", "--data", lost, "--to", archived.parent / "new", "--keep-blocks", LATER + 1).stdout


def test_what_is_executed_again(run: Run, data: Path, archived: Path) -> None:
    lost = kept(archived, data)
    report = verified(run, data)
    assert f"{report['leaves']} leaves, checked" in run(
        "restore", "--data", lost, "--from-archive", archived, "--replay").stdout
    same(run, data, lost)
    shutil.rmtree(lost)
    lost = kept(archived, data)
    shutil.rmtree(archived / "snapshot")
    said = run("restore", "--data", lost, "--from-archive", archived).stdout
    assert f"no snapshot there: all {fetch(data, 'SELECT count(*) FROM block')[0][0]} blocks executed" in said
    same(run, data, lost)


def test_from_an_object_store(run: Run, binary: Path, data: Path, tmp_path: Path) -> None:
    grow_without_snapshot(run, binary, data)
    with opened() as store:
        where = place(store, tmp_path)
        run("archive", "--data", data, *where, "--keep-blocks", LATER + 1)
        named = ["--from-archive", f"s3://{BUCKET}/lane/one"]
        lost = kept(tmp_path / "archive", data)
        assert "--endpoint" in run("restore", "--data", lost, *named, code=1).stderr
        assert f"{LATER} blocks after it executed" in run("restore", "--data", lost, *named, *where[2:]).stdout
        same(run, data, lost)
        for words in [[], ["--replay"]]:
            # What archive.json knows need not be said again.
            shutil.rmtree(lost)
            shutil.copytree(data, lost, ignore=shutil.ignore_patterns("*.sqlite*"))
            run("restore", "--data", lost, *named, *words)
            same(run, data, lost)
        altered_in_store(run, store, lost, named)
        store.stop()
        assert "archive.unreachable" in run("restore", "--data", lost, *named, *where[2:], code=1).stderr


def altered_in_store(run: Run, store: ObjectStore, lost: Path, named: list[str]) -> None:
    before = sorted((path.name, path.stat().st_size) for path in lost.iterdir())
    part = next(key for key in store.objects if re.search(r"snapshot/\d+/000$", key))
    # The folder was restored, so archive.json is gone: everything must be said.
    options = ["--endpoint", store.endpoint, "--region", store.region, "--credentials", lost.parent / "credentials"]
    store.lies = lambda path, content: content[:-1] + b"?" if path == part else content
    assert "join.state" in run("restore", "--data", lost, *named, *options, code=1).stderr
    store.lies = lambda path, content: bytes(19 << 20) if path == part else content
    assert "join.snapshot" in run("restore", "--data", lost, *named, *options, code=1).stderr
    store.lies = lambda path, content: content * 3_000 if path.endswith("latest") else content
    assert "archive.answer" in run("restore", "--data", lost, *named, *options, code=1).stderr
    store.lies = lambda path, content: content
    assert sorted((path.name, path.stat().st_size) for path in lost.iterdir()) == before


def part(archive: Path) -> Path:
    return next((archive / "snapshot").glob("*/000"))


def edit(file: Callable[[Path], Path], change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def damage(archive: Path) -> None:
        path = file(archive)
        content = path.read_bytes()
        path.write_bytes(change(content))
        assert path.read_bytes() != content

    return damage


def at(name: str) -> Callable[[Path], Path]:
    return lambda archive: archive / name


def without_signatures(note: bytes) -> bytes:
    head, _, _ = note.partition(b"\n\n")
    return head + b"\n\n" + next(line for line in note.split(b"\n") if line.startswith("— example.org/lane ".encode())) + b"\n"


SNAPSHOT = [
    ("a value", edit(part, lambda text: re.sub(rb'"building":"1"', rb'"building":"2"', text, count=1)), "join.state"),
    ("rows of nobody", edit(part, lambda text: text + b"1 1\nab"), "join.state"),
    ("a row less", edit(part, lambda text: text[:text.index(b"\n", text.rindex(b"}", 0, -1) + 1) + 1]
                        if b"\n" in text[text.rindex(b"}", 0, -1):] else text[:-1]), "join."),
    ("cut off", edit(part, lambda text: text[:-5]), "join.snapshot"),
    ("empty", edit(part, lambda text: b""), "join.state"),
    ("missing", lambda archive: part(archive).unlink(), "join.snapshot"),
    ("one of many is missing", edit(at("snapshot/latest"), lambda text: text.replace(b" 1\n", b" 2\n")), "join.snapshot"),
    ("a block to come", lambda archive: to_come(archive), "join.snapshot"),
    ("another block", lambda archive: to_come(archive, -1), "join.state"),
    ("an unreadable list", edit(at("snapshot/latest"), lambda text: b"newest\n"), "join.snapshot"),
]

LOG = [
    ("a leaf", edit(at("tile/entries/000"), lambda text: text.replace(b"accepted", b"accapted", 1)), "join.leaf"),
    ("a leaf of the same form", edit(at("tile/entries/000"), lambda text: text.replace(b'"label":"1', b'"label":"2', 1)),
     "join.root"),
    ("a seal", edit(at("tile/entries/000"), lambda text: text.replace(b"\nheight 1\n", b"\nheight 3\n", 1)), "join."),
    ("a bundle is missing", lambda archive: next((archive / "tile/entries/001.p").iterdir()).unlink(), "join.bundle"),
    ("no checkpoint", lambda archive: (archive / "checkpoint").unlink(), "join.checkpoint"),
    ("a checkpoint that nobody cosigned", edit(at("checkpoint"), without_signatures), "signature.quorum-missing"),
    ("another root", edit(at("checkpoint"), lambda text: text.replace(text.split(b"\n")[2], b"A" * 43 + b"=", 1)),
     "signature."),
]


def to_come(archive: Path, step: int = 10_000) -> None:
    latest = archive / "snapshot/latest"
    height, parts = latest.read_text().split()
    (archive / "snapshot" / height).rename(archive / "snapshot" / str(int(height) + step))
    latest.write_text(f"{int(height) + step} {parts}\n")


@pytest.mark.parametrize(("damage", "code", "is_log"), [
    *(pytest.param(damage, code, False, id=f"snapshot: {name}") for name, damage, code in SNAPSHOT),
    *(pytest.param(damage, code, True, id=f"log: {name}") for name, damage, code in LOG),
])
def test_an_archive_that_was_changed_is_refused(
    run: Run, data: Path, archived: Path, damage: Callable[[Path], None], code: str, is_log: bool
) -> None:
    lost = kept(archived, data)
    before = sorted(path.name for path in lost.rglob("*"))
    damage(archived)
    said = run("restore", "--data", lost, "--from-archive", archived, code=1).stderr
    assert code in said and ("--replay" in said) is not is_log, said
    # Nothing is changed, and nothing is left lying about.
    assert sorted(path.name for path in lost.rglob("*")) == before
    assert not list(lost.parent.glob("lost.*"))
    if is_log:
        run("restore", "--data", lost, "--from-archive", archived, "--replay", code=1)
    else:
        run("restore", "--data", lost, "--from-archive", archived, "--replay")
        same(run, data, lost)


def test_the_policy_of_the_archive_is_not_asked(run: Run, data: Path, archived: Path, tmp_path: Path) -> None:
    """Who can write into the archive can write a policy there."""
    other = tmp_path / "other"
    run("init", "--data", other, "--origin", "example.org/lane")
    lost = kept(archived, data)
    run("archive", "--data", other, "--to", tmp_path / "theirs", "--keep-days", 3)
    theirs = tmp_path / "theirs"
    assert "signature." in run("restore", "--data", lost, "--from-archive", theirs, code=1).stderr
    shutil.copy(archived / "policy", tmp_path / "policy")
    (lost / "policy").unlink()
    run("restore", "--data", lost, "--from-archive", archived, "--policy", tmp_path / "policy")
    same(run, data, lost)


def test_the_command_line(run: Run, data: Path) -> None:
    for words in [
        ["--from-archive", "a", "--from-export", "b"], ["--from-export", "a", "--replay"],
        ["--from-url", "http://127.0.0.1:1", "--endpoint", "http://127.0.0.1:2"], ["--replay"],
    ]:
        run("restore", "--data", data, *words, code=64)
    said = run("restore", "--data", data, "--from-archive", "a", "--region", "b", code=1).stderr
    assert "--from-archive s3://" in said
