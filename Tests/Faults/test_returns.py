"""Nodes that come back with an old copy or with nothing, a party with two histories, and the sum of it all."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from checks import check_checkpoints, check_receipts, contradictions, cosignatures
from faults import Scene
from network import PARTIES, until
from villain import Villain, compact, put

BAD = "wuye"


@pytest.fixture(scope="module")
def villain(scene: Scene) -> Villain:
    return Villain(scene.network, BAD, scene.scratch / "another-villain")


def put_back(scene: Scene, party: str, copy: Path) -> None:
    """The folder of a party's node becomes what it was once."""
    folder = scene.network.node(party)
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)


def test_an_old_copy_is_put_back(scene: Scene) -> None:
    network, party = scene.network, "jiedao"
    with scene.fault(
        "a node put back from a copy of its folder from the beginning of the tests",
        "Its pages are behind until it has caught up with the others.",
    ) as fault:
        network.nodes[party].kill()
        put_back(scene, party, scene.scratch / "old-copy")
        fault.strike()
        network.start_node(party, waits=False)
        fault.heal()
        network.wait_for(party)
        fault.go_on(3)


def test_a_new_node_comes_late(scene: Scene, villain: Villain) -> None:
    network, party = scene.network, "yeweihui"
    with scene.fault(
        "a node that starts from block 0 after etcd's history was cut off",
        "Its pages are behind until it has fetched the ledger from the others.",
    ) as fault:
        network.nodes[party].kill()
        put_back(scene, party, scene.scratch / "as-made" / party / "node")
        villain.do(compact(scene.engine.revision))
        fault.strike()
        fault.go_on(1)
        network.start_node(party, waits=False)
        fault.heal()
        network.wait_for(party)
        fault.go_on(4)


def test_a_party_signs_two_histories(scene: Scene, villain: Villain) -> None:
    network = scene.network
    others = [party for party in PARTIES if party != BAD]
    with scene.fault(
        "somebody with a party's keys cosigns another history",
        "Nothing at the others. That party's own node stops and says that somebody else signs with its key.",
        parties=others, mute=(BAD,),
    ) as fault:
        fault.strike()
        # A size that the real log reaches soon, and roots that it never has.
        size = network.size("jiedao")
        for more in range(3):
            villain.do(put(f"/linlian/example.org/faults/statements/{BAD}/cosigned", villain.checkpoint(size + 200 + more, b"\7" * 32)))
        fault.go_on(5)
        until(
            "the party's own node has stopped",
            lambda: json.loads(network.get(BAD, "/healthz")[1] or b"{}").get("code") == "node.contradiction", 15,
        )
    forged = contradictions(cosignatures(scene.engine.all(), scene.policy), scene.log)
    assert forged and {one.party for one in forged} == {BAD}
    assert {one.root for one in forged} == {b"\7" * 32}


def test_nothing_that_was_final_is_lost(scene: Scene) -> None:
    """The sum: every receipt once more from one node, every checkpoint ever given out, the whole ledger from outside."""
    network = scene.network
    size = network.wait_for_agreement([party for party in PARTIES if party != BAD])
    scene.log.read(network, "jianguan", size)
    assert check_receipts(network, scene.everything, scene.policy, ["jianguan"]) > 1_000
    assert check_checkpoints(scene.sizes.checkpoints, scene.log, scene.policy) > 100
    signed = cosignatures(scene.engine.all(), scene.policy)
    assert {one.party for one in signed} == set(PARTIES) and len(signed) > 100
    network.nodes["jianguan"].stop()
    out = scene.scratch / "export"
    data = network.node("jianguan")
    for words in (
        [network.binary, "verify", "--data", data],
        [network.binary, "export", "--data", data, "--out", out],
    ):
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    policy = scene.scratch / "policy"
    policy.write_text(scene.policy)
    checker = Path(__file__).parents[1] / "Independent/export_check.py"
    done = subprocess.run(
        [sys.executable, checker, out, "--policy", policy], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
