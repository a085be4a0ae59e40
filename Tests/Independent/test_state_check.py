"""Shows that state_check accepts true answers about state and refuses false ones."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import sparse
import state_check
from refused import Refused
from synthetic import Book

SEED = 20260103


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


class World:
    """A state of some keys and a ledger whose last seal names its root."""

    def __init__(self, count: int = 40):
        self.values = {f"assembly/ballot/{i}": f'{{"choice":"yes","n":{i}}}' for i in range(count)}
        self.items = {digest(key): digest(value) for key, value in self.values.items()}
        self.book = Book()
        self.book.state = sparse.root(self.items).hex()
        self.book.fill(2, 2)
        self.policy = self.book.policy().decode()

    def answer(self, key: str) -> dict[str, Any]:
        last = len(self.book.leaves) - 1
        return {
            "key": key,
            "value": self.values.get(key),
            "proof": base64.b64encode(sparse.prove(self.items, digest(key))).decode(),
            "seal": self.book.leaves[last].decode(),
            "receipt": self.book.receipt(last).decode(),
        }

    def refusal(self, answer: dict[str, Any]) -> str:
        with pytest.raises(Refused) as caught:
            state_check.check(json.dumps(answer).encode(), self.policy)
        return caught.value.check


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 40])
def test_accepts_presence_and_absence(count: int) -> None:
    world, kinds = World(count), set()
    for key in [*world.values, *(f"registry/unit/{i}" for i in range(60))]:
        answer = world.answer(key)
        state, seal, _ = state_check.check(json.dumps(answer).encode(), world.policy)
        assert (state["value"], seal.height) == (world.values.get(key), 3)
        kinds.add(base64.b64decode(answer["proof"])[0])
    wanted = {0: {sparse.ABSENT}, 40: {sparse.ABSENT, sparse.PRESENT, sparse.OTHER}}
    assert kinds >= wanted.get(count, {sparse.PRESENT, sparse.OTHER})


DAMAGES: dict[str, tuple[str, Callable[[World, dict[str, Any]], object]]] = {
    "another value": ("state proof", lambda w, a: a.update(value='{"choice":"no","n":7}')),
    "absence of a present key": ("state proof", lambda w, a: a.update(value=None)),
    "another key": ("state proof", lambda w, a: a.update(key="assembly/ballot/8")),
    "the proof of another key": ("state proof", lambda w, a: a.update(proof=w.answer("assembly/ballot/8")["proof"])),
    "an absence proof": ("state proof", lambda w, a: a.update(proof=w.answer("none")["proof"], value=None)),
    "a longer proof": ("state proof", lambda w, a: a.update(proof=a["proof"] + "AAAA")),
    "an older seal": ("receipt", lambda w, a: a.update(seal=w.book.leaves[w.book.seals[-2]].decode())),
    "a leaf that is no seal": (
        "seal",
        lambda w, a: a.update(seal=w.book.leaves[0].decode(), receipt=w.book.receipt(0).decode()),
    ),
    "a receipt few cosigned": (
        "receipt",
        lambda w, a: a.update(receipt=w.book.receipt(len(w.book.leaves) - 1, "b").decode()),
    ),
    "no proof": ("state", lambda w, a: a.pop("proof")),
    "no value": ("state", lambda w, a: a.pop("value")),
    "a value that is not text": ("state", lambda w, a: a.update(value={"choice": "yes"})),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_refuses(world: World, name: str) -> None:
    check, damage = DAMAGES[name]
    answer = world.answer("assembly/ballot/7")
    damage(world, answer)
    assert world.refusal(answer) == check


@pytest.mark.parametrize("key", ["assembly/ballot/7", "none", "registry/unit/3"])
def test_no_bit_of_a_proof_may_change(world: World, key: str) -> None:
    answer = world.answer(key)
    proof, draw = base64.b64decode(answer["proof"]), random.Random(SEED)
    for _ in range(200):
        changed = bytearray(proof)
        changed[draw.randrange(len(proof))] ^= 1 << draw.randrange(8)
        assert world.refusal(answer | {"proof": base64.b64encode(changed).decode()}) == "state proof"


def test_another_key_cannot_prove_that_the_key_itself_is_absent(world: World) -> None:
    key = "assembly/ballot/7"
    honest = sparse.prove(world.items, digest(key))
    forged = bytes([sparse.OTHER]) + honest[1:] + digest(key) + world.items[digest(key)]
    answer = world.answer(key) | {"value": None, "proof": base64.b64encode(forged).decode()}
    assert world.refusal(answer) == "state proof"


def test_the_command_says_what_holds(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "policy").write_text(world.policy)
    good = world.answer("assembly/ballot/7")
    for answer, code in ((good, 0), (good | {"value": None}, 1)):
        (tmp_path / "state.json").write_text(json.dumps(answer))
        assert state_check.main([str(tmp_path / "state.json"), "--policy", str(tmp_path / "policy")]) == code
    printed = capsys.readouterr()
    assert 'assembly/ballot/7 holds {"choice":"yes","n":7}' in printed.out
    assert printed.err.startswith("refused: ")
