"""A clock that jumps, a disk that is full, a member of etcd whose data are gone."""

from __future__ import annotations

import json
import shutil
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from board import Board
from clockwork import Clockwork
from faults import Scene
from load import Sent, notice, post
from namespaces import command
from network import ETCD_PORT, FOUNDER, MEMBERS, PARTIES, until
from runbook import Runbook

YEAR = 31_536_000


def answer_of(scene: Scene, party: str) -> Sent:
    """What a node says to one more notice."""
    id, text = notice(party, scene.signers[party])
    sent = Sent(id, party, text, time.monotonic())
    connection = scene.network.connection(party, 10)
    post(connection, sent)
    connection.close()
    return sent


def test_a_clock_jumps_by_a_year_and_back(scene: Scene) -> None:
    network, party = scene.network, "juweihui"
    board = Board(network, [one for one in PARTIES if one != party])
    with scene.fault(
        "clock of one node a year ahead, then back",
        "Acts handed in there are refused as expired while its clock is wrong, and the others' health pages say so; block times stay true; the others go on.",
    ) as fault:
        clock = Clockwork(network.nodes[party].process.pid)
        clock.jump(YEAR)
        fault.strike()
        fault.wait_for_final()
        refused = answer_of(scene, party)
        assert refused.status == 422 and refused.body["error"]["code"] == "transaction.expired", refused
        for other in board.parties:
            until(f"{other} sees that its clock is wrong", lambda other=other: "clock" in board.alarms(other, party))
        clock.jump(0)
        fault.heal()
        fault.wait_for_final()
        assert answer_of(scene, party).status == 200
        for other in board.parties:
            until(f"{other} sees that it is right", lambda other=other: "clock" not in board.alarms(other, party))


def date_of_member(scene: Scene, party: str) -> float:
    """What a member of etcd takes for the time, as it says in its answers over HTTP."""
    network = scene.network
    tls = network.node(party) / "tls"
    said = command(
        *network.lan.within(party), "curl", "--silent", "--show-error", "--insecure", "--dump-header", "-", "--cert",
        tls / "etcd.pem", "--key", tls / "etcd.key", "--cacert", tls / "ca.pem", f"https://127.0.0.1:{ETCD_PORT}/health",
    )
    date = next(line.split(": ", 1)[1] for line in said.splitlines() if line.lower().startswith("date: "))
    return parsedate_to_datetime(date).timestamp()


def test_the_clock_of_a_member_of_etcd_jumps(scene: Scene) -> None:
    network = scene.network
    party = network.leader()
    with scene.fault(
        "clock of the etcd leader a year ahead, then a year behind, then right",
        "Nothing while it is ahead. While it is behind, certificates are not valid yet for its member: it takes no new connections, and on that party's pages acts may be \"recorded here, waiting for the others\".",
    ) as fault:
        clock = Clockwork(network.members[party].process.pid)
        clock.jump(YEAR)
        fault.strike()
        assert abs(date_of_member(scene, party) - time.time() - YEAR) < 60
        fault.wait_for_final()
        fault.go_on(1)
        assert network.is_healthy(party)
        clock.jump(-YEAR)
        assert not network.is_healthy(party), "a certificate was good before its time"
        fault.go_on(3)
        clock.jump(0)
        fault.heal()
        assert abs(date_of_member(scene, party) - time.time()) < 60
        until("the member takes connections", lambda: network.is_healthy(party))
        fault.wait_for_final()


@pytest.fixture
def small_disk(scene: Scene):  # noqa: ANN201
    """The folder of a node on a disk of its own, and that disk's place for filling it."""
    network, party = scene.network, "yeweihui"
    folder = network.node(party)
    network.nodes[party].stop()
    disk = scene.scratch / "disk"
    disk.mkdir()
    command("mount", "-t", "tmpfs", "-o", "size=128m", "disk", disk)
    shutil.move(folder, disk / "node")
    folder.symlink_to(disk / "node")
    network.start_node(party)
    yield party, disk
    network.nodes[party].stop()
    folder.unlink()
    shutil.move(disk / "node", folder)
    command("umount", disk)
    network.start_node(party)


def fill(waste: Path, left: int) -> None:
    """Leaves so many bytes of the disk free."""
    with waste.open("ab", buffering=0) as file:
        size = 1 << 20
        while size >= 1:
            try:
                if shutil.disk_usage(waste.parent).free < left + size:
                    size >>= 1
                else:
                    file.write(bytes(size))
            except OSError:
                size >>= 1


def test_a_disk_is_full(scene: Scene, small_disk: tuple[str, Path]) -> None:
    network = scene.network
    party, disk = small_disk
    waste, process = disk / "waste", network.nodes[party].process.pid
    with scene.fault(
        "disk of one node full, then space again",
        "Its pages stay readable and refuse acts with a clear sentence; when there is space again it goes on by itself.",
        mute=(party,),
    ) as fault:
        fill(waste, 8 << 20)
        fault.strike()
        until("it takes no more", lambda: network.get(party, "/healthz")[0] == 503)
        # What a node does not need itself goes to others; what is left is nothing at all.
        fill(waste, 0)
        fault.go_on(2)
        refused = answer_of(scene, party)
        assert refused.status == 503 and refused.body["error"]["code"] == "node.diskFull", refused
        assert refused.body["error"]["help"] and refused.answered - refused.sent < 3.5
        health = json.loads(network.get(party, "/healthz")[1])
        assert health["status"] == "failed" and health["code"] == "node.diskFull", health
        assert network.get(party, "/")[0] == 200
        Board(network, [party]).check_page(party, "page.health.warning.diskFull")
        waste.unlink()
        fault.heal()
        network.wait_for(party)
        fault.wait_for_final()
        assert network.nodes[party].is_running and network.nodes[party].process.pid == process


def test_the_data_of_a_member_of_etcd_are_gone(scene: Scene) -> None:
    network = scene.network
    party = next(one for one in MEMBERS if one not in (FOUNDER, network.leader()))
    book = Runbook(network)
    with scene.fault(
        "etcd data of one member deleted; replaced as the runbook says",
        "On one party's pages acts are \"recorded here, waiting for the others\" until its member is replaced.",
    ) as fault:
        network.members[party].kill()
        shutil.rmtree(network.folder / party / "etcd/data")
        fault.strike()
        fault.go_on(2)
        said = book.follow(
            "Replace a lost etcd member", party,
            NAME=party, HOST=network.lan.address(party), PORT="23890", ID=lambda: book.member(party),
        )
        fault.heal()
        until(f"etcd of {party} is healthy", lambda: network.is_healthy(party))
        fault.wait_for_final()
        assert "Member" in said and len(book.members()) == 3
