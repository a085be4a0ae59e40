"""Old leaves move to an object store: every request signed as botocore signs, every fault of the store survived."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import act, count, download, figures, first_id, get, place, post, receipt, refused, until
from conftest import Run, served, verified
from object_store import BUCKET, SECRET, ObjectStore, credentials, opened

import export_check


@pytest.fixture
def store() -> Iterator[ObjectStore]:
    with opened() as store:
        yield store


def test_everything_is_read_from_the_store(
    run: Run, binary: Path, data: Path, tmp_path: Path, store: ObjectStore
) -> None:
    report, id, whole = verified(run, data), first_id(data), count(data)
    with served(binary, data) as address:
        before = receipt(address, id)
    # What is lost on the way does no harm: two busy answers, and two PUTs that were done though nobody was told.
    store.busy, store.lost_answers = 2, 2
    said = run("archive", "--data", data, *place(store, tmp_path), "--keep-blocks", 1, "--shrink").stdout
    left = count(data)
    assert left < whole and (whole - left) % 256 == 0 and f"{whole - left} leaves" in said
    assert store.count("PUT", 412) > 0 and store.count("GET", 403) == 0
    file = json.loads((data / "archive.json").read_text())
    assert file["s3"]["bucket"] == BUCKET and SECRET not in (data / "archive.json").read_text()
    puts = store.count("PUT")
    again = run("archive", "--data", data, "--to", f"s3://{BUCKET}/lane/one", "--keep-blocks", 1).stdout
    assert "nothing to archive" in again and store.count("PUT") == puts, "what is known is not asked for again"
    assert "the archive of this node is" in run(
        "archive", "--data", data, "--to", f"s3://{BUCKET}/lane/two", "--keep-blocks", 1, code=1
    ).stderr

    with served(binary, data) as address:
        assert receipt(address, id) == before
        assert get(address, "/tile/entries/000") == store.objects["lane/one/tile/entries/000"]
        assert json.loads(get(address, f"/api/v1/transactions/{id}"))["status"] == "accepted"
        for path in ["/ledger", "/ledger?upTo=3", "/ledger/blocks/1", f"/ledger/transactions/{id}", "/ledger/transactions"]:
            assert b"<h1" in get(address, path)
        asked = store.count("GET")
        assert receipt(address, id) == before and store.count("GET") == asked, "it is remembered"
        run("verify", "--url", address)
        assert figures(address)["linlian_archived_leaves"] == whole - left
    assert {**verified(run, data), "seconds": 0} == {**report, "seconds": 0}
    copy = download(store, tmp_path / "copy")
    assert export_check.check(copy)["size"] == report["leaves"]


def test_a_wrong_key_moves_nothing(run: Run, data: Path, tmp_path: Path, store: ObjectStore) -> None:
    whole = count(data)

    def said(*words: object) -> str:
        stderr = run("archive", "--data", data, *words, "--keep-blocks", 1, code=1).stderr
        assert SECRET not in stderr and "wrong-secret" not in stderr
        assert count(data) == whole and not store.objects and not (data / "archive.json").exists()
        return stderr

    for options, code in [
        ({"secret": "wrong-secret"}, "SignatureDoesNotMatch"), ({"key": "SOMEBODYELSE"}, "InvalidAccessKeyId"),
    ]:
        stderr = said(*place(store, tmp_path, **options))
        assert "refuses this access key" in stderr and code in stderr and "archive.refused" in stderr
        assert "nothing was deleted" in stderr
    store.region = "another-region"
    assert "archive.refused" in said(*place(store, tmp_path))
    store.region = "cn-lane-1"
    asked = len(store.answers)
    for mode in (0o640, 0o604, 0o622):
        assert "others can read the access key" in said(*place(store, tmp_path, mode=mode))
    words = place(store, tmp_path)
    credentials(tmp_path).write_text("aws_access_key_id = X\n")
    assert "does not hold an access key (archive.credentials)" in said(*words)
    credentials(tmp_path).unlink()
    assert "archive.credentials" in said(*words)
    assert len(store.answers) == asked, "nothing is asked without a key"
    credentials(tmp_path)
    assert "no such bucket" in said("--to", "s3://another/x", *words[2:])
    for words in [
        ["--to", "s3://UPPER/x"], ["--to", f"s3://{BUCKET}/../x"], ["--to", f"s3://{BUCKET}/a b"],
        ["--to", f"s3://{BUCKET}/x", "--endpoint", "ftp://127.0.0.1"],
        ["--to", f"s3://{BUCKET}/x", "--endpoint", store.endpoint + "/path"],
        ["--to", f"s3://{BUCKET}/x", "--endpoint", "http://user:password@127.0.0.1"],
    ]:
        assert "archive.place" in said("--endpoint", store.endpoint, *words)


def test_nothing_is_deleted_that_reads_back_otherwise(
    run: Run, data: Path, tmp_path: Path, store: ObjectStore
) -> None:
    whole = count(data)
    words = ["archive", "--data", data, *place(store, tmp_path), "--keep-blocks", 1]
    store.lies = lambda path, content: content[:-1] + b"?" if path.endswith("entries/000") else content
    assert "reads back otherwise" in (said := run(*words, code=1).stderr) and "nothing was deleted" in said
    assert count(data) == whole
    # The object is there now, and still is not the ledger's.
    assert "of another ledger, or damaged" in run(*words, code=1).stderr
    store.lies = lambda path, content: content * 3 if path.endswith("entries/000") and len(content) < 1 << 20 else content
    assert "archive.write" in run(*words, code=1).stderr
    store.lies = lambda path, content: bytes(21 << 20)
    assert "more than" in run(*words, code=1).stderr
    store.lies = lambda path, content: content
    store.busy = 1_000
    assert "archive.unreachable" in (said := run(*words, code=1).stderr) and "SlowDown" in said
    store.busy = 0
    store.stop()
    assert "archive.unreachable" in run(*words, code=1).stderr
    assert count(data) == whole
    store.start()
    store.knows_conditions = False
    store.objects.clear()
    run(*words)
    assert count(data) < whole and store.count("PUT", 501) > 0


def test_a_changed_or_lost_object_is_noticed_and_a_store_that_is_away_stops_nothing(
    run: Run, binary: Path, data: Path, tmp_path: Path, store: ObjectStore
) -> None:
    id = first_id(data)
    # A transaction that is sent again while its leaf cannot be read.
    text = act(run, data, 1, "jiedao")
    with served(binary, data) as address:
        first = post(address, text)
        assert first["status"] == "rejected"
        for number in range(300):
            if post(address, act(run, data, number, "jiedao"))["index"] // 256 > first["index"] // 256:
                break
    run("archive", "--data", data, *place(store, tmp_path), "--keep-blocks", 1)
    sound = dict(store.objects)
    name = "lane/one/tile/entries/000"
    store.objects[name] = sound[name].replace(b"accepted", b"accapted", 1)
    with served(binary, data) as address:
        assert refused(lambda: receipt(address, id)).code == 503
        store.objects[name] = sound[name]
        assert receipt(address, id)
    del store.objects[name]
    assert "not in the archive" in run("verify", "--data", data, code=2).stderr
    store.objects[name] = sound[name]
    store.stop()
    with served(binary, data) as address:
        assert json.loads(get(address, "/healthz"))["status"] == "ok"
        began = time.monotonic()
        for _ in range(4):
            answer = refused(lambda: receipt(address, id))
            assert answer.code == 503 and json.loads(answer.read())["error"]["code"] == "archive.away"
        assert time.monotonic() - began < 15, "nobody waits for what has just failed"
        page = refused(lambda: get(address, f"/ledger/transactions/{id}"))
        assert page.code == 503 and "归档" in page.read().decode()
        # The ledger goes on, whoever sends what twice.
        assert refused(lambda: post(address, text)).code == 503
        assert post(address, act(run, data, 3, "jiedao"))["status"] == "rejected"
        assert json.loads(get(address, "/healthz"))["status"] == "ok"
        assert figures(address)["linlian_archive_read_failures_total"] > 0
        store.start()
        time.sleep(3.1)
        assert receipt(address, id) and post(address, text)["status"] == "rejected"


def test_a_slow_store_holds_nobody_else_up(
    run: Run, binary: Path, data: Path, tmp_path: Path, store: ObjectStore
) -> None:
    id = first_id(data)
    with served(binary, data):
        pass
    run("archive", "--data", data, *place(store, tmp_path), "--keep-blocks", 1)
    store.delay = 2.0
    with served(binary, data) as address, contextlib.ExitStack() as stack:
        waiting = [
            stack.enter_context(
                subprocess.Popen(["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", f"{address}{path}"],
                                 stdout=subprocess.PIPE, text=True))
            for path in [f"/api/v1/receipts/{id}", "/tile/entries/000", f"/ledger/transactions/{id}"] * 2
        ]
        until(lambda: store.count("GET") >= 0 and all(process.poll() is None for process in waiting))
        slowest = 0.0
        for _ in range(20):
            began = time.monotonic()
            assert json.loads(get(address, "/healthz"))["status"] == "ok" and get(address, "/checkpoint")
            slowest = max(slowest, time.monotonic() - began)
        assert slowest < 1.5, "the threads of the server wait for the archive"
        assert [process.communicate(timeout=60)[0] for process in waiting] == ["200"] * 6
