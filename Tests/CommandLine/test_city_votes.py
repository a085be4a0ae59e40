"""Real city votes, ballot by ballot, against the cities' own decisions and an independent count."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run
from test_command_line import found, verified

PABULIB = Path(__file__).resolve().parents[3] / "shared/data/pabulib"
COUNT = Path(__file__).parents[1] / "Independent/count_budget.py"
SMALL = sorted(path for path in PABULIB.glob("*.pb") if "Wroclaw" not in path.name)
LARGE = sorted(path for path in PABULIB.glob("*.pb") if "Wroclaw" in path.name)
# 131,778 ballots take a debug build too long.
FULL = os.environ.get("LINLIAN_FULL") == "1" or "/release/" in os.path.realpath(os.environ.get("LINLIAN_BINARY", ""))


def official(run: Run, file: Path, folder: Path, seconds: float) -> dict[str, object]:
    data = found(run, folder)
    report = json.loads(run("import", "budget", file, "--data", data, seconds=seconds).stdout)
    assert report["match"] is True, report
    assert set(report["winners"]) == set(report["officialWinners"]) and report["winners"]
    assert verified(run, data)["transactions"] > report["ballots"] > 0
    return report


@pytest.mark.parametrize("file", SMALL, ids=lambda path: path.stem)
def test_city_votes_come_out_as_they_did(run: Run, tmp_path: Path, file: Path) -> None:
    report = official(run, file, tmp_path, 300)
    counted = subprocess.run([sys.executable, COUNT, file], capture_output=True, text=True, timeout=300, check=True)
    other = json.loads(counted.stdout)
    assert sorted(other["winners"]) == sorted(report["winners"])
    assert other["rule"] == report["rule"]


def test_all_files_are_there() -> None:
    assert (len(SMALL), len(LARGE)) == (5, 1)


if FULL:

    @pytest.mark.parametrize("file", LARGE, ids=lambda path: path.stem)
    def test_a_large_city_vote(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], file: Path) -> None:
        report = official(run, file, tmp_path, 1_800)
        assert report["ballots"] == 131_778
        with capsys.disabled():
            print(f"\n{file.stem}: {report['seconds']}")
