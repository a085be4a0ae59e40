"""The policy of a ledger that several parties keep, read by the independent checker: every set of parties is tried."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from urllib.request import urlopen

import pytest
from conftest import Run, found, served
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import notes

ORIGIN = "example.org/lane"
AUTHORITIES = ["jiedao", "dangzhibu", "juweihui"]
ESTATE = ["yeweihui", "wuye", "jianguan"]
KINDS = dict(
    zip(
        AUTHORITIES + ESTATE,
        ["subdistrict", "party-branch", "residents-committee", "owners-committee", "property-manager", "regulator"],
        strict=True,
    )
)


def cosigner(party: str) -> str:
    """A C2SP verifier key for cosignatures."""
    key = b"\x04" + Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    name = f"{ORIGIN}/{party}"
    mark = sha256(name.encode() + b"\n" + key).hexdigest()[:8]
    return f"{name}+{mark}+{base64.b64encode(key).decode()}"


def genesis(groups: dict[str, object] | None, *, watching: tuple[str, ...] = ("jianguan",)) -> dict[str, object]:
    parties = []
    for party, kind in KINDS.items():
        entry: dict[str, object] = {"id": party, "name": party, "kind": kind}
        if party != "jiedao":
            entry["cosigner"] = cosigner(party)
        if party in watching:
            entry["observes"] = True
        parties.append(entry)
    staff = [{"party": "jiedao", "title": "office", "roles": ["delegate"]}]
    whole: dict[str, object] = {"name": "Lane", "founder": "jiedao", "parties": parties, "staff": staff}
    return whole if groups is None else whole | {"groups": groups}


def founded(run: Run, folder: Path, content: dict[str, object], code: int = 0) -> tuple[Path, str]:
    file = folder / "genesis.yaml"
    file.write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML
    data = folder / "data"
    ended = run("init", "--data", data, "--origin", ORIGIN, "--genesis", file, code=code)
    return data, ended.stderr


def every_set() -> list[set[str]]:
    everybody = list(KINDS)
    return [set(some) for count in range(len(everybody) + 1) for some in combinations(everybody, count)]


def test_the_policy_needs_every_group(run: Run, tmp_path: Path) -> None:
    groups = {"authorities": {"needed": 2, "members": AUTHORITIES}, "estate": {"needed": 2, "members": ESTATE}}
    content = genesis(groups)
    data, _ = founded(run, tmp_path, content)
    policy = notes.Policy.parse((data / "policy").read_bytes())
    assert {name.decode() for name in policy.witnesses} == set(KINDS)
    assert [key.name.decode() for key in policy.logs] == [ORIGIN]
    given = {party["id"]: party["cosigner"] for party in content["parties"] if "cosigner" in party}
    for party, key in given.items():
        assert policy.witnesses[party.encode()] == notes.VerifierKey.parse(key.encode(), notes.COSIGNATURE, party)
    for some in every_set():
        enough = len(some & set(AUTHORITIES)) >= 2 and len(some & set(ESTATE)) >= 2
        assert policy.is_met({party.encode() for party in some}) == enough, some


def test_without_groups_more_than_half_are_needed(run: Run, tmp_path: Path) -> None:
    data, _ = founded(run, tmp_path, genesis(None))
    policy = notes.Policy.parse((data / "policy").read_bytes())
    for some in every_set():
        assert policy.is_met({party.encode() for party in some}) == (len(some) > 3), some


@pytest.mark.parametrize(
    ("groups", "watching", "reason"),
    [
        ({"a": {"needed": 1, "members": AUTHORITIES}, "b": {"needed": 1, "members": ESTATE}}, (), "quorumApart"),
        ({"a": {"needed": 4, "members": AUTHORITIES}}, (), "quorumSize"),
        ({"a": {"needed": 2, "members": [*AUTHORITIES, "jiedao"]}}, (), "groupTwice"),
        ({"jiedao": {"needed": 2, "members": AUTHORITIES}}, (), "groupName"),
        ({"a": {"needed": 2, "members": ["jiedao", "nobody"]}}, (), "partyUnknown"),
        (None, tuple(KINDS), "nobodyOrders"),
    ],
)
def test_what_does_not_hold_is_refused(
    run: Run, tmp_path: Path, groups: dict[str, object] | None, watching: tuple[str, ...], reason: str
) -> None:
    data, said = founded(run, tmp_path, genesis(groups, watching=watching), code=1)
    assert f"constitution.{reason}" in said
    assert not (data / "policy").exists()


def test_the_policy_follows_the_vote(run: Run, binary: Path, tmp_path: Path) -> None:
    data = found(run, tmp_path)
    assert set(notes.Policy.parse((data / "policy").read_bytes()).witnesses) == {b"jiedao"}
    party = {"id": "juweihui", "name": "居民委员会", "kind": "residents-committee", "cosigner": cosigner("juweihui")}
    group = {"name": "both", "needed": 2, "members": ["jiedao", "juweihui"]}

    def act(kind: str, key: str, body: dict[str, object], code: int = 0) -> str:
        return run("act", kind, "--data", data, "--key", key, "--body", json.dumps(body), code=code).stdout

    def propose(*changes: dict[str, object], code: int = 0) -> str:
        body = {"proposal": f"p{code}", "version": 1, "changes": list(changes)}
        return act("constitution.propose", "jiedao", body, code=code)

    apart = {"change": "setQuorum", "groups": [{**group, "needed": 1}]}
    assert "constitution.quorumApart" in propose({"change": "changeParty", "party": party}, apart, code=1)
    propose({"change": "changeParty", "party": party}, {"change": "setQuorum", "groups": [group]})
    for voter in ("jiedao", "dangzhibu", "juweihui", "wuye"):
        act("constitution.vote", voter, {"proposal": "p0", "yes": True})
    with served(binary, data) as address, urlopen(f"{address}/policy", timeout=20) as answer:
        policy = notes.Policy.parse(answer.read())
    assert policy.groups == {b"both": (2, [b"jiedao", b"juweihui"])} and policy.quorum == b"both"
    assert policy.witnesses[b"juweihui"].name.decode() == f"{ORIGIN}/juweihui"
