"""Every page of the site in every setting: nothing serious for axe, no sideways scrolling, readable and reachable."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser import Visit
from conftest import Node
from site_pages import pages

WIDTHS = [320, 390, 1280]

SETTINGS = {
    "default": {},
    "english": {"locale": "en-GB"},
    "dark": {"dark": True},
    "care": {"reading": "care"},
    "care-largest": {"reading": "care-largest", "locale": "en-GB"},
    "care-dark": {"reading": "care-large", "dark": True},
}

SMALL_TYPE = """least => [...document.querySelectorAll("body *")].filter(e => {
  const own = [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.textContent.trim());
  const box = e.getBoundingClientRect();
  return own && box.width > 2 && box.height > 2 && !e.closest("svg") && parseFloat(getComputedStyle(e).fontSize) < least;
}).map(e => e.outerHTML.slice(0, 120))"""

SMALL_TARGETS = """least => [...document.querySelectorAll("a, button, input, select, textarea, summary")].filter(e => {
  const box = (e.closest("label") ?? e).getBoundingClientRect();
  return box.width > 2 && box.height > 2 && !e.matches(".skip, .unseen") && box.height < least - 0.5;
}).map(e => e.outerHTML.slice(0, 120))"""

WIDE = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


@pytest.fixture(scope="session")
def paths(node: Node) -> list[str]:
    return pages(node.url)


def test_the_pages_are_found(paths: list[str]) -> None:
    wanted = {"/", "/decisions", "/services", "/together", "/public", "/me", "/motions", "/budgets", "/roll", "/ledger"}
    wanted |= {"/statistics", "/search", "/desk", "/notices", "/questions", "/verify", "/constitution", "/enrol"}
    assert wanted <= set(paths), f"not linked from anywhere: {sorted(wanted - set(paths))}"


@pytest.mark.parametrize("setting", list(SETTINGS))
def test_every_page(visit: Callable[..., Visit], node: Node, paths: list[str], setting: str) -> None:
    options = dict(SETTINGS[setting])
    reading = options.pop("reading", "usual")
    guest = visit(**options)
    guest.expected = {f"{node.url}/nowhere"}
    guest.go(f"{node.url}/?reading={reading}")
    faults: list[str] = []
    for path in paths:
        guest.go(node.url + path)
        assert guest.page.locator("html").get_attribute("data-reading") == reading, f"{path}: the choice was not kept"
        try:
            guest.check_page()
        except AssertionError as fault:
            faults.append(f"{path}: {fault}")
        for width in WIDTHS:
            guest.page.set_viewport_size({"width": width, "height": 844})
            if (wide := guest.page.evaluate(WIDE)) > 0:
                faults.append(f"{path}: {wide} px too wide at {width}")
        guest.page.set_viewport_size({"width": 390, "height": 844})
        if reading != "usual":
            faults += [f"{path}: small type: {e}" for e in guest.page.evaluate(SMALL_TYPE, 18)]
            faults += [f"{path}: small target: {e}" for e in guest.page.evaluate(SMALL_TARGETS, 60)]
    assert not faults, "\n".join(faults)


def test_every_page_at_twice_the_size(visit: Callable[..., Visit], node: Node, paths: list[str]) -> None:
    """Text at 200 % in a window of 640 px is what a window of 320 px shows (WCAG 2.2, 1.4.4 and 1.4.10)."""
    guest = visit(viewport={"width": 640, "height": 900})
    guest.expected = {f"{node.url}/nowhere"}
    for path in paths:
        guest.go(node.url + path)
        guest.page.evaluate("document.documentElement.style.setProperty('--root', '200%')")
        assert guest.page.evaluate(WIDE) <= 0, f"{path} scrolls sideways at 200 %"


def test_landmarks_and_labels(visit: Callable[..., Visit], node: Node, paths: list[str]) -> None:
    """What a screen reader goes by: one main part, a named bar, the way past the head, and a name for every control."""
    guest = visit()
    guest.expected = {f"{node.url}/nowhere"}
    for path in paths:
        guest.go(node.url + path)
        assert guest.page.get_by_role("main").count() == 1, path
        assert guest.page.get_by_role("banner").count() == 1, path
        assert guest.page.get_by_role("contentinfo").count() == 1, path
        assert guest.page.locator("nav:not([aria-label]):not([aria-labelledby])").count() == 0, f"{path}: a nameless nav"
        guest.page.keyboard.press("Tab")
        assert guest.page.evaluate("document.activeElement.getAttribute('href')") == "#main", f"{path}: no way past"
