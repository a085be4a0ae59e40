"""The network that the faults happen to: made once, used by all tests in the order of their files, taken away at the end."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "Independent"))

from faults import Scene  # noqa: E402
from load import staff_key  # noqa: E402
from namespaces import Lan, take_own_mounts  # noqa: E402
from network import ORDERING, PARTIES, Network  # noqa: E402
from report import write_report  # noqa: E402
from watching import EngineWatch, FinalSizes  # noqa: E402


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    named = os.environ.get("LINLIAN_BINARY")
    assert named, "needs LINLIAN_BINARY, the built program"
    binary = Path(named).resolve()
    assert binary.is_file(), f"LINLIAN_BINARY: {binary} is not a file"
    for tool in ("ip", "etcd", "etcdctl", "curl", "setpriv", "mount"):
        assert shutil.which(tool), f"needs {tool}"
    take_own_mounts()
    lan = Lan(PARTIES)
    folder = tmp_path_factory.mktemp("network")
    network, watches = None, []
    try:
        lan.make()
        network = Network(binary, lan, folder)
        shutil.copytree(network.folder, folder / "as-made", symlinks=True)
        network.start()
        watches = [EngineWatch(network), FinalSizes(network)]
        signers = {p: staff_key(network.node(p) / "keys" / f"{p}.key", p) for p in ORDERING}
        made = Scene(network, signers, watches[1], watches[0], (network.folder / "policy").read_text(), folder)
        network.wait_for_agreement()
        yield made
        write_report(made.rows)
    finally:
        for watch in watches:
            watch.stop()
        if network:
            network.end()
        lan.remove()
