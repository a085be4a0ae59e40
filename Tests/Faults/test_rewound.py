"""etcd as a whole forgets: an old copy of all its data is put back, or it is set up anew with nothing.

Nothing final rests on etcd, so nothing final is lost; but what the nodes read from it no longer goes on where they are.
"""

from __future__ import annotations

import signal

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


def check_that_the_order_goes_on(scene: Scene, board: Board) -> None:
    """The order is begun anew, and everything is as before."""
    said = Runbook(scene.network).begin_the_order_anew()
    assert "the order goes on after block" in said and said.count(" leaves, root ") == len(PARTIES), said
    for party in PARTIES:
        until(f"{party} reaches etcd", lambda party=party: board.metric(party, "linlian_engine_reached") == 1)
        health = scene.network.json(party, "/api/v1/health")
        assert "failure" not in health and not board.counts(party).get(("otherStart", ""), 0), health


def test_etcd_is_put_back_from_an_old_copy(scene: Scene) -> None:
    network = scene.network
    with scene.fault(
        "all of etcd put back from an old copy; the order begun anew",
        "\"Recorded here; waiting for the other parties\" everywhere, and the health pages say that the order has lost a part of its history. Pages and receipts stay.",
    ) as fault:
        old = scene.scratch / "old-etcd"
        network.stop_members()
        network.copy_members(old)
        network.start_members()
        fault.wait_for_final()
        board = Board(network, PARTIES)
        network.stop_members()
        fault.strike()
        sizes = {party: network.size(party) for party in PARTIES}
        network.move_members(scene.scratch / "newest-etcd")
        network.put_members(old)
        network.start_members()
        scene.engine.start_again()
        check_that_it_is_noticed(scene, board, sizes)
        check_that_the_order_goes_on(scene, board)
        fault.heal()
        fault.wait_for_final(30)


def test_everything_dies_and_etcd_is_lost_whole(scene: Scene) -> None:
    """No cable, no member and no node is left at one moment, and of etcd nothing comes back: what was executed and not final
    is only on the nodes' disks, and may be signed."""
    network, book = scene.network, Runbook(scene.network)
    with scene.fault(
        "kill -9 of all nodes and all of etcd at once, under load; etcd set up anew with nothing; the order begun anew",
        "No page until the nodes are started; then the same.",
        mute=tuple(PARTIES),
    ) as fault:
        board = Board(network, PARTIES, are_started=False)
        sizes = {party: network.size(party) for party in PARTIES}
        for process in [*network.nodes.values(), *network.members.values()]:
            process.signal(signal.SIGKILL)
        fault.strike()
        for party in PARTIES:
            network.nodes[party].kill()
        network.stop_members()
        network.move_members(scene.scratch / "lost-etcd")
        for party in PARTIES:
            network.start_node(party, waits=False)
        for party in PARTIES:
            network.wait_for(party)
        book.set_etcd_up_anew()
        scene.engine.start_again()
        check_that_it_is_noticed(scene, board, sizes)
        check_that_the_order_goes_on(scene, board)
        fault.heal()
        fault.wait_for_final(30)
