"""Parties change while the network runs: cosigner keys one after another, a key that comes late, a party that leaves."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from acts import act, ask, get_json, hand_in, is_final, no_matter, until
from conftest import Run, verified
from networks import MEMBERS, PARTIES, port, running, write_parties

MAJORITY = ("  most: {needed: 2, members: [jiedao, juweihui, wuye]}",)
VOTERS = ("jiedao", "juweihui", "jianguan")


@pytest.fixture
def net(run: Run, tmp_path: Path) -> Path:
    made = tmp_path / "net"
    run("network", "init", "--parties", write_parties(tmp_path / "parties.yaml", groups=MAJORITY), "--out", made)
    return made


def rotate(run: Run, net: Path, party: str) -> tuple[str, dict]:
    """`linlian keys rotate`: the next verifier key, and the body of the act that it prints."""
    said = run("keys", "rotate", "--data", net / party / "node").stdout
    verifier = re.search(r"^next cosigner verifier\t(\S+)$", said, re.MULTILINE)
    body = re.search(r"^act\tconstitution\.propose\t(\{.*\})$", said, re.MULTILINE)
    assert verifier and body, said
    return verifier[1], json.loads(body[1])


def agree(net: Path, body: dict, proposer: str = "jiedao", at: str = "") -> None:
    """A delegate proposes, and so many vote that the change is carried out."""
    act(net, proposer, "constitution.propose", body, at=at)
    for voter in VOTERS:
        # The observer orders nothing: its delegate goes to another party's node.
        told = act(net, voter, "constitution.vote", {"proposal": body["proposal"], "yes": True}, at=at or "jiedao")
        assert told["status"] == "accepted"


def names(net: Path, at: str, verifier: str) -> bool:
    return verifier in ask(net, at, "/policy")[1].decode()


def key_files(net: Path, party: str) -> dict[str, str]:
    folder = net / party / "node/keys"
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    return {path.name: path.read_text() for path in folder.glob("cosigner*.key")}


def nobody_is_accused(net: Path, parties: tuple[str, ...] = PARTIES) -> None:
    for party in parties:
        assert get_json(net, party, "/api/v1/health")["faults"] == [], party


def signs_with(net: Path, at: str, party: str, verifier: str) -> bool:
    """Whether the checkpoint that a node gives out has the party's cosignature by this key."""
    import base64

    note = ask(net, at, "/checkpoint")[1].decode()
    key_id = bytes.fromhex(verifier.split("+")[1])
    lines = [line.split(" ") for line in note.split("\n\n", 1)[1].split("\n") if line.startswith("—")]
    return any(base64.b64decode(text)[:4] == key_id for _, name, text in lines if name.endswith("/" + party))


class Load:
    """Acts through all ordering nodes, one after another at each, until it is stopped."""

    def __init__(self, net: Path, parties: tuple[str, ...] = MEMBERS):
        self.net = net
        self.ids: list[str] = []
        self.refusals: list[tuple[str, int, dict]] = []
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(party,), daemon=True) for party in parties]
        for thread in self._threads:
            thread.start()

    def _work(self, party: str) -> None:
        while not self._stopped.is_set():
            id, text = no_matter(self.net, party)
            status, told = hand_in(self.net, party, text)
            if status in (200, 202):
                self.ids.append(id)
            else:
                self.refusals.append((party, status, told))

    def stop(self) -> list[str]:
        self._stopped.set()
        for thread in self._threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self._threads)
        return self.ids


def test_keys_change_under_load_without_a_restart(run: Run, binary: Path, net: Path) -> None:
    with running(binary, net):
        load = Load(net)
        before = {party: key_files(net, party)["cosigner.key"] for party in PARTIES}
        verifiers = {}
        # The last one observes: it signs no batches, and statements all the same.
        for party in ("wuye", "jiedao", "jianguan"):
            verifier, body = rotate(run, net, party)
            # Asked again there is still one next key, and the same act.
            assert rotate(run, net, party) == (verifier, body)
            made = key_files(net, party)
            assert set(made) == {"cosigner.key", "cosigner-next.key"} and made["cosigner.key"] == before[party]
            assert f"next cosigner verifier\t{verifier}" in run("keys", "--data", net / party / "node").stdout
            agree(net, body)
            for other in PARTIES:
                until(f"{other} names the new key", lambda: names(net, other, verifier))
            verifiers[party] = verifier, made["cosigner-next.key"]
        time.sleep(1)
        ids = load.stop()
        assert not load.refusals, load.refusals[:3]
        assert len(ids) > 50
        for party, (verifier, text) in verifiers.items():
            until(
                f"{party} has moved its key",
                lambda: set(key_files(net, party)) == {"cosigner.key", *old_names(net, party)},
            )
            files = key_files(net, party)
            assert files["cosigner.key"] == text
            assert [files[name] for name in old_names(net, party)] == [before[party]]
        for id in ids:
            for party in PARTIES:
                until(f"{id} is final at {party}", lambda: is_final(net, party, id))
        for party, (verifier, _) in verifiers.items():
            # Not every checkpoint has every party's cosignature: a quorum is enough.
            until(f"{party} cosigns with its new key", lambda: moves(net) and signs_with(net, "juweihui", party, verifier))
        nobody_is_accused(net)
        run("verify", "--url", f"http://127.0.0.1:{port(net, 'wuye', 'node-port')}")
    reports = [verified(run, net / party / "node") for party in PARTIES]
    assert len({(report["root"], report["stateRoot"]) for report in reports}) == 1
    # All start again with what is there, and nobody is accused of what was said under the old keys.
    with running(binary, net):
        for party in MEMBERS:
            id, text = no_matter(net, party)
            assert hand_in(net, party, text)[0] in (200, 202)
            for other in PARTIES:
                until(f"{party}'s act is final at {other}", lambda: is_final(net, other, id))
        nobody_is_accused(net)


def old_names(net: Path, party: str) -> list[str]:
    return sorted(path.name for path in (net / party / "node/keys").glob("cosigner-old-*.key"))


def moves(net: Path) -> bool:
    """One more act, so that there is something to cosign."""
    return hand_in(net, "juweihui", no_matter(net, "juweihui")[1])[0] == 200


@contextlib.contextmanager
def stopped(net: Path, party: str) -> Iterator[None]:
    """A party's etcd member stands still; the others can order without it."""
    listed = subprocess.run(["ps", "-wweo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    folder = str((net / party / "etcd").resolve())
    found = [
        int(line.split()[0])
        for line in listed.splitlines()
        if "etcd --config-file" in line and os.readlink(f"/proc/{line.split()[0]}/cwd") == folder
    ]
    assert len(found) == 1, found
    os.kill(found[0], signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(found[0], signal.SIGCONT)


def test_a_batch_under_the_old_key_that_comes_too_late_is_put_up_again(run: Run, binary: Path, net: Path) -> None:
    with running(binary, net):
        verifier, body = rotate(run, net, "wuye")
        with stopped(net, "wuye"):
            # Its node signs a batch and tries to put it up; meanwhile the others agree on the new key.
            id, text = no_matter(net, "wuye")
            status, told = hand_in(net, "wuye", text)
            assert status == 202 and told["status"] == "waiting"
            agree(net, body)
            until("the others name the new key", lambda: names(net, "juweihui", verifier))
        for party in PARTIES:
            until(f"the act is final at {party}", lambda: is_final(net, party, id))
        log = (net / "wuye/logs/node.log").read_text() + (net / "jiedao/logs/node.log").read_text()
        assert log.count("a batch came after the change of its party") >= 2
        nobody_is_accused(net)
        # Its pipeline goes on.
        _, text = no_matter(net, "wuye")
        assert hand_in(net, "wuye", text)[0] == 200


def test_a_removed_partys_senders_are_told_and_nothing_promised_is_lost(run: Run, binary: Path, net: Path) -> None:
    with running(binary, net):
        with stopped(net, "wuye"):
            # Another party's clerk acts at its node.
            id, text = no_matter(net, "jiedao")
            assert hand_in(net, "wuye", text)[0] == 202
            change = {
                "changes": [
                    {"change": "setQuorum", "groups": [{"members": ["jiedao", "juweihui"], "name": "most", "needed": 2}]},
                    {"change": "removeParty", "party": "wuye"},
                ],
                "proposal": "out", "version": 1,
            }
            agree(net, change)
            until("the others have removed it", lambda: "/wuye" not in ask(net, "juweihui", "/policy")[1].decode())
        until("it knows", lambda: "/wuye" not in ask(net, "wuye", "/policy")[1].decode())
        _, other = no_matter(net, "jiedao")
        status, told = hand_in(net, "wuye", other)
        assert (status, told["error"]["code"]) == (503, "node.removed"), told
        # What it had promised went to the others.
        for party in PARTIES:
            until(f"what was promised is final at {party}", lambda: is_final(net, party, id))
        # It follows the ledger as before.
        _, text = no_matter(net, "jiedao")
        status, told = hand_in(net, "jiedao", text)
        assert status == 200
        until("it follows", lambda: is_final(net, "wuye", told["id"]))
        nobody_is_accused(net, ("jiedao", "juweihui", "jianguan"))


def test_a_key_that_comes_late(run: Run, binary: Path, net: Path, tmp_path: Path) -> None:
    with running(binary, net):
        verifier, body = rotate(run, net, "wuye")
        key = net / "wuye/node/keys/cosigner-next.key"
        shutil.move(key, tmp_path / "kept.key")
        # Made on another machine, so to speak: the node starts without it.
        until("the node runs", lambda: ask(net, "wuye", "/healthz")[0] == 200)
        agree(net, body)
        until("its node names the new key", lambda: names(net, "wuye", verifier))
        until("its node says what is missing", lambda: ask(net, "wuye", "/healthz")[0] == 503)
        assert json.loads(ask(net, "wuye", "/healthz")[1])["code"] == "node.key"
        status, told = hand_in(net, "wuye", no_matter(net, "wuye")[1])
        assert (status, told["error"]["code"]) == (503, "node.key"), told
        for language, word in (("en", "key"), ("zh-Hans", "密钥")):
            told = json.loads(ask(net, "wuye", "/api/v1/transactions", no_matter(net, "wuye")[1], Accept_Language=language)[1])
            assert word in told["error"]["message"]
        # The others go on, and it follows them.
        id, text = no_matter(net, "jiedao")
        assert hand_in(net, "jiedao", text)[0] == 200
        until("it follows", lambda: is_final(net, "wuye", id))
        shutil.move(tmp_path / "kept.key", key)
        until("it goes on without a restart", lambda: ask(net, "wuye", "/healthz")[0] == 200)
        assert hand_in(net, "wuye", no_matter(net, "wuye")[1])[0] == 200
        until("the key has its place", lambda: not key.exists())
        nobody_is_accused(net)


@pytest.mark.parametrize("linked", [False, True], ids=["before", "between"])
def test_a_kill_while_the_key_is_moved_loses_nothing(run: Run, binary: Path, net: Path, linked: bool) -> None:
    keys = net / "wuye/node/keys"
    with running(binary, net):
        verifier, body = rotate(run, net, "wuye")
        agree(net, body)
        until("the key has its place", lambda: set(key_files(net, "wuye")) == {"cosigner.key", *old_names(net, "wuye")})
        (old,) = old_names(net, "wuye")
        new = (keys / "cosigner.key").read_text()
    # As a kill leaves it: in force on the ledger, and not moved yet; or moved halfway.
    (keys / "cosigner.key").rename(keys / "cosigner-next.key")
    if linked:
        os.link(keys / old, keys / "cosigner.key")
    else:
        (keys / old).rename(keys / "cosigner.key")
    with running(binary, net):
        until("the key has its place", lambda: set(key_files(net, "wuye")) == {"cosigner.key", old})
        assert (keys / "cosigner.key").read_text() == new
        id, text = no_matter(net, "wuye")
        assert hand_in(net, "wuye", text)[0] == 200
        until("final at jiedao", lambda: is_final(net, "jiedao", id))
        nobody_is_accused(net)


def test_a_node_that_was_away_while_keys_changed(run: Run, binary: Path, net: Path) -> None:
    """It reads the change from the engine, after what the others say now."""
    # etcd of all, so that a quorum is there; the node of juweihui only later.
    with running(binary, net):
        pids = subprocess.run(["ps", "-wweo", "pid=,args="], capture_output=True, text=True, check=True).stdout
        number = str(port(net, "juweihui", "node-port"))
        (node,) = [
            int(line.split()[0]) for line in pids.splitlines() if "serve --data node" in line and line.endswith(number)
        ]
        os.kill(node, signal.SIGKILL)
        for party in ("wuye", "jiedao"):
            verifier, body = rotate(run, net, party)
            agree(net, body)
            until("in force", lambda: names(net, "jiedao", verifier) and names(net, "wuye", verifier))
            for _ in range(5):
                assert hand_in(net, party, no_matter(net, party)[1])[0] == 200
        id, text = no_matter(net, "wuye")
        assert hand_in(net, "wuye", text)[0] == 200
        with (net / "juweihui/logs/node.log").open("ab") as log:
            again = subprocess.Popen(
                [binary, "serve", "--data", "node", "--port", number], cwd=net / "juweihui", stdout=log, stderr=log
            )
        try:
            until("it has come after the others", lambda: is_final(net, "juweihui", id), 40)
            assert hand_in(net, "juweihui", no_matter(net, "juweihui")[1])[0] == 200
            nobody_is_accused(net)
        finally:
            again.terminate()
            again.wait(30)


def test_a_ledger_of_one_party_keeps_its_key(run: Run, tmp_path: Path) -> None:
    run("init", "--data", tmp_path / "data", "--origin", "example.org/lane")
    said = run("keys", "rotate", "--data", tmp_path / "data", code=1).stderr
    assert "keeps this ledger alone" in said
    assert not (tmp_path / "data/keys/cosigner-next.key").exists()
