"""Processes that die and cables that are pulled."""

from __future__ import annotations

import json
import time

from faults import Scene
from load import Sent, notice, post
from network import MEMBERS, copy_folder


def test_the_leader_of_etcd_is_killed(scene: Scene) -> None:
    network = scene.network
    with scene.fault(
        "kill -9 of the etcd leader",
        "Nothing, but for one party's pages: acts there are \"recorded here, waiting for the others\" until its member is back.",
    ) as fault:
        leader = network.leader()
        network.members[leader].kill()
        fault.strike()
        fault.wait_for_final()
        fault.go_on(2)
        assert network.leader() != leader
        network.start_member(leader)
        fault.heal()
        fault.go_on(3)


def test_a_node_is_killed(scene: Scene) -> None:
    network = scene.network
    with scene.fault(
        "kill -9 of a node", "Its own pages are gone until it is started again; everybody else notices nothing."
    ) as fault:
        network.nodes["jiedao"].kill()
        fault.strike()
        fault.go_on(2)
        # What is left on the disk now is put back much later, by another test.
        copy_folder(network.node("jiedao"), scene.scratch / "old-copy")
        network.start_node("jiedao", waits=False)
        fault.heal()
        network.wait_for("jiedao")
        fault.go_on(1)


def test_two_nodes_are_killed(scene: Scene) -> None:
    network = scene.network
    with scene.fault(
        "kill -9 of two nodes at once (subdistrict and residents' committee)",
        "At the others acts are \"ordered\" and become final when one of the two is back: the policy asks for one of them.",
    ) as fault:
        for party in ("jiedao", "juweihui"):
            network.nodes[party].kill()
        fault.strike()
        fault.go_on(3)
        for party in ("jiedao", "juweihui"):
            network.start_node(party, waits=False)
        fault.heal()
        for party in ("jiedao", "juweihui"):
            network.wait_for(party)
        fault.go_on(1)


def test_two_members_of_etcd_are_killed(scene: Scene) -> None:
    network = scene.network
    with scene.fault(
        "kill -9 of two of three etcd members",
        "\"Recorded here; waiting for the other parties\", after two seconds, at every node; then all of it becomes final.",
    ) as fault:
        for party in ("juweihui", "wuye"):
            network.members[party].kill()
        fault.strike()
        fault.go_on(1)
        for party in ("jiedao", "yeweihui", "wuye"):
            check_that_it_waits(scene, party)
        for party in ("juweihui", "wuye"):
            network.start_member(party)
        fault.heal()
        fault.wait_for_final(30)
        fault.go_on(1)


def check_that_it_waits(scene: Scene, party: str) -> None:
    """A node without the others answers soon, says what is the matter, and remembers."""
    id, text = notice(party, scene.signers[party])
    sent = Sent(id, party, text, time.monotonic())
    post(scene.network.connection(party, 10), sent)
    assert sent.status == 202 and sent.body["status"] == "waiting" and not sent.body["final"], sent
    assert sent.answered - sent.sent < 3.5, sent
    assert sent.body["message"] and sent.body["help"]
    status, body = scene.network.get(party, f"/api/v1/transactions/{id}")
    assert status == 200 and json.loads(body)["status"] == "waiting", body
    status, _ = scene.network.get(party, f"/api/v1/receipts/{id}")
    assert status == 409
    started = time.monotonic()
    status, page = scene.network.get(party, f"/ledger/transactions/{id}")
    assert status == 202 and sent.body["message"].encode() in page, f"{status} {page[:300]!r}"
    assert scene.network.get(party, "/")[0] == 200 and time.monotonic() - started < 2


def test_a_party_is_cut_off(scene: Scene) -> None:
    network = scene.network
    follower = next(party for party in MEMBERS if party != network.leader())
    with scene.fault(
        "partition of one party, with its etcd member",
        "On its pages acts are \"recorded here, waiting for the others\"; elsewhere it takes some seconds until nodes that used its member use another.",
    ) as fault:
        network.lan.cut(follower)
        fault.strike()
        fault.go_on(3)
        check_that_it_waits(scene, follower)
        network.lan.join(follower)
        fault.heal()
        fault.go_on(3)


def test_the_leader_is_cut_off(scene: Scene) -> None:
    network = scene.network
    with scene.fault(
        "partition of the etcd leader",
        "The same; the other members elect another leader.",
    ) as fault:
        leader = network.leader()
        network.lan.cut(leader)
        fault.strike()
        fault.wait_for_final()
        fault.go_on(3)
        network.lan.join(leader)
        fault.heal()
        fault.go_on(3)
