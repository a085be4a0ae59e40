"""A resident's day: what waits, what was done, and a vote without a mouse; on three screens, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import Visit
from conftest import Node
from playwright.sync_api import expect
from test_journey import FINAL, check, enrol, receipt

SCREENS = {
    "narrowest": {"viewport": {"width": 320, "height": 640}, "locale": "zh-CN"},
    "phone": {"viewport": {"width": 390, "height": 844}, "locale": "en-GB"},
    "desk": {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"},
}


@pytest.mark.parametrize("screen", list(SCREENS))
def test_a_visitor_looks_round(visit: Callable[..., Visit], node: Node, screen: str) -> None:
    """Through the bar to every room, and by the doors to what is public: nothing asks for a sign-in."""
    guest = visit(**SCREENS[screen])
    guest.go(node.url + "/")
    for path in ("/decisions", "/services", "/together", "/me", "/"):
        guest.page.locator(f'.bar a[href="{path}"]').click()
        expect(guest.page).to_have_url(node.url + path)
        expect(guest.page.locator(f'.bar a[href="{path}"]')).to_have_attribute("aria-current", "page")
    guest.page.locator('.foot a[href="/public"]').click()
    for path in ("/notices", "/motions", "/budgets", "/roll", "/constitution", "/statistics", "/ledger"):
        guest.go(node.url + "/public")
        guest.page.locator(f'.door[href="{path}"]').click()
        expect(guest.page).to_have_url(node.url + path)
        expect(guest.page.get_by_role("heading", level=1)).to_be_visible()
    guest.go(node.url + "/motions/lift-2026")
    expect(guest.page.locator('.bar a[href="/decisions"]')).to_have_attribute("aria-current", "page")


def test_what_waits_and_what_was_done(visit: Callable[..., Visit], node: Node, tmp_path: Path) -> None:
    """Before: everything open, for everybody. Bound: what waits for me. After the vote: one thing less, and a receipt."""
    resident = visit(**SCREENS["phone"])
    resident.go(node.url + "/")
    expect(resident.page.locator("[data-until-bound]")).to_be_visible()
    expect(resident.page.locator("[data-acts]")).to_be_hidden()
    enrol(resident, node, node.codes[3])
    resident.go(node.url + "/")
    expect(resident.page.locator("[data-until-bound]")).to_be_hidden()
    agenda = resident.by("agenda")
    expect(agenda).to_be_visible()
    motion = agenda.locator('a[href="/motions/manager-2027"]')
    expect(motion).to_be_visible()
    before = resident.by("agenda-item").count()
    motion.click()
    resident.choose("choice-no")
    resident.by("ballot-review").click()
    resident.by("ballot-sign").click()
    check(receipt(resident, tmp_path), node, "no")
    resident.go(node.url + "/")
    expect(agenda).to_be_visible()
    expect(resident.by("agenda-item")).to_have_count(before - 1)
    acts = resident.by("acts").locator("li")
    expect(acts.first).to_be_visible()
    resident.shot("home-after")
    for path in ("/", "/me"):
        resident.go(node.url + path)
        expect(acts.first).to_be_visible()
        with resident.page.expect_download() as caught:
            acts.locator("[data-act-receipt]").first.click()
        assert caught.value.suggested_filename.endswith(".tlog-proof")
    expect(resident.page.locator("[data-identity-account]")).not_to_be_empty()
    expect(resident.page.locator("[data-identity-homes] a").first).to_be_visible()
    resident.check_page()
    resident.shot("mine")
    acts.locator("a").first.click()
    expect(resident.page).to_have_url(re.compile(r"/(ledger/transactions|motions)/"))


def test_a_vote_with_the_keyboard_alone(visit: Callable[..., Visit], node: Node, tmp_path: Path) -> None:
    """From the first page to the receipt with Tab, arrows, space and Enter; the focus is seen at every step."""
    voter = visit(viewport={"width": 1280, "height": 900})
    page = voter.page
    enrol(voter, node, node.codes[4])
    voter.go(node.url + "/")
    expect(voter.by("agenda-item").first).to_be_visible()

    def tab_to(selector: str, most: int = 80) -> None:
        for _ in range(most):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                outline = page.evaluate(
                    "(() => { const e = document.activeElement.closest('label.choice') ?? document.activeElement;"
                    " return getComputedStyle(e).outlineStyle; })()"
                )
                assert outline != "none", f"the focus on {selector} cannot be seen"
                return
        raise AssertionError(f"Tab does not come to {selector}")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')")
    page.keyboard.press("Enter")
    tab_to('main a[href="/motions/manager-2027"]')
    page.keyboard.press("Enter")
    expect(page).to_have_url(node.url + "/motions/manager-2027")
    expect(voter.by("choice-yes")).to_be_visible()
    tab_to('input[name="choice"]')
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(voter.by("choice-no")).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(voter.by("choice-yes")).to_be_checked()
    tab_to('[data-testid="ballot-review"]')
    page.keyboard.press("Enter")
    expect(voter.by("ballot-sign")).to_be_visible()
    assert page.evaluate("document.activeElement.closest('[data-review]') !== null"), "the focus did not follow"
    tab_to('[data-testid="ballot-sign"]')
    page.keyboard.press("Enter")
    expect(voter.by("act-status").first).to_have_attribute("data-state", "final", timeout=FINAL)
    tab_to('[data-testid="receipt-download"]')
    with page.expect_download() as caught:
        page.keyboard.press("Enter")
    file = tmp_path / caught.value.suggested_filename
    caught.value.save_as(file)
    check(file, node, "yes")


def test_without_network_the_page_says_so(visit: Callable[..., Visit], node: Node) -> None:
    guest = visit()
    guest.go(node.url + "/")
    strip = guest.page.locator("[data-offline]")
    expect(strip).to_be_hidden()
    with guest.offline():
        expect(strip).to_be_visible()
    expect(strip).to_be_hidden()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_page_that_is_not_there_helps_on(visit: Callable[..., Visit], node: Node, locale: str) -> None:
    guest = visit(locale=locale)
    guest.expected = {node.url + "/nowhere"}
    guest.go(node.url + "/nowhere")
    guest.check_page()
    guest.page.get_by_role("searchbox").fill("电梯")
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_role("main").get_by_role("link", name=re.compile("电梯")).first).to_be_visible()


def test_nothing_moves_for_those_who_asked_for_it(visit: Callable[..., Visit], node: Node) -> None:
    guest = visit()
    guest.page.emulate_media(reduced_motion="reduce")
    for path in ("/", "/motions/manager-2027", "/styleguide"):
        guest.go(node.url + path)
        moving = guest.page.evaluate(
            """[...document.querySelectorAll("*")].filter(e => { const s = getComputedStyle(e);
            return parseFloat(s.transitionDuration) > 0 || s.animationName !== "none"; }).map(e => e.outerHTML.slice(0, 90))"""
        )
        assert moving == [], path
