"""One fault under load, from the moment before it to the checks after it, and its row in the table."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from checks import Log, check_heights, check_receipts, send_again, wait_for_promised
from load import Load, Sent
from network import PARTIES, Network, until
from synthetic import Signer
from watching import EngineWatch, FinalSizes


@dataclass
class Row:
    """One line of the table; times in seconds."""

    name: str
    person: str
    final: int = 0
    waited: int = 0
    again: int = 0
    longest: float = 0
    lasted: float = 0
    any_node: float | None = None
    all_nodes: float | None = None


@dataclass
class Scene:
    """The running network with everything that watches it."""

    network: Network
    signers: dict[str, Signer]
    sizes: FinalSizes
    engine: EngineWatch
    policy: str
    scratch: Path
    log: Log = field(default_factory=Log)
    rows: list[Row] = field(default_factory=list)
    everything: list[Sent] = field(default_factory=list)
    height: int = 0

    def fault(self, name: str, person: str, **options: object) -> Fault:
        return Fault(self, name, person, **options)  # type: ignore[arg-type]


class Fault:
    """Use as a context: the load runs inside it, and what must hold is checked at its end.

    `mute` are nodes that cannot answer while the fault lasts, so that their slow answers are no fault of theirs. A fault may
    strike several times, one after another; its row tells of the worst.
    """

    warm_up = 0.5
    cool_down = 1.0
    longest = 4.5
    """Nobody waits longer for an answer, in s: 2 for a place in the order, 2 more where the last one was given just now."""

    def __init__(
        self, scene: Scene, name: str, person: str, *, mute: tuple[str, ...] = (), parties: list[str] = PARTIES,
        rate: float = 40,
    ):
        self.scene = scene
        self.row = Row(name, person)
        self.mute = mute
        self.parties = parties
        self.rate = rate
        self.spans: list[tuple[float, float]] = []

    def __enter__(self) -> Fault:
        self.scene.network.put_right(self.parties)
        self.load = Load(self.scene.network, self.scene.signers, self.rate)
        time.sleep(self.warm_up)
        try:
            self.wait_for_final()
        except AssertionError:
            self.load.stop()
            raise
        return self

    def strike(self) -> None:
        """The fault begins now."""
        now = time.monotonic()
        self.spans.append((now, now))

    def heal(self) -> None:
        """All is put right now; the network is to recover by itself."""
        self.spans[-1] = (self.spans[-1][0], time.monotonic())

    def go_on(self, seconds: float) -> None:
        """Lets the load run on."""
        time.sleep(seconds)

    def wait_for_final(self, seconds: float = 15) -> None:
        """Lets the load run until something handed in after the fault, or after its end, is final."""

        healed = self.spans[-1][1] if self.spans else 0.0

        def is_so() -> bool:
            return any(item.is_final and item.sent > healed for item in self.load.so_far())

        until("something new is final", is_so, seconds)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            time.sleep(self.cool_down)
        sent = self.load.stop()
        if kind is None:
            self._settle(sent)
        else:
            self.scene.everything += [item for item in sent if item.is_final]

    def _settle(self, sent: list[Sent]) -> None:
        scene, row = self.scene, self.row
        network = scene.network
        row.longest = max(
            (item.answered - item.sent for item in sent if item.status and item.party not in self.mute), default=0
        )
        row.waited = wait_for_promised(network, sent, self.parties)
        row.again = send_again(network, sent, self.parties)
        wait_for_promised(network, sent, self.parties)
        size = network.wait_for_agreement(self.parties)
        row.final = check_receipts(network, sent, scene.policy, self.parties)
        scene.log.read(network, self.parties[len(scene.rows) % len(self.parties)], size)
        scene.height = check_heights(network, scene.log, scene.height, self.parties)
        missing = [item.id for item in sent if item.id not in scene.log.index]
        assert not missing, f"{len(missing)} promised transactions are not on the ledger, such as {missing[0]}"
        scene.everything += sent
        self._measure(sent)
        print(row)
        scene.rows.append(row)
        assert row.longest <= self.longest, f"an answer took {row.longest:.1f} s"

    def _measure(self, sent: list[Sent]) -> None:
        ends = [struck for struck, _ in self.spans[1:]] + [float("inf")]
        for (struck, healed), end in zip(self.spans, ends, strict=True):
            finals = sorted(
                (item for item in sent if item.is_final and not item.is_again and struck < item.sent < end),
                key=lambda item: item.answered,
            )
            assert finals, "nothing new was final after the fault"
            index = min(item.body["index"] for item in finals)
            seen = [self.scene.sizes.first_beyond(party, index, struck) for party in self.parties]
            times = [when for when in seen if when is not None]
            assert len(times) == len(self.parties), "a node never had it final"
            row = self.row
            row.lasted = max(row.lasted, healed - struck)
            row.any_node = max(row.any_node or 0.0, finals[0].answered - struck)
            row.all_nodes = max(row.all_nodes or 0.0, max(times) - healed)
