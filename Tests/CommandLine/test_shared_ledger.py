"""A ledger that several parties keep: exported, checked, damaged, and brought back from the others, on one machine."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run, fetch, verified
from networks import MEMBERS, PARTIES, port, running, write_parties

import export_check
import leaves


def address(net: Path, party: str) -> str:
    return f"http://127.0.0.1:{port(net, party, 'node-port')}"


def act(run: Run, net: Path, party: str) -> dict[str, object]:
    """One act of a party's clerk through its node. There is nothing to withdraw: it is refused, and on the ledger."""
    text = run(
        "act", "constitution.withdraw", "--key", party, "--data", net / party / "node", "--print",
        "--body", '{"proposal":"p1"}',
    ).stdout
    headers = {"Content-Type": "text/plain"}
    request = urllib.request.Request(
        address(net, party) + "/api/v1/transactions", data=text.encode(), method="POST", headers=headers
    )
    return json.loads(urllib.request.urlopen(request, timeout=30).read())


def size(net: Path, party: str) -> int:
    return json.loads(urllib.request.urlopen(address(net, party) + "/healthz", timeout=10).read())["size"]


def meet(net: Path, parties: tuple[str, ...] = PARTIES) -> int:
    """Waits until the nodes have the same final log."""
    for _ in range(300):
        sizes = {size(net, party) for party in parties}
        if len(sizes) == 1:
            return sizes.pop()
        time.sleep(0.1)
    pytest.fail(f"the nodes did not meet: {sizes}")


@pytest.fixture(scope="module")
def net(run: Run, binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that has worked for a while and stands still; tests take a copy."""
    folder = tmp_path_factory.mktemp("shared")
    net = folder / "net"
    run("network", "init", "--parties", write_parties(folder / "parties.yaml"), "--out", net)
    with running(binary, net):
        for party in MEMBERS * 4:
            act(run, net, party)
        meet(net)
    return net


@pytest.fixture
def copy(net: Path, tmp_path: Path) -> Path:
    target = tmp_path / "net"
    shutil.copytree(net, target)
    return target


def make_open(data: Path, blocks: int) -> None:
    """As if the newest blocks were not final yet: their checkpoints are text alone, and the mark stands before them."""
    connection = sqlite3.connect(data / "ledger.sqlite")
    last = connection.execute("SELECT max(height) FROM block").fetchone()[0]
    signed = connection.execute(
        "SELECT max(height) FROM block WHERE height <= ? AND instr(checkpoint, x'0A0A') > 0", (last - blocks,)
    ).fetchone()[0]
    for height, note in connection.execute("SELECT height, checkpoint FROM block WHERE height > ?", (signed,)).fetchall():
        text = note.split(b"\n\n")[0]
        connection.execute("UPDATE block SET checkpoint = ? WHERE height = ?", (text.rstrip(b"\n") + b"\n", height))
    connection.execute("UPDATE mark SET value = ? WHERE name = 'final'", (signed,))
    connection.commit()
    connection.close()


def test_every_copy_verifies_and_they_are_one(run: Run, net: Path) -> None:
    reports = [verified(run, net / party / "node") for party in PARTIES]
    assert len({(report["root"], report["stateRoot"], report["leaves"]) for report in reports}) == 1
    assert all(report["open"] == 0 and report["final"] == report["blocks"] - 1 for report in reports)
    # The exported policy file counts too, and one that asks for a stranger does not.
    run("verify", "--data", net / "wuye/node", "--policy", net / "policy")


def test_what_is_not_final_is_told(run: Run, copy: Path) -> None:
    data = copy / "juweihui/node"
    whole = verified(run, data)
    make_open(data, 2)
    report = verified(run, data)
    assert report["open"] >= 2 and report["final"] + report["open"] == whole["final"]
    assert "executed and not final" in run("verify", "--data", data).stdout


def test_a_checkpoint_without_a_quorum_is_refused(run: Run, copy: Path) -> None:
    data = copy / "wuye/node"
    connection = sqlite3.connect(data / "ledger.sqlite")
    height, note = connection.execute("SELECT height, checkpoint FROM block ORDER BY height DESC LIMIT 1").fetchone()
    kept = [line for line in note.decode().split("\n") if "/juweihui " not in line]
    connection.execute("UPDATE block SET checkpoint = ? WHERE height = ?", ("\n".join(kept).encode(), height))
    connection.commit()
    connection.close()
    said = run("verify", "--data", data, code=1).stderr
    assert f"checkpoint of block {height}: signature.quorum-missing" in said, said


def test_an_export_is_final_and_checked_by_anyone(run: Run, copy: Path, tmp_path: Path) -> None:
    data = copy / "jianguan/node"
    make_open(data, 1)
    final = json.loads(run("verify", "--data", data, "--json").stdout)["final"]
    export = tmp_path / "export"
    run("export", "--data", data, "--out", export)
    assert {"witness jiedao", "witness jianguan"} <= {
        " ".join(line.split(" ")[:2]) for line in (export / "policy").read_text().split("\n")
    }
    report = json.loads(run("verify", "--export", export, "--json").stdout)
    assert report["final"] == final
    counts = export_check.check(export)
    assert counts["blocks"] == report["blocks"]
    # A policy of fewer parties than the ledger itself names is not enough: its own state says who keeps it.
    text = (export / "checkpoint").read_text()
    (export / "checkpoint").write_text("\n".join(line for line in text.split("\n") if "/juweihui " not in line))
    weak = tmp_path / "weak"
    lines = (export / "policy").read_text().split("\n")
    weak.write_text("\n".join(line for line in lines if line.split(" ")[0] in {"log", "witness"}) + "\nquorum jiedao\n")
    said = run("verify", "--export", export, "--policy", weak, code=1).stderr
    assert "signature.quorum-missing" in said, said


def test_seals_have_clocks(net: Path) -> None:
    seals = [
        leaves.parse_seal(leaf, "seal")
        for (leaf,) in fetch(net / "wuye/node", "SELECT data FROM leaf ORDER BY idx")
        if leaf.startswith(b"linlian/seal/v1\n")
    ]
    assert seals[0].clock is None and all(seal.clock is not None for seal in seals[1:])
    assert {seal.proposer for seal in seals} == set(MEMBERS)


def test_nodes_come_back_from_the_others(run: Run, binary: Path, copy: Path, tmp_path: Path) -> None:
    for party in MEMBERS:
        run("backup", "--data", copy / party / "node", "--out", tmp_path / f"old-{party}")
    assert (tmp_path / "old-wuye/network.json").exists() and (tmp_path / "old-wuye/tls/node.key").exists()
    with running(binary, copy):
        for party in MEMBERS:
            act(run, copy, party)
        before = meet(copy)
        # What a resident downloads is checked with the policy that the node gives out.
        run("verify", "--url", address(copy, "wuye"))

    # An older copy; what this party has signed since is still known.
    signed = fetch(copy / "juweihui/node", "SELECT value FROM mark WHERE name = 'signed'")
    run("restore", "--data", copy / "juweihui/node", "--from", tmp_path / "old-juweihui")
    assert fetch(copy / "juweihui/node", "SELECT value FROM mark WHERE name = 'signed'") == signed
    # Another party's export.
    export = tmp_path / "export"
    run("export", "--data", copy / "wuye/node", "--out", export)
    run("restore", "--data", copy / "jiedao/node", "--from-export", export)
    note = fetch(copy / "jiedao/node", "SELECT checkpoint FROM block ORDER BY height DESC LIMIT 1")[0][0]
    assert note == (export / "checkpoint").read_bytes()
    # A node that has lost its disk, all but keys and certificates, while the others work on.
    lost = copy / "jianguan/node"
    (lost / "ledger.sqlite").write_bytes(b"not a ledger")
    with running(binary, copy, "--only", "jiedao,juweihui,wuye"):
        said = run("network", "rejoin", "--data", lost, "--party", "wuye").stdout
        assert "leaves from wuye, checked against the parties' cosignatures" in said
        # By a snapshot of the state, without which nothing could start from where the copy ends.
        assert len(fetch(lost, "SELECT height FROM snapshot", file="state.sqlite")) == 1
        said = run("network", "rejoin", "--data", lost, "--party", "wuye", "--replay").stdout
        assert "leaves from wuye, checked and executed" in said
        assert "juweihui, wuye" in run("network", "rejoin", "--data", lost, "--party", "nobody", code=1).stderr
    with running(binary, copy):
        for party in MEMBERS:
            act(run, copy, party)
        assert meet(copy) > before
    reports = [verified(run, copy / party / "node") for party in PARTIES]
    assert len({(report["root"], report["stateRoot"]) for report in reports}) == 1


def test_a_peer_that_lies_is_not_believed(run: Run, binary: Path, copy: Path, tmp_path: Path) -> None:
    export = tmp_path / "export"
    run("export", "--data", copy / "wuye/node", "--out", export)
    bundle = export / "tile/entries" / sorted(p.name for p in (export / "tile/entries").iterdir())[0]
    bundle = next(bundle.iterdir()) if bundle.is_dir() else bundle
    bundle.write_bytes(bundle.read_bytes().replace(b"rejected", b"rejectad", 1))
    before = (copy / "jiedao/node/ledger.sqlite").read_bytes()
    run("restore", "--data", copy / "jiedao/node", "--from-export", export, code=1)
    assert (copy / "jiedao/node/ledger.sqlite").read_bytes() == before
