"""What must hold after every fault, checked without any code of the product."""

from __future__ import annotations

import base64
import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from leaves import Transaction, parse_leaf
from load import Sent, post
from merkle import leaf_hash, node_hash
from network import PARTIES, Network, until
from receipt_check import check_note, check_receipt, read_policy
from tiles import parse_bundle, tile_path
from watching import Written


class Frontier:
    """The root of a growing log (RFC 9162) at every size."""

    def __init__(self) -> None:
        self.size = 0
        self.roots: list[bytes] = [b""]
        self._complete: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        height, hash = 0, leaf_hash(leaf)
        while self._complete and self._complete[-1][0] == height:
            hash = node_hash(self._complete.pop()[1], hash)
            height += 1
        self._complete.append((height, hash))
        root = self._complete[-1][1]
        for _, left in reversed(self._complete[:-1]):
            root = node_hash(left, root)
        self.size += 1
        self.roots.append(root)


@dataclass
class Seal:
    """What a block's last leaf says."""

    height: int
    time: int
    state: str
    size: int


@dataclass
class Log:
    """The final log as one node gives it out, read bundle by bundle and understood leaf by leaf."""

    leaves: list[bytes] = field(default_factory=list)
    frontier: Frontier = field(default_factory=Frontier)
    index: dict[str, int] = field(default_factory=dict)
    seals: list[Seal] = field(default_factory=list)

    def read(self, network: Network, party: str, size: int) -> None:
        """Reads on up to `size`; no id may come twice, and no block's time may be more than a minute ahead."""
        while len(self.leaves) < size:
            bundle, skipped = divmod(len(self.leaves), 256)
            width = min(256, size - bundle * 256)
            path = tile_path("entries", bundle, width)
            status, data = network.get(party, "/" + path)
            assert status == 200, f"{party} {path}: {status}"
            for leaf in parse_bundle(data, width, path)[skipped:]:
                self._add(leaf)

    def _add(self, leaf: bytes) -> None:
        self.leaves.append(leaf)
        self.frontier.add(leaf)
        where = f"leaf {len(self.leaves) - 1}"
        if leaf.startswith(b"linlian/seal/"):
            lines = dict(line.split(" ", 1) for line in leaf.decode().splitlines()[1:])
            seal = Seal(int(lines["height"]), int(lines["time"]), lines["state"], len(self.leaves))
            assert seal.height == len(self.seals), where
            assert seal.time <= time.time() * 1_000 + 61_000, f"{where}: block time is more than a minute ahead"
            self.seals.append(seal)
        elif isinstance(found := parse_leaf(leaf, where), Transaction):
            assert found.id not in self.index, f"{found.id} is leaf {self.index[found.id]} and {where}"
            self.index[found.id] = len(self.leaves) - 1


def check_heights(network: Network, log: Log, first: int, parties: list[str] = PARTIES) -> int:
    """The same log root at every height from `first` on at every node, and the same state root; gives the height.

    The log's roots are compared with what the leaves give; the state root stands in the seal, which is a leaf.
    """
    top = len(log.seals) - 1
    for party in parties:
        roots, upto = {}, top
        while upto >= first:
            page = network.json(party, f"/api/v1/blocks?limit=100&upTo={upto}")
            roots |= {block["height"]: (block["size"], block["root"]) for block in page["blocks"]}
            upto = page.get("next", -1)
        for seal in log.seals[first:]:
            wanted = (seal.size, log.frontier.roots[seal.size].hex())
            assert roots[seal.height] == wanted, f"height {seal.height} at {party}: {roots[seal.height]}, not {wanted}"
        for height in {first, (first + top) // 2, top}:
            block = network.json(party, f"/api/v1/blocks/{height}")
            assert f"\nstate {log.seals[height].state}\n" in block["seal"], f"height {height} at {party}"
    return top


def check_receipts(network: Network, sent: list[Sent], policy: str, parties: list[str] = PARTIES) -> int:
    """Every answer "final" has a receipt that holds offline, at whichever node one asks; gives their number."""
    finals = [item for item in sent if item.is_final]
    connections = {party: network.connection(party, 10) for party in parties}
    for number, item in enumerate(finals):
        party = parties[number % len(parties)]
        connection = connections[party]
        connection.request("GET", f"/api/v1/receipts/{item.id}")
        answer = connection.getresponse()
        receipt = answer.read()
        assert answer.status == 200, f"no receipt of {item.id} at {party}: {answer.status} {receipt[:200]!r}"
        leaf, index, _, _ = check_receipt(receipt, policy)
        found = parse_leaf(leaf, f"leaf {index}")
        assert isinstance(found, Transaction) and found.id == item.id
        assert index == item.body["index"], f"{item.id} was said to be leaf {item.body['index']} and is {index}"
    for connection in connections.values():
        connection.close()
    return len(finals)


def wait_for_promised(network: Network, sent: list[Sent], parties: list[str] = PARTIES, seconds: float = 30) -> int:
    """Whatever a node took without calling it final becomes final by itself; gives how many there were.

    Asked is the node that took it, or another one where that is none of `parties`.
    """
    open = {item.id: item for item in sent if item.is_promised and not item.is_final}
    left = dict(open)
    connections: dict[str, http.client.HTTPConnection] = {}

    def is_done() -> bool:
        for item in list(left.values()):
            party = item.party if item.party in parties else parties[0]
            connection = connections.setdefault(party, network.connection(party, 10))
            connection.request("GET", f"/api/v1/transactions/{item.id}")
            answer = connection.getresponse()
            body = json.loads(answer.read())
            # A node that came back has not heard of it again at first.
            if answer.status == 200 and body["final"]:
                del left[item.id]
        return not left

    try:
        until("what was promised is final", is_done, seconds, pause=0.3)
    except AssertionError as error:
        raise AssertionError(f"{error}: {len(left)} of {len(open)}, such as {next(iter(left.values()))}") from None
    finally:
        for connection in connections.values():
            connection.close()
    return len(open)


def send_again(network: Network, sent: list[Sent], parties: list[str] = PARTIES) -> int:
    """Hands in once more what was not taken, at the same node: whatever became of it, it is on the ledger once then."""
    lost = [item for item in sent if not item.is_promised]

    def hand_in(items: list[Sent]) -> None:
        connections: dict[str, http.client.HTTPConnection] = {}
        for item in items:
            party = item.party if item.party in parties else parties[0]
            again = Sent(item.id, party, item.text, time.monotonic())
            post(connections.setdefault(party, network.connection(party, 10)), again)
            assert again.is_promised, f"{party} says to {item.id}: {again.status} {again.body}"
            item.status, item.body, item.is_again = again.status, again.body, True
        for connection in connections.values():
            connection.close()

    # What is handed in together becomes one block.
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(hand_in, lost[number::8]) for number in range(8)]:
            done.result()
    return len(lost)


@dataclass(frozen=True)
class Cosigned:
    """A checkpoint that a party has cosigned."""

    party: str
    size: int
    root: bytes


def cosignatures(written: list[Written], policy_text: str) -> list[Cosigned]:
    """Every good cosignature that was ever written to the engine, in order."""
    keys, _, _ = read_policy(policy_text)
    by_party = {party: (name, id, public) for (name, id), (party, public) in keys.items() if party}
    found = []
    for item in written:
        kind, party, name = item.place
        if kind != "statements" or name != "cosigned" or not item.value:
            continue
        text, _, lines = item.value.partition(b"\n\n")
        text += b"\n"
        for line in lines.splitlines():
            name_of_key, id, public = by_party[party]
            words = line.split(b" ")
            if len(words) != 3 or words[1] != name_of_key:
                continue
            value = base64.b64decode(words[2])
            message = b"cosignature/v1\ntime %d\n" % int.from_bytes(value[4:12], "big") + text
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(value[12:], message)
            except InvalidSignature:
                continue
            _, size, root = text.split(b"\n")[:3]
            found.append(Cosigned(party, int(size), base64.b64decode(root)))
    return found


def contradictions(found: list[Cosigned], log: Log) -> list[Cosigned]:
    """Cosignatures of logs that are no beginning of the final log."""
    roots = log.frontier.roots
    return [one for one in found if one.size >= len(roots) or roots[one.size] != one.root]


def check_checkpoints(checkpoints: dict[bytes, str], log: Log, policy_text: str) -> int:
    """Every checkpoint that any node ever gave out is cosigned by a quorum and a beginning of the same log."""
    policy = read_policy(policy_text)
    for text, party in checkpoints.items():
        _, size, root = check_note(text, policy)
        assert log.frontier.roots[size] == root, f"{party} gave out another log of {size} leaves"
    return len(checkpoints)
