"""Old leaves move to an object store: every request signed as botocore signs, every fault of the store survived."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROLL, Run, fetch, served, verified
from object_store import BUCKET, SECRET, ObjectStore, credentials, opened
from test_archive import count, first_id, get, receipt

import export_check

FAKETIME = Path(f"/usr/lib/{os.uname().machine}-linux-gnu/faketime/libfaketimeMT.so.1")
PREFIX = f"{BUCKET}/lane/one/"


@pytest.fixture
def store() -> Iterator[ObjectStore]:
    with opened() as store:
        yield store


def place(store: ObjectStore, folder: Path, **options: object) -> list[object]:
    return [
        *("--to", f"s3://{BUCKET}/lane/one", "--endpoint", store.endpoint, "--region", "cn-lane-1"),
        *("--credentials", credentials(folder, **options)),
    ]


def until(is_so: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def download(store: ObjectStore, folder: Path) -> Path:
    """What any tool that copies a bucket would write."""
    for key, content in store.objects.items():
        assert key.startswith("lane/one/")
        file = folder / key.removeprefix("lane/one/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


def figures(address: str) -> dict[str, float]:
    lines = [line for line in get(address, "/metrics").decode().splitlines() if line.startswith("linlian_archive")]
    return {line.split(" ")[0]: float(line.split(" ")[1]) for line in lines}


def post(address: str, text: bytes) -> dict[str, object]:
    return json.loads(urllib.request.urlopen(address + "/api/v1/transactions", text, timeout=30).read())


def refused(call: Callable[[], object]) -> urllib.error.HTTPError:
    with pytest.raises(urllib.error.HTTPError) as error:
        call()
    return error.value


@pytest.fixture(scope="session")
def old(binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that was founded and filled ten days ago; tests take a copy."""
    assert FAKETIME.is_file(), f"needs {FAKETIME}, of Debian's faketime"
    folder = tmp_path_factory.mktemp("old")
    data, roll = folder / "data", folder / "roll.csv"
    roll.write_text(ROLL, encoding="utf-8")
    vote = Path(__file__).resolve().parents[3] / "shared/data/pabulib/Netherlands_Assen_2024.pb"
    past = os.environ | {"LD_PRELOAD": str(FAKETIME), "FAKETIME": "-10d", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    for words in [
        ["init", "--origin", "example.org/lane"], ["import", "roll", roll], *[["import", "budget", vote]] * 9,
    ]:
        subprocess.run([binary, *words, "--data", data], env=past, check=True, capture_output=True, timeout=120)
    return data


@pytest.fixture
def aged(old: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(old, copy)
    return copy


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
    text = run(
        *("act", "constitution.withdraw", "--key", "jiedao", "--data", data, "--print"),
        *("--body", '{"proposal":"p1"}'),
    ).stdout.encode()
    with served(binary, data) as address:
        assert post(address, text)["status"] == "rejected"
        for _ in range(300):
            more = run("act", "constitution.withdraw", "--key", "jiedao", "--data", data, "--print", "--body",
                       '{"proposal":"p2"}').stdout.encode()
            known = post(address, more)
            if known["index"] // 256 > post(address, text)["index"] // 256:
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
            assert answer.code == 503 and json.loads(answer.read())["code"] == "archive.away"
        assert time.monotonic() - began < 15, "nobody waits for what has just failed"
        page = refused(lambda: get(address, f"/ledger/transactions/{id}"))
        assert page.code == 503 and "归档" in page.read().decode()
        # The ledger goes on, whoever sends what twice.
        assert refused(lambda: post(address, text)).code == 503
        fresh = run("act", "constitution.withdraw", "--key", "jiedao", "--data", data, "--print", "--body",
                    '{"proposal":"p3"}').stdout.encode()
        assert post(address, fresh)["status"] == "rejected"
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


def test_a_running_node_archives_by_itself(
    run: Run, binary: Path, aged: Path, tmp_path: Path, store: ObjectStore
) -> None:
    report, id, whole = verified(run, aged), first_id(aged), count(aged)
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
        while count(aged) - sent > whole - 1_024 or sent < 20:
            text = run("act", "constitution.withdraw", "--key", "jiedao", "--data", aged, "--print", "--body",
                       '{"proposal":"p1"}').stdout.encode()
            assert post(address, text)["status"] == "rejected"
            sent += 1
            assert sent < 2_000, "the node archives nothing"
        until(lambda: figures(address).get("linlian_archive_last_success_seconds", 0) > 0)
        assert figures(address)["linlian_archive_failing"] == 0
        assert receipt(address, id)[:200] == before[:200]
        run("verify", "--url", address)
        health = json.loads(get(address, "/api/v1/health"))["archive"]
        assert health["leaves"] >= 1_024 and "failure" not in health
        # What is younger than three days stays.
        boundary = health["leaves"]
        newest = fetch(aged, "SELECT max(size) FROM block WHERE time < ?", int((time.time() - 3 * 86_400) * 1_000))[0][0]
        assert boundary == newest & ~255 and count(aged) == fetch(aged, "SELECT max(size) FROM block")[0][0] - boundary
    assert verified(run, aged)["leaves"] >= report["leaves"] + 2 * 20
    # The file does not grow where leaves went: their pages are free for what comes.
    assert fetch(aged, "PRAGMA freelist_count")[0][0] > 0

    # The archive alone is a whole log, and brings a node back.
    copy = download(store, tmp_path / "copy")
    size = export_check.check(copy)["size"]
    assert size > boundary
    assert json.loads(run("verify", "--export", copy, "--json").stdout)["leaves"] == size
    (height, parts), = [map(int, line.split()) for line in (copy / "snapshot/latest").read_text().splitlines()]
    rows, expected = snapshot_rows(copy, height, parts), report_state(aged, height)
    assert rows and (expected is None or rows == expected)
    seal = (copy / f"snapshot/{height}/seal").read_bytes()
    (copy / "seal.tlog-proof").write_bytes(seal)
    assert f"height {height}" in run("verify", copy / "seal.tlog-proof", "--policy", copy / "policy").stdout
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


def report_state(data: Path, height: int) -> dict[bytes, bytes] | None:
    """The same from the node's own file, if its snapshot is still the one of that height."""
    if fetch(data, "SELECT height FROM snapshot", file="state.sqlite")[0][0] != height:
        return None
    state: dict[bytes, bytes] = {}
    for key, value in fetch(data, "SELECT key, value FROM state ORDER BY seq", file="state.sqlite"):
        if value is None:
            state.pop(key, None)
        else:
            state[key] = value
    return state


def test_killed_in_the_middle(
    run: Run, binary: Path, aged: Path, tmp_path: Path, store: ObjectStore
) -> None:
    report, id, whole = verified(run, aged), first_id(aged), count(aged)
    store.stop()
    # Written by hand: the command would archive at once.
    (aged / "archive.json").write_text(json.dumps({
        "keepDays": 3,
        "s3": {
            "bucket": BUCKET, "prefix": "lane/one", "endpoint": store.endpoint, "region": "cn-lane-1",
            "credentials": str(credentials(tmp_path)),
        },
    }))
    moments = {"answers": [1, 3, 5, 9, 14, 20], "deleted": [1, 900]}
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
                    lambda: len(store.answers) >= began + limit if what == "answers" else left - count(aged) >= limit
                    or count(aged) < whole - 1_500)
            finally:
                node.send_signal(signal.SIGKILL)
                node.communicate(timeout=30)
            assert {**verified(run, aged), "seconds": 0} == {**report, "seconds": 0}, f"killed at {what} {limit}"
    assert count(aged) < whole
    with served(binary, aged) as address:
        until(lambda: figures(address).get("linlian_archive_last_success_seconds", 0) > 0)
        assert receipt(address, id)
    boundary = fetch(aged, "SELECT value FROM mark WHERE name = 'archived'")[0][0]
    assert count(aged) == report["leaves"] - boundary and boundary >= 1_024
    assert {**verified(run, aged), "seconds": 0} == {**report, "seconds": 0}
