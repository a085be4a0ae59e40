"""A node asks its witnesses to cosign: a real witness, one that nobody answers for, and restarts of both."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from conftest import Run, found, served
from networks import free_ports, write_parties

import notes


@contextlib.contextmanager
def witnessing(binary: Path, data: Path, number: int) -> Iterator[str]:
    process = subprocess.Popen(
        [binary, "witness", "serve", "--data", data, "--port", str(number)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout and process.stdout.readline().startswith("address ")
        yield f"http://127.0.0.1:{number}"
    finally:
        process.terminate()
        process.communicate(timeout=30)


def get(address: str, path: str) -> bytes:
    return urllib.request.urlopen(address + path, timeout=10).read()


T = TypeVar("T")


def until(look: Callable[[], T], seconds: float = 20) -> T:
    end = time.monotonic() + seconds
    while True:
        if found := look():
            return found
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def cosigned(address: str, key: str) -> bool:
    """Whether the newest checkpoint holds by a policy that needs the witness, read by the independent checker."""
    note = get(address, "/checkpoint")
    if f"\n— {key.split('+')[0]} " not in note.decode():
        return False
    log = next(line for line in get(address, "/policy").decode().split("\n") if line.startswith("log "))
    policy = notes.Policy.parse(f"{log}\nwitness w {key}\nquorum w\n".encode())
    return notes.verify_checkpoint(note, policy).size > 0


def metric(address: str, name: str, witness: str) -> int | None:
    text = get(address, "/metrics").decode()
    match = re.search(rf'^{name}{{witness="{witness}"}} (\d+)$', text, re.MULTILINE)
    return int(match[1]) if match else None


def grow(run: Run, address: str, data: Path, number: int) -> None:
    text = run(
        "act", "constitution.withdraw", "--key", "jiedao", "--data", data, "--print", "--body",
        json.dumps({"proposal": f"p{number}"}),
    ).stdout
    request = urllib.request.Request(
        address + "/api/v1/transactions", data=text.encode(), method="POST", headers={"Content-Type": "text/plain"}
    )
    assert urllib.request.urlopen(request, timeout=20).status == 200


def test_a_solo_node_is_witnessed(run: Run, binary: Path, tmp_path: Path) -> None:
    data, witness = found(run, tmp_path), tmp_path / "witness"
    key = run("witness", "init", "--data", witness, "--name", "example.org/district").stdout.strip()
    dead = run("witness", "init", "--data", tmp_path / "dead", "--name", "example.org/dead").stdout.strip()
    run("witness", "add", "--data", witness, "--policy", data / "policy")
    number, nobody = free_ports(2)
    network = {
        "peers": [],
        "witnesses": [
            {"name": "dead", "key": dead, "url": f"http://127.0.0.1:{nobody}"},
            {"name": "district", "key": key, "url": f"http://127.0.0.1:{number}"},
        ],
    }
    (data / "network.json").write_text(json.dumps(network), encoding="utf-8")
    with served(binary, data) as address:
        # Nobody is there yet: acts are answered as fast as ever.
        started = time.monotonic()
        grow(run, address, data, 1)
        assert time.monotonic() - started < 10
        until(lambda: (metric(address, "linlian_witness_failures_total", "district") or 0) > 0)
        assert metric(address, "linlian_witness_last_cosigned_seconds", "district") == 0
        with witnessing(binary, witness, number):
            until(lambda: cosigned(address, key))
            first = until(lambda: metric(address, "linlian_witness_last_cosigned_seconds", "district"))
            assert abs(first - time.time()) < 60
            grow(run, address, data, 2)
            until(lambda: cosigned(address, key))
        assert (metric(address, "linlian_witness_failures_total", "dead") or 0) > 0
        grow(run, address, data, 3)
    # The witness's cosignature is on disk, the ledger is whole, and the witness goes on from where it was.
    report = json.loads(run("verify", "--data", data, "--json").stdout)
    assert report["open"] == 0
    with witnessing(binary, witness, number), served(binary, data) as address:
        until(lambda: cosigned(address, key))
        grow(run, address, data, 4)
        until(lambda: cosigned(address, key))
    with served(binary, data) as address:
        # The newest checkpoint came back with its cosignature, and nobody had to be asked.
        assert cosigned(address, key)
        until(lambda: metric(address, "linlian_witness_last_cosigned_seconds", "district"))
    assert json.loads(run("verify", "--data", data, "--json").stdout)["leaves"] > report["leaves"]


@pytest.mark.parametrize(
    ("witness", "why"),
    [
        ('{name: d, url: "https://w.example.org", key: "x"}', "key: is no verifier key"),
        ('{name: d, url: "ftp://w.example.org", key: "x"}', "url: must begin"),
        ('{name: "d e", url: "https://w.example.org", key: "x"}', "name: must be one word"),
        ('{name: d, url: "https://w.example.org", key: "x", more: 1}', "no such field"),
    ],
)
def test_a_plan_with_a_bad_witness_is_refused(run: Run, tmp_path: Path, witness: str, why: str) -> None:
    parties = write_parties(tmp_path / "parties.yaml")
    parties.write_text(parties.read_text() + f"witnesses:\n  - {witness}\n")
    assert why in run("network", "init", "--parties", parties, "--out", tmp_path / "net", code=1).stderr


def test_every_node_of_a_network_asks_the_witnesses(run: Run, tmp_path: Path) -> None:
    key = run("witness", "init", "--data", tmp_path / "w", "--name", "example.org/district").stdout.strip()
    parties = write_parties(tmp_path / "parties.yaml")
    parties.write_text(
        parties.read_text() + f'witnesses:\n  - {{name: district, url: "https://w.example.org", key: "{key}"}}\n'
    )
    run("network", "init", "--parties", parties, "--out", tmp_path / "net")
    for party in ("jiedao", "jianguan"):
        network = json.loads((tmp_path / "net" / party / "node/network.json").read_text())
        assert network["witnesses"] == [{"key": key, "name": "district", "url": "https://w.example.org"}]
