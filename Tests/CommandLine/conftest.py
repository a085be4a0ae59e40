"""Fixtures of the command-line tests: the built program and a small ledger that it founded."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "Independent"))

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def binary() -> Path:
    named = os.environ.get("LINLIAN_BINARY")
    assert named, "needs LINLIAN_BINARY, the built program"
    found = Path(named).resolve()
    assert found.is_file(), f"LINLIAN_BINARY: {found} is not a file"
    return found


@pytest.fixture(scope="session")
def run(binary: Path) -> Run:
    """Runs the program; `code` is the exit code that it must end with, None for any."""

    def call(*arguments: object, code: int | None = 0, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        words = [str(argument) for argument in arguments]
        ended = subprocess.run([binary, *words], capture_output=True, text=True, timeout=seconds, check=False)
        said = f"linlian {' '.join(words)}\n{ended.stdout}\n{ended.stderr}"
        assert code is None or ended.returncode == code, f"exit code {ended.returncode}, not {code}: {said}"
        assert "\r" not in ended.stderr, f"a progress bar in a pipe: {said}"
        return ended

    return call


def found(run: Run, folder: Path) -> Path:
    data = folder / "data"
    run("init", "--data", data, "--origin", "example.org/lane")
    return data


def verified(run: Run, data: Path) -> dict[str, object]:
    return json.loads(run("verify", "--data", data, "--json").stdout)


def fetch(data: Path, sql: str, *values: object, file: str = "ledger.sqlite") -> list[tuple]:
    connection = sqlite3.connect(data / file)
    rows = connection.execute(sql, values).fetchall()
    connection.close()
    return rows


@contextlib.contextmanager
def served(binary: Path, data: Path, *options: object, command: str = "serve") -> Iterator[str]:
    """Serves a ledger on a free port of this machine; gives its address."""
    server = subprocess.Popen(
        [binary, command, "--data", data, "--port", "0", *map(str, options)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    try:
        assert server.stdout is not None
        address = re.fullmatch(r"address (https?://\S+)\n", server.stdout.readline())
        assert address, "the server did not start"
        yield address[1]
    finally:
        server.terminate()
        server.communicate(timeout=30)


ROLL = "unit,building,area,area_source,owner,label,holder\n" + "".join(
    f"{b}-{f}0{u},{b},{80 + f}.{u}5,registry,owner {b} {f} {u % 3},{b}号楼{f}0{u},\n"
    for b in range(1, 5)
    for f in range(1, 10)
    for u in range(1, 9)
) + "4-1001,4,120.00,contract,,,developer\n"


@pytest.fixture(scope="session")
def grown(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of more than one full tile; tests take a copy."""
    folder = tmp_path_factory.mktemp("grown")
    data = folder / "data"
    run("init", "--data", data, "--origin", "example.org/lane")
    roll = folder / "roll.csv"
    roll.write_text(ROLL, encoding="utf-8")
    run("import", "roll", roll, "--data", data)
    vote = Path(__file__).resolve().parents[3] / "shared/data/pabulib/Netherlands_Assen_2024.pb"
    # Each imported vote brings its own voters; three of them fill the first tile.
    for _ in range(3):
        run("import", "budget", vote, "--data", data)
    return data


@pytest.fixture
def data(grown: Path, tmp_path: Path) -> Path:
    """A copy of the grown ledger, to be damaged."""
    copy = tmp_path / "data"
    shutil.copytree(grown, copy)
    return copy
