"""Checks a ledger that the product itself exported: the folder named by LINLIAN_EXPORT (and LINLIAN_POLICY, if given).

With LINLIAN_REQUIRE_EXPORT=1, as in CI, a missing folder is a failure.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

import export_check
from refused import Refused


@pytest.fixture(scope="module")
def export() -> Path:
    folder = os.environ.get("LINLIAN_EXPORT")
    if not folder:
        assert os.environ.get("LINLIAN_REQUIRE_EXPORT") != "1", "LINLIAN_EXPORT must name an exported ledger"
        pytest.skip("LINLIAN_EXPORT names no exported ledger")
    return Path(folder)


@pytest.fixture(scope="module")
def policy() -> Path | None:
    file = os.environ.get("LINLIAN_POLICY")
    return Path(file) if file else None


def test_a_real_ledger_holds(export: Path, policy: Path | None) -> None:
    counts = export_check.check(export, policy)
    print(json.dumps(counts, ensure_ascii=False))
    assert counts["blocks"] >= 1 and counts["accepted"] >= 1 and sum(counts["signatures"].values()) >= 1


@pytest.mark.parametrize("part", ["tile/entries", "tile/0", "checkpoint"])
def test_a_real_ledger_with_one_changed_byte_is_refused(
    export: Path, policy: Path | None, tmp_path: Path, part: str
) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(export, folder)
    files = sorted(file for file in [folder / part, *(folder / part).rglob("*")] if file.is_file())
    data = bytearray(files[-1].read_bytes())
    # In a checkpoint the root; a cosignature might be one that the quorum does not need.
    data[data.index(b"\n", data.index(b"\n") + 1) + 5 if part == "checkpoint" else len(data) // 3] ^= 1
    files[-1].write_bytes(data)
    with pytest.raises(Refused):
        export_check.check(folder, policy)
