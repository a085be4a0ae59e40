"""A running node archives by itself; one that is killed meanwhile loses nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import (
    act, archived, count, download, expected, figures, first_id, get, place, post, receipt, until,
)
from conftest import Run, fetch, served, verified
from object_store import BUCKET, ObjectStore, credentials, opened

import export_check


@pytest.fixture
def store() -> Iterator[ObjectStore]:
    with opened() as store:
        yield store


@pytest.fixture(scope="session")
def old(binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that has lived through two months; tests take a copy."""
    data = tmp_path_factory.mktemp("old") / "data"
    with served(binary, data, command="demo"):
        pass
    return data


@pytest.fixture
def aged(old: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(old, copy)
    return copy


def test_a_running_node_archives_by_itself(
    run: Run, binary: Path, aged: Path, tmp_path: Path, store: ObjectStore
) -> None:
    report, id, whole, boundary = verified(run, aged), first_id(aged), count(aged), expected(aged)
    assert boundary >= 768, "more than one step of two bundles"
    with served(binary, aged) as address:
        before = receipt(address, id)
        words = ["archive", "--data", aged, *place(store, tmp_path), "--keep-days", 3]
        assert "from its next start on" in run(*words).stdout
        assert count(aged) == whole and not store.objects
        assert "another process is running" in run(*words[:-2], "--keep-blocks", 1, code=1).stderr
    store.delay = 0.01
    sent = 0
    with served(binary, aged) as address:
        # Transactions come in all the while.
        while archived(aged) < boundary or sent < 20:
            assert post(address, act(run, aged, sent, "yeweihui"))["status"] == "rejected"
            sent += 1
            assert sent < 2_000, "the node archives nothing"
        until(lambda: figures(address).get("linlian_archive_last_success_seconds", 0) > 0)
        assert figures(address)["linlian_archive_failing"] == 0
        assert figures(address)["linlian_archived_leaves"] == boundary
        assert receipt(address, id)[:200] == before[:200]
        run("verify", "--url", address)
        assert json.loads(get(address, "/api/v1/health"))["archive"]["leaves"] == boundary
        # What is younger than three days stays.
        size = fetch(aged, "SELECT max(size) FROM block")[0][0]
        assert archived(aged) == boundary and count(aged) == size - boundary and size >= whole + 2 * sent
    assert verified(run, aged)["leaves"] >= report["leaves"] + 2 * sent
    # The file does not grow where leaves went: their pages are free for what comes.
    assert fetch(aged, "PRAGMA freelist_count")[0][0] > 0

    # The archive alone is a whole log, and brings a node back.
    copy = download(store, tmp_path / "copy")
    size = export_check.check(copy)["size"]
    assert size > boundary
    assert json.loads(run("verify", "--export", copy, "--json").stdout)["leaves"] == size
    (height, parts), = [map(int, line.split()) for line in (copy / "snapshot/latest").read_text().splitlines()]
    rows = snapshot_rows(copy, height, parts)
    seal = (copy / f"snapshot/{height}/seal").read_bytes()
    (copy / "seal.tlog-proof").write_bytes(seal)
    assert "the receipt holds" in run("verify", copy / "seal.tlog-proof", "--policy", copy / "policy").stdout
    leaf = base64.b64decode(seal.split(b"\n")[1].removeprefix(b"extra ")).decode().split("\n")
    assert f"height {height}" in leaf and f"state {state_root(rows).hex()}" in leaf
    run("restore", "--data", aged, "--from-export", copy)
    assert verified(run, aged)["leaves"] == size


def snapshot_rows(folder: Path, height: int, parts: int) -> dict[bytes, bytes]:
    """The state that the rows of a snapshot make."""
    state: dict[bytes, bytes] = {}
    for part in range(parts):
        rest = (folder / f"snapshot/{height}/{part:03}").read_bytes()
        while rest:
            line, rest = rest.split(b"\n", 1)
            key, value = line.split(b" ")
            name, rest = rest[: int(key)], rest[int(key) :]
            if value == b"-":
                state.pop(name, None)
            else:
                state[name], rest = rest[: int(value)], rest[int(value) :]
    return state


def state_root(state: dict[bytes, bytes]) -> bytes:
    """The root of the sparse tree over a state, as docs/formats.md says."""

    def hashed(*parts: bytes) -> bytes:
        return hashlib.sha256(b"".join(parts)).digest()

    def root(leaves: list[tuple[bytes, bytes]], depth: int) -> bytes:
        if not leaves:
            return bytes(32)
        if len(leaves) == 1:
            return leaves[0][1]
        sides: tuple[list, list] = ([], [])
        for name, leaf in leaves:
            sides[name[depth // 8] >> (7 - depth % 8) & 1].append((name, leaf))
        return hashed(b"\1", root(sides[0], depth + 1), root(sides[1], depth + 1))

    names = [(hashed(key), hashed(value)) for key, value in state.items()]
    return root([(name, hashed(b"\0", name, value)) for name, value in names], 0)


def test_killed_in_the_middle(
    run: Run, binary: Path, aged: Path, tmp_path: Path, store: ObjectStore
) -> None:
    report, id, whole, boundary = verified(run, aged), first_id(aged), count(aged), expected(aged)
    store.stop()
    # Written by hand: the command would archive at once.
    (aged / "archive.json").write_text(json.dumps({
        "keepDays": 3,
        "s3": {
            "bucket": BUCKET, "prefix": "lane/one", "endpoint": store.endpoint, "region": "cn-lane-1",
            "credentials": str(credentials(tmp_path)),
        },
    }))
    moments = {"answers": [1, 3, 5, 9, 14, 20], "deleted": [1, 300]}
    with served(binary, aged) as address:
        until(lambda: figures(address).get('linlian_archive_failing{code="archive.unreachable"}') == 1)
        assert json.loads(get(address, "/healthz"))["status"] == "ok" and count(aged) == whole
        assert json.loads(get(address, "/api/v1/health"))["archive"]["failure"] == "archive.unreachable"
        assert "archive.unreachable" in get(address, "/supervision").decode()
    store.start()
    for what, limits in moments.items():
        for limit in limits:
            began, left = len(store.answers), count(aged)
            node = subprocess.Popen(
                [binary, "serve", "--data", aged, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                until(
                    lambda: len(store.answers) >= began + limit if what == "answers"
                    else left - count(aged) >= limit or archived(aged) == boundary)
            finally:
                node.send_signal(signal.SIGKILL)
                node.communicate(timeout=30)
            assert {**verified(run, aged), "seconds": 0} == {**report, "seconds": 0}, f"killed at {what} {limit}"
    assert count(aged) < whole
    with served(binary, aged) as address:
        until(lambda: figures(address).get("linlian_archive_last_success_seconds", 0) > 0)
        assert receipt(address, id)
    assert archived(aged) == boundary and count(aged) == report["leaves"] - boundary
    assert {**verified(run, aged), "seconds": 0} == {**report, "seconds": 0}
