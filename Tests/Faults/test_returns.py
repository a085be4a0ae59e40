"""Nodes that come back with an old copy or with nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from board import Board
from faults import Scene
from villain import Villain, compact

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
        fault.wait_for_final()


def test_a_new_node_comes_late(scene: Scene, villain: Villain) -> None:
    network, party = scene.network, "yeweihui"
    with scene.fault(
        "a node that starts from block 0 after etcd's history was cut off",
        "Its pages are behind until it has fetched the ledger from the others.",
    ) as fault:
        network.nodes[party].kill()
        board = Board(network, [party], are_started=False)
        put_back(scene, party, scene.scratch / "as-made" / party / "node")
        villain.do(compact(scene.engine.revision))
        fault.strike()
        fault.go_on(1)
        network.start_node(party, waits=False)
        fault.heal()
        network.wait_for(party)
        fault.wait_for_final()
        board.wait_for("compacted", "")
