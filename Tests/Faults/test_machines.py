"""A clock that jumps, a disk that is full, a member of etcd whose data are gone."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from faults import Scene
from load import Sent, notice, post
from namespaces import command
from network import FOUNDER, MEMBERS, until
from runbook import Runbook
from shifted_clock import shifted_clock

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
    with shifted_clock(scene.scratch / "clock") as clock:
        network.nodes[party].stop()
        network.start_node(party, **clock.environment)
        with scene.fault(
            "clock of one node a year ahead, then back",
            "Acts handed in there are refused as expired while its clock is wrong; block times stay true; the others go on.",
        ) as fault:
            clock.shift(YEAR)
            fault.strike()
            fault.go_on(3)
            refused = answer_of(scene, party)
            assert refused.status == 422 and refused.body["error"]["code"] == "transaction.expired", refused
            clock.shift(0)
            fault.heal()
            fault.go_on(4)
            assert answer_of(scene, party).status == 200
        network.nodes[party].stop()
    network.start_node(party)


@pytest.fixture
def small_disk(scene: Scene):  # noqa: ANN201
    """The folder of a node on a disk of its own, and that disk's place for filling it."""
    network, party = scene.network, "yeweihui"
    folder = network.node(party)
    network.nodes[party].stop()
    disk = scene.scratch / "disk"
    disk.mkdir()
    command("mount", "-t", "tmpfs", "-o", "size=48m", "disk", disk)
    shutil.move(folder, disk / "node")
    folder.symlink_to(disk / "node")
    network.start_node(party)
    yield party, disk
    network.nodes[party].stop()
    folder.unlink()
    shutil.move(disk / "node", folder)
    command("umount", disk)
    network.start_node(party)


def fill(disk: Path) -> Path:
    """Leaves no byte free."""
    waste = disk / "waste"
    with waste.open("wb", buffering=0) as file:
        size = 1 << 20
        while size >= 1:
            try:
                file.write(bytes(size))
            except OSError:
                size >>= 1
    return waste


def test_a_disk_is_full(scene: Scene, small_disk: tuple[str, Path]) -> None:
    network = scene.network
    party, disk = small_disk
    with scene.fault(
        "disk of one node full, then space again",
        "Its pages stay readable and refuse acts with a clear sentence; after space is back it is started again.",
        mute=(party,),
    ) as fault:
        waste = fill(disk)
        fault.strike()
        fault.go_on(3)
        refused = answer_of(scene, party)
        assert refused.status == 503 and refused.body["error"]["help"], refused
        assert refused.answered - refused.sent < 3.5
        status, health = network.get(party, "/healthz")
        assert status == 503 and json.loads(health)["status"] == "failed", health
        assert network.get(party, "/")[0] == 200
        waste.unlink()
        network.nodes[party].stop()
        network.start_node(party, waits=False)
        fault.heal()
        network.wait_for(party)
        fault.go_on(2)


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
        fault.go_on(3)
        assert "Member" in said and len(book.members()) == 3
