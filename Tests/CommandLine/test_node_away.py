"""A node that was away for so long that etcd has forgotten what it lacks: it comes from the other nodes, or from the archive."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from acts import get_json, until
from conftest import Run, fetch, verified
from networks import MEMBERS, OBSERVER, PARTIES, port, running, write_parties
from test_shared_ledger import act, meet

ACTS = 90
PARTY = OBSERVER


def etcdctl(net: Path, *words: str) -> str:
    admin = net / "jiedao/administration"
    ended = subprocess.run(
        [
            *("etcdctl", "--endpoints", f"127.0.0.1:{port(net, 'jiedao', 'etcd-client-port')}"),
            *("--cacert", admin / "ca.pem", "--cert", admin / "root.pem", "--key", admin / "root.key", *words),
        ],
        capture_output=True, text=True, timeout=30, check=False, env={**os.environ, "ETCDCTL_API": "3"},
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def forget(net: Path) -> None:
    """Cuts etcd's history off at its newest entry."""
    status = json.loads(etcdctl(net, "endpoint", "status", "--write-out", "json"))
    etcdctl(net, "compact", str(status[0]["Status"]["header"]["revision"]))


@pytest.fixture(scope="module")
def away(run: Run, binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that stands still. One node has only block 0, and etcd no longer has what came after it."""
    folder = tmp_path_factory.mktemp("away")
    net = folder / "net"
    run("network", "init", "--parties", write_parties(folder / "parties.yaml"), "--out", net)
    shutil.copytree(net / PARTY / "node", folder / "young")
    with running(binary, net):
        for number in range(ACTS):
            act(run, net, MEMBERS[number % 2])
        meet(net)
        forget(net)
    shutil.move(net / PARTY / "node", folder / "grown")
    shutil.move(folder / "young", net / PARTY / "node")
    return net


@pytest.fixture
def copy(away: Path, tmp_path: Path) -> Path:
    target = tmp_path / "net"
    shutil.copytree(away, target)
    return target


def blocks(data: Path) -> list[tuple]:
    return fetch(data, "SELECT height, size, time, ids FROM block ORDER BY height")


def signed(data: Path) -> int:
    return fetch(data, "SELECT count(*) FROM block WHERE instr(checkpoint, x'0A0A') > 0")[0][0]


def test_it_catches_up_from_the_others(run: Run, binary: Path, copy: Path) -> None:
    data, other = copy / PARTY / "node", copy / "jiedao/node"
    assert len(blocks(data)) == 1 and len(blocks(other)) > ACTS
    with running(binary, copy):
        size = meet(copy)
        act(run, copy, "jiedao")
        until("the act is final", lambda: meet(copy) > size)
        assert "compacted" in json.dumps(get_json(copy, PARTY, "/api/v1/health"))
    assert blocks(data) == blocks(other)
    # One checkpoint for a run, and for what was made since.
    assert signed(data) < 10 < signed(other)
    for party in PARTIES:
        verified(run, copy / party / "node")


def test_it_is_killed_while_it_catches_up(run: Run, binary: Path, copy: Path, tmp_path: Path) -> None:
    """Wherever that comes, there is a ledger that opens and goes on."""
    data, other = copy / PARTY / "node", copy / "jiedao/node"
    shutil.copytree(data, tmp_path / "young")
    lengths = set()
    with running(binary, copy, "--only", ",".join(MEMBERS)):
        for tenths in range(2, 14):
            shutil.rmtree(data)
            shutil.copytree(tmp_path / "young", data)
            words = [binary, "serve", "--data", data, "--port", str(port(copy, PARTY, "node-port"))]
            node = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(tenths / 10)
            node.kill()
            node.wait(10)
            lengths.add(len(blocks(data)))
            assert blocks(data) == blocks(other)[:len(blocks(data))]
            verified(run, data)
    assert len(lengths) > 1, f"it was always killed at the same place: {lengths}"
    with running(binary, copy):
        meet(copy)


def test_a_node_comes_back_from_its_archive(run: Run, binary: Path, copy: Path, tmp_path: Path) -> None:
    data, archive = copy / "juweihui/node", tmp_path / "archive"
    run("archive", "--data", data, "--to", archive, "--keep-days", 3)
    report = verified(run, data)
    for file in [*data.glob("*.sqlite*"), data / "archive.json"]:
        file.unlink()
    said = run("restore", "--data", data, "--from-archive", archive).stdout
    assert f"{report['leaves']} leaves, checked against the cosigned checkpoint; the state of block" in said
    assert "0 blocks after it executed" in said
    assert {**verified(run, data), "seconds": 0} == {**report, "seconds": 0}
    with running(binary, copy):
        meet(copy)
        act(run, copy, "juweihui")
        until("the act is final", lambda: meet(copy) > report["leaves"])
    assert blocks(data) == blocks(copy / "jiedao/node")
