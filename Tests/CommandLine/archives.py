"""What the tests of archives share."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run, fetch
from object_store import BUCKET, ObjectStore, credentials


def get(address: str, path: str) -> bytes:
    return urllib.request.urlopen(address + path, timeout=30).read()


def count(data: Path) -> int:
    return fetch(data, "SELECT count(*) FROM leaf")[0][0]


def first_id(data: Path) -> str:
    """A transaction whose leaf is in the first bundle, after block 0."""
    size, ids = fetch(data, "SELECT size, ids FROM block WHERE height > 0 AND length(ids) > 0 ORDER BY height LIMIT 1")[0]
    assert size < 256
    return ids[:32].hex()


def receipt(address: str, id: str) -> str:
    return get(address, f"/api/v1/receipts/{id}").decode()


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


def act(run: Run, data: Path, number: int, key: str) -> bytes:
    """A signed transaction that the ledger records and rejects."""
    body = json.dumps({"proposal": f"p{number}"})
    words = ["act", "constitution.withdraw", "--key", key, "--data", data, "--body", body, "--print"]
    return run(*words).stdout.encode()


def expected(data: Path) -> int:
    """How many leaves are to go when three days are kept."""
    limit = int((time.time() - 3 * 86_400) * 1_000)
    return fetch(data, "SELECT max(size) FROM block WHERE time < ?", limit)[0][0] & ~255


def archived(data: Path) -> int:
    return (fetch(data, "SELECT value FROM mark WHERE name = 'archived'") or [(0,)])[0][0]


def figures(address: str) -> dict[str, float]:
    lines = [line for line in get(address, "/metrics").decode().splitlines() if line.startswith("linlian_archive")]
    return {line.split(" ")[0]: float(line.split(" ")[1]) for line in lines}


def post(address: str, text: bytes) -> dict[str, object]:
    request = urllib.request.Request(
        address + "/api/v1/transactions", text, {"Content-Type": "application/vnd.linlian.tx"})
    return json.loads(urllib.request.urlopen(request, timeout=30).read())


def refused(call: Callable[[], object]) -> urllib.error.HTTPError:
    with pytest.raises(urllib.error.HTTPError) as error:
        call()
    return error.value
