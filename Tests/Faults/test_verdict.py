"""A party with two histories, and the sum of it all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from board import Board
from checks import check_checkpoints, check_receipts, contradictions, cosignatures
from faults import Scene
from network import PARTIES, PREFIX, until
from villain import Villain, put

BAD = "wuye"
FORGED = b"\7" * 32


@pytest.fixture(scope="module")
def villain(scene: Scene) -> Villain:
    return Villain(scene.network, BAD, scene.scratch / "forger")


def test_a_party_signs_two_histories(scene: Scene, villain: Villain) -> None:
    network = scene.network
    others = [party for party in PARTIES if party != BAD]
    with scene.fault(
        "somebody with a party's keys cosigns another history",
        "Nothing at the others: their health pages offer the evidence. That party's own node stops and says that somebody else signs with its key.",
        parties=others, mute=(BAD,),
    ) as fault:
        board = Board(network, others)
        fault.strike()
        # A size that the party has just cosigned, and sizes that the real log reaches soon, with a root that it never has.
        signed = [one for one in cosignatures(scene.engine.all()[-2_000:], scene.policy) if one.party == BAD]
        for size in (signed[-1].size, *(network.size("jiedao") + 200 + more for more in range(3))):
            villain.do(put(f"{PREFIX}/statements/{BAD}/cosigned", villain.checkpoint(size, FORGED)))
        board.wait_for("equivocation", BAD)
        until(
            "the party's own node has stopped",
            lambda: json.loads(network.get(BAD, "/healthz")[1] or b"{}").get("code") == "node.contradiction", 30,
        )
        fault.wait_for_final()
    forged = contradictions(cosignatures(scene.engine.all(), scene.policy), scene.log)
    assert forged and {one.party for one in forged} == {BAD}
    assert {one.root for one in forged} == {FORGED}
    for party in others:
        check_evidence(scene, party)


def check_evidence(scene: Scene, party: str) -> None:
    """A node offers evidence that anybody can read and check, and that does not bear a change."""
    network, folder = scene.network, scene.scratch / f"evidence-{party}"
    folder.mkdir()
    (folder / "policy").write_text(scene.policy)
    files = network.json(party, "/api/v1/health")["evidence"]
    assert files and {file["party"] for file in files} == {BAD}
    page = network.get(party, "/supervision")[1].decode()
    for file in files:
        address = f"/supervision/evidence/{file['digest']}.txt"
        assert address in page
        status, text = network.get(party, address)
        assert status == 200
        saved = folder / f"{file['digest']}.txt"
        saved.write_bytes(text)
        done = explain(scene, saved)
        assert done.returncode == 0 and f"{BAD} has signed a history that is not the ledger's" in done.stdout, done
        assert FORGED.hex() in done.stdout, done.stdout
        # Another party's name over the same signatures shows nothing.
        saved.write_bytes(text.replace(BAD.encode(), b"jiedao"))
        assert explain(scene, saved).returncode == 2


def explain(scene: Scene, file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [scene.network.binary, "verify", file, "--policy", file.parent / "policy"], capture_output=True, text=True,
        timeout=60, check=False,
    )


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
