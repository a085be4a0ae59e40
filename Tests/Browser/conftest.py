"""Fixtures of the browser tests: one Chromium for all, one fresh profile per test, and the node they visit."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "Independent"))

from browser import Visit, launch  # noqa: E402


@dataclass(frozen=True)
class Node:
    """A running node with a demonstration ledger, as the caller of the tests describes it."""

    url: str
    codes: list[str]
    """Unused enrolment codes of residents who may vote, from LINLIAN_CODE, separated by commas."""
    binary: Path
    policy: Path


@pytest.fixture(scope="session")
def node() -> Node:
    names = ["LINLIAN_URL", "LINLIAN_CODE", "LINLIAN_BINARY", "LINLIAN_POLICY"]
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        assert os.environ.get("LINLIAN_REQUIRE_NODE") != "1", f"needs {', '.join(missing)}"
        pytest.skip(f"needs a running node: {', '.join(missing)}")
    url, codes, binary, policy = (os.environ[name] for name in names)
    found = Node(url.rstrip("/"), [code.strip() for code in codes.split(",")], Path(binary), Path(policy))
    assert found.binary.is_file() and found.policy.is_file(), "LINLIAN_BINARY and LINLIAN_POLICY must be files"
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with launch() as running:
        yield running


@pytest.fixture
def visit(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visit]]:
    """Opens a page in a profile of its own; when the test ends, every problem the page had fails it."""
    opened: list[Visit] = []

    def open_page(**options: object) -> Visit:
        name = request.node.name if not opened else f"{request.node.name}-{len(opened)}"
        opened.append(Visit(chromium, name, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_page
    problems = [problem for each in opened for problem in each.close()]
    assert not problems, "the page had problems:\n" + "\n".join(problems)
