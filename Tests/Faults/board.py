"""What the nodes' health boards count: everybody can read it, so it must say what a fault was and whose."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from network import Network, until

MESSAGES = Path(__file__).parents[2] / "Sources/PageKit/Messages"


def sentence(key: str) -> set[str]:
    """What pages say for a key, in either language."""
    return {html.escape(json.loads(file.read_text())[key], quote=False) for file in MESSAGES.glob("*.json")}


class Board:
    """What the boards of some nodes say from now on; a node that is still to be started has counted nothing."""

    def __init__(self, network: Network, parties: list[str], *, are_started: bool = True):
        self.network = network
        self.parties = parties
        self.before = {party: self.counts(party) if are_started else {} for party in parties}

    def counts(self, party: str) -> dict[tuple[str, str], int]:
        """How often a node has seen which kind of misbehaviour, by whom; nobody's is under ""."""
        faults = self.network.json(party, "/api/v1/health")["faults"]
        return {(fault["kind"], fault.get("party", "")): fault["count"] for fault in faults}

    def metric(self, party: str, name: str) -> int:
        """A figure of `/metrics`; `name` with its labels."""
        status, text = self.network.get(party, "/metrics")
        assert status == 200
        found = re.search(rf"^{re.escape(name)} (\d+)$", text.decode(), re.MULTILINE)
        assert found, f"{party} has no {name}"
        return int(found[1])

    def wait_for(self, kind: str, about: str, seconds: float = 10) -> None:
        """Until each of the nodes has counted it, at `/api/v1/health`, at `/metrics`, and shows it on the page."""
        for party in self.parties:
            before = self.before[party].get((kind, about), 0)
            until(
                f"{party} has counted {kind} of {about or 'nobody'}",
                lambda party=party, before=before: self.counts(party).get((kind, about), 0) > before, seconds, pause=0.1,
            )
            count = self.counts(party)[kind, about]
            assert self.metric(party, f'linlian_faults_total{{kind="{kind}"}}') >= count
            self.check_page(party, f"page.health.fault.{kind}")

    def check_page(self, party: str, key: str) -> None:
        """The health page of a node says this."""
        status, page = self.network.get(party, "/supervision")
        assert status == 200 and any(words in page.decode() for words in sentence(key)), f"{party}, {key}: {page!r}"

    def alarms(self, party: str, about: str) -> list[str]:
        """What a node says is wrong with another one."""
        nodes = self.network.json(party, "/api/v1/health")["nodes"]
        return next(node["alarms"] for node in nodes if node["party"] == about)
