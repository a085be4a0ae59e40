"""Processes that die and cables that are pulled."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

from faults import Scene
from load import Sent, notice, post
from network import MEMBERS, ORDERING, PARTIES, copy_folder, is_quorum, until


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
        until("the member is back", lambda: network.is_healthy(leader))
        fault.wait_for_final()


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


def test_any_two_nodes_are_killed(scene: Scene) -> None:
    network = scene.network
    with scene.fault(
        "kill -9 of any two nodes at once (all ten pairs, one after another; the slowest)",
        "At the others nothing, or, where the policy needs one of the two, acts are \"ordered\" and become final when it is back.",
        rate=16,
    ) as fault:
        for pair in combinations(PARTIES, 2):
            left = [party for party in PARTIES if party not in pair]
            for party in pair:
                network.nodes[party].kill()
            fault.strike()
            if is_quorum(left):
                fault.wait_for_final()
            else:
                check_that_it_is_ordered(scene, next(party for party in left if party in ORDERING))
            for party in pair:
                network.start_node(party, waits=False)
            fault.heal()
            for party in pair:
                network.wait_for(party)
            fault.wait_for_final()


def check_that_it_is_ordered(scene: Scene, party: str) -> None:
    """Where too few are left the answer says "ordered", and promises nothing more."""
    id, text = notice(party, scene.signers[party])
    sent = Sent(id, party, text, time.monotonic())
    post(scene.network.connection(party, 10), sent)
    assert sent.status in (200, 202) and "index" in sent.body and not sent.body["final"], sent
    assert scene.network.get(party, f"/api/v1/receipts/{id}")[0] == 409


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
        check_that_all_wait(scene, ["jiedao", "yeweihui", "wuye"])
        for party in ("juweihui", "wuye"):
            network.start_member(party)
        fault.heal()
        fault.wait_for_final(30)


def check_that_all_wait(scene: Scene, parties: list[str]) -> None:
    """The same at several nodes at once."""
    with ThreadPoolExecutor(len(parties)) as pool:
        for done in [pool.submit(check_that_it_waits, scene, party) for party in parties]:
            done.result()


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
        fault.wait_for_final()


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
        fault.go_on(2)
        network.lan.join(leader)
        fault.heal()
        fault.wait_for_final()
