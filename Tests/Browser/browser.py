"""A visit to the pages with Debian's Chromium: what goes wrong in the page is collected and fails the test."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Request, Response, sync_playwright

CHROMIUM = os.environ.get("LINLIAN_CHROMIUM", "/usr/bin/chromium")
ARTIFACTS = Path(os.environ.get("LINLIAN_ARTIFACTS", Path(__file__).parents[2] / "Artifacts" / "browser"))
TIMEOUT = 10_000
PHONE = {"width": 390, "height": 844}
NARROWEST = {"width": 320, "height": 640}


@contextmanager
def launch() -> Iterator[Browser]:
    """Chromium without a window. The sandbox is off because it cannot be had as root, as in a container of CI."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One page in one fresh profile. `close` ends it and answers the problems the page had meanwhile."""

    def __init__(
        self,
        browser: Browser,
        name: str,
        locale: str = "zh-CN",
        viewport: dict[str, int] = PHONE,
        script: bool = True,
        dark: bool = False,
    ):
        self.name = re.sub(r"[^\w.-]+", "-", name)
        self.problems: list[str] = []
        self.shots = 0
        self.is_offline = False
        self.hosts: set[str] = set()
        self.expected: set[str] = set()
        """Addresses whose refusal is what is looked at."""
        self.context = browser.new_context(
            locale=locale,
            viewport=viewport,
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            accept_downloads=True,  # type: ignore[arg-type]
        )
        self.context.set_default_timeout(TIMEOUT)
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"uncaught: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)
        self.page.on("request", self._asked)

    def go(self, url: str) -> None:
        """Opens an address; from then on the page may ask nobody but its host."""
        self.hosts.add(urlsplit(url).netloc)
        self.page.goto(url, wait_until="load")

    def by(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def choose(self, testid: str) -> None:
        """Picks a radio button or check box by clicking what a person sees of it, its label."""
        box = self.by(testid)
        label = box.locator("xpath=ancestor::label[1]")
        (label if label.count() else box).first.click()
        ticked = "e => (e.matches('input') ? e : e.control ?? e.querySelector('input')).checked"
        assert box.evaluate(ticked), f"{testid} did not take the choice"

    def shot(self, what: str) -> Path:
        """A picture of the whole page in the folder of artifacts, numbered in the order of the visit."""
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        self.shots += 1
        file = ARTIFACTS / f"{self.name}-{self.shots:02d}-{what}.png"
        self.page.screenshot(path=file, full_page=True)
        return file

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Without a network: failing requests are what is to be expected."""
        self.is_offline = True
        self.context.set_offline(True)
        try:
            yield
        finally:
            self.context.set_offline(False)
            self.page.wait_for_timeout(100)  # messages about the last failed request arrive a little later
            self.is_offline = False

    def check_page(self) -> None:
        """What holds of every page: a language, one main heading, no sideways scrolling, nothing serious for axe."""
        page = self.page
        assert page.locator("html").get_attribute("lang") in ("zh-Hans", "en"), "the page names no language"
        assert page.locator("h1:visible").count() == 1, "a page has one main heading"
        before = page.viewport_size
        page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
        wide = page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        page.set_viewport_size(before)  # type: ignore[arg-type]
        assert wide <= 0, f"at 320 px the page is {wide} px too wide"
        found = Axe().run(page).response["violations"]
        serious = [
            f"{v['id']}: {n['html'][:160]}" for v in found if v["impact"] in ("serious", "critical") for n in v["nodes"]
        ]
        assert not serious, "axe finds:\n" + "\n".join(serious)

    def close(self) -> list[str]:
        if self.problems:
            self.shot("problems")
        self.context.close()
        return self.problems

    def _console(self, message: ConsoleMessage) -> None:
        if message.location.get("url", "") in self.expected:
            return
        if message.type == "error" and not self.is_offline:
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _failed(self, request: Request) -> None:
        # A download and a page left in the middle of loading end their request early; that is no failure.
        if not self.is_offline and request.failure != "net::ERR_ABORTED":
            self.problems.append(f"{request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.url not in self.expected:
            self.problems.append(f"{response.request.method} {response.url}: answered {response.status}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc not in self.hosts:
            self.problems.append(f"asks another host: {request.url}")
