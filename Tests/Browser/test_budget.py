"""What a page may weigh and how long it may take on a slow phone: every page, the processor slowed down to a quarter.

A first visit is at most 100 KB over the wire, every later page at most 30 KB; a page is usable within three seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from conftest import Node
from playwright.sync_api import Browser, CDPSession, Page
from site_pages import UNLINKED, pages

FIRST = 100_000
LATER = 30_000
SLOWDOWN = 4
SECONDS = 3.0
"""Until the page has loaded; far above what it takes on a quiet machine, so that only a real fault is told."""


class Meter:
    """Counts the bytes that come over the wire."""

    def __init__(self, page: Page):
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        self.bytes = 0
        self.session.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, float]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def take(self) -> int:
        bytes_, self.bytes = self.bytes, 0
        return bytes_


@contextmanager
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    try:
        yield context.new_page()
    finally:
        context.close()


def load(page: Page, url: str) -> float:
    """Opens an address; answers the seconds until it had loaded. What its scripts fetch then is counted too."""
    page.goto(url, wait_until="load")
    page.wait_for_timeout(100)
    return page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000


@pytest.fixture(scope="module")
def paths(node: Node) -> list[str]:
    return [path for path in pages(node.url) if path not in UNLINKED]


def test_first_visits(chromium: Browser, node: Node, paths: list[str]) -> None:
    faults = []
    heaviest = ("", 0)
    for path in paths:
        with phone(chromium) as page:
            meter = Meter(page)
            seconds = load(page, node.url + path)
            weight = meter.take()
            heaviest = max(heaviest, (path, weight), key=lambda found: found[1])
            if weight > FIRST:
                faults.append(f"{path}: {weight:,} bytes at the first visit")
            if seconds > SECONDS:
                faults.append(f"{path}: {seconds:.1f} s")
    print(f"heaviest first visit: {heaviest[0]} {heaviest[1]:,} bytes")
    assert not faults, "\n".join(faults)


def test_later_visits(chromium: Browser, node: Node, paths: list[str]) -> None:
    faults = []
    with phone(chromium) as page:
        meter = Meter(page)
        load(page, node.url + "/")
        # What the scripts of the other rooms weigh is paid once, at the first visit of each.
        for path in paths:
            load(page, node.url + path)
        for path in paths:
            meter.take()
            seconds = load(page, node.url + path)
            weight = meter.take()
            if weight > LATER:
                faults.append(f"{path}: {weight:,} bytes at a later visit")
            if seconds > SECONDS:
                faults.append(f"{path}: {seconds:.1f} s")
    assert not faults, "\n".join(faults)
