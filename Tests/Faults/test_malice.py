"""A party with all its keys and its certificate that turns on the others, while its own node runs on."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from board import Board
from faults import Scene
from load import Sent, notice, post
from network import ORDERING, PARTIES, PREFIX, until
from runbook import Runbook
from villain import Villain, compact, delete, put, raise_alarm

BAD, SLOW = "wuye", "yeweihui"
OTHERS = [party for party in PARTIES if party != BAD]
DAY, YEAR = 86_400_000, 31_536_000_000


@pytest.fixture(scope="module")
def villain(scene: Scene) -> Iterator[Villain]:
    yield Villain(scene.network, BAD, scene.scratch / "villain")


def now() -> int:
    return int(time.time() * 1_000)


def test_its_batches_are_overwritten(scene: Scene, villain: Villain) -> None:
    with scene.fault(
        "a party overwrites its batches, some before anybody can have read them",
        "Nothing. The others count it against the party, on their health pages.",
    ) as fault:
        board = Board(scene.network, OTHERS)
        fault.strike()
        for _ in range(5):
            batch = villain.batch(now(), [notice(BAD, scene.signers[BAD])[1]])
            other = villain.batch(now() + 1, [])
            key = villain.key(batch)
            villain.do(put(key, batch), put(key, other), put(key, b"garbage"))
            known = [written.key for written in scene.engine.batches(BAD)][-3:]
            villain.do(*(put(one, b"nothing") for one in known))
            fault.go_on(0.2)
        board.wait_for("overwritten", BAD)


def test_its_batches_are_deleted_before_a_slow_node_reads_them(scene: Scene, villain: Villain) -> None:
    network = scene.network
    with scene.fault(
        "a party deletes its batches and cuts etcd's history off before a slow node has read it",
        "At the slow node nothing answers while it sleeps; then it fetches what is missing from the other nodes.",
        mute=(SLOW,),
    ) as fault:
        slow, awake = Board(network, [SLOW]), Board(network, [party for party in OTHERS if party != SLOW])
        start = scene.engine.revision
        network.nodes[SLOW].signal(signal.SIGSTOP)
        # What etcd has sent already would still be read.
        network.lan.cut(SLOW)
        fault.strike()
        fault.go_on(1.5)
        mine = [written.key for written in scene.engine.batches(BAD, since=start)]
        assert mine
        villain.do(*map(delete, mine))
        # An owner may clear away what is final; these cannot be yet.
        for number in range(5):
            batch = villain.batch(now() + number, [notice(BAD, scene.signers[BAD])[1]])
            villain.do(put(villain.key(batch), batch), delete(villain.key(batch)))
        awake.wait_for("deleted", BAD)
        villain.do(compact(scene.engine.revision))
        fault.go_on(1)
        villain.do(compact(scene.engine.revision))
        network.nodes[SLOW].signal(signal.SIGCONT)
        fault.go_on(2.5)
        network.lan.join(SLOW)
        fault.heal()
        fault.wait_for_final()
        slow.wait_for("compacted", "", 15)
        fault.go_on(1)


def test_the_space_alarm_is_raised(scene: Scene, villain: Villain) -> None:
    network = scene.network
    book = Runbook(network)
    with scene.fault(
        "a party raises etcd's space alarm; disarmed as the runbook says",
        "\"Recorded here; waiting for the other parties\" everywhere, until any party disarms the alarm.",
    ) as fault:
        board = Board(network, PARTIES)
        member = int(book.member(BAD), 16)
        villain.do(raise_alarm(member))
        fault.strike()
        board.wait_for("alarm", "")
        fault.go_on(1)
        title, party = "etcd raises NOSPACE", "juweihui"
        assert "NOSPACE" in book.run("own alarm list", party)
        counted = book.follow(title, party, block=0)
        assert all(f"/batches/{one}" in counted for one in ORDERING), counted
        book.follow(title, party, block=1)
        book.follow(title, party, block=2)
        until("the member is healthy but for the alarm", lambda: "NOSPACE" in book.run("own alarm list", party))
        assert "`own alarm disarm`" in book.text
        book.run("own alarm disarm", "juweihui")
        fault.heal()
        fault.wait_for_final()


def test_it_floods(scene: Scene, villain: Villain) -> None:
    stranger = Ed25519PrivateKey.generate()
    with scene.fault(
        "a party floods its prefix: garbage (20 MB), batches and statements that somebody else signed, and batches of what is no transaction",
        "Acts take a little longer while it lasts. The others count each kind against the party.",
    ) as fault:
        board = Board(scene.network, OTHERS)
        fault.strike()
        for _ in range(10):
            calls = [put(f"{PREFIX}/batches/{BAD}/{os.urandom(32).hex()}", os.urandom(100_000)) for _ in range(20)]
            for party, key in (("nobody", None), ("nobody", stranger), ("jiedao", None), (BAD, stranger)):
                batch = villain.batch(now(), [notice("jiedao", scene.signers["jiedao"])[1]], party=party, key=key)
                calls.append(put(villain.key(batch), batch))
            calls.append(put(f"{PREFIX}/statements/{BAD}/seen", os.urandom(1_000)))
            calls.append(put(f"{PREFIX}/statements/{BAD}/cosigned", os.urandom(1_000)))
            calls.append(put(f"{PREFIX}/batches/{BAD}/a/b/c", b"x"))
            nonsense = villain.batch(now(), [b"no transaction", os.urandom(1_000)])
            calls.append(put(villain.key(nonsense), nonsense))
            villain.do(*calls)
            fault.go_on(0.1)
        for kind in ("malformedBatch", "unknownParty", "forgedStatement", "badTransactions"):
            board.wait_for(kind, BAD)


def test_its_clock_is_a_year_ahead(scene: Scene, villain: Villain) -> None:
    network = scene.network
    with scene.fault(
        "a party's signed batch with a clock a year ahead",
        "Nothing: the block's time is at most a minute ahead.",
    ) as fault:
        fault.strike()
        id, text = notice(BAD, scene.signers[BAD])
        for texts in ([text], []):
            batch = villain.batch(now() + YEAR, texts)
            villain.do(put(villain.key(batch), batch))
        until("the batch is executed", lambda: network.get("jiedao", f"/api/v1/transactions/{id}")[0] == 200)
        time = network.json("jiedao", f"/api/v1/transactions/{id}")["time"]
        assert time <= now() + 60_000, time - now()
        fault.wait_for_final()
    assert scene.log.index[id]


def test_one_transaction_goes_to_all_nodes_at_once(scene: Scene) -> None:
    network = scene.network
    with scene.fault(
        "the same act handed in at all nodes at once, and again", "The same receipt from everyone."
    ) as fault:
        fault.strike()
        ids = []
        for _ in range(10):
            id, text = notice("jiedao", scene.signers["jiedao"])
            ids.append(id)
            copies = [Sent(id, party, text, 0) for party in ORDERING * 2]
            threads = [threading.Thread(target=post, args=(network.connection(c.party, 10), c)) for c in copies]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert all(copy.status in (200, 202) for copy in copies), copies
            assert len({copy.body["index"] for copy in copies if copy.status == 200}) == 1, copies
        status, body = network.get("jianguan", f"/api/v1/transactions/{ids[0]}")
        assert status == 200 and json.loads(body)["final"], body
        refused = Sent(id, "jianguan", text, 0)
        post(network.connection("jianguan", 10), refused)
        assert refused.status in (200, 503), refused
    assert set(ids) <= set(scene.log.index)
