"""etcd as a whole forgets: an old copy of all its data is put back, or it is set up anew with nothing.

Nothing final rests on etcd, so nothing final is lost; but what the nodes read from it no longer goes on where they are.
"""

from __future__ import annotations

from pathlib import Path

from board import Board
from checks import check_receipts
from faults import Scene
from network import ORDERING, PARTIES, until
from runbook import Runbook
from test_crashes import check_that_all_wait


def check_that_it_is_noticed(scene: Scene, board: Board, sizes: dict[str, int]) -> None:
    """What everybody sees while etcd has nothing to say about this ledger: what is wrong, and all that was final."""
    network = scene.network
    board.wait_for("rewound", "")
    check_that_all_wait(scene, ORDERING)
    for party in PARTIES:
        health = network.json(party, "/api/v1/health")
        assert not health["engineReached"] and "failure" not in health, f"{party}: {health}"
        assert board.metric(party, "linlian_engine_reached") == 0
        board.check_page(party, "page.health.warning.engine")
        status, body = network.get(party, "/healthz")
        assert status == 200, f"{party}: {body!r}"
        assert network.size(party) >= sizes[party], f"{party} has taken back what was final"
    early = [item for item in scene.everything if item.is_final][::100]
    assert len(early) > 10 and check_receipts(network, early, scene.policy) == len(early)


def test_etcd_is_put_back_from_an_old_copy(scene: Scene) -> None:
    network, book = scene.network, Runbook(scene.network)
    with scene.fault(
        "all of etcd put back from an old copy; the newest data found again",
        "\"Recorded here; waiting for the other parties\" everywhere, and the health pages say that the order has lost a part of its history. Pages and receipts stay.",
    ) as fault:
        old, newest = scene.scratch / "old-etcd", scene.scratch / "newest-etcd"
        network.stop_members()
        network.copy_members(old)
        network.start_members()
        fault.wait_for_final()
        board = Board(network, PARTIES)
        network.stop_members()
        fault.strike()
        sizes = {party: network.size(party) for party in PARTIES}
        network.move_members(newest)
        network.put_members(old)
        network.start_members()
        check_that_it_is_noticed(scene, board, sizes)
        book.recover_from_a_rewound_engine(newest)
        fault.heal()
        fault.wait_for_final(30)


def test_etcd_is_lost_whole(scene: Scene) -> None:
    network, book = scene.network, Runbook(scene.network)
    with scene.fault(
        "etcd lost whole and set up anew with nothing; its data found again",
        "The same.",
    ) as fault:
        lost = scene.scratch / "lost-etcd"
        board = Board(network, PARTIES)
        network.stop_members()
        fault.strike()
        sizes = {party: network.size(party) for party in PARTIES}
        network.move_members(lost)
        book.set_etcd_up_anew()
        check_that_it_is_noticed(scene, board, sizes)
        book.recover_from_a_lost_engine(lost)
        fault.heal()
        fault.wait_for_final(30)
