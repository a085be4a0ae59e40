"""Care mode 关怀模式: the way in and out, reading aloud, and an elder who votes. Every page in it is held by test_pages.

The figures are those of China's design norm for elder-friendly pages: type of 18 px and more, scalable to 30 px, and
targets of 60 px.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browser import Visit
from conftest import Node
from playwright.sync_api import expect
from test_journey import FINAL, check, enrol, open_ballot, receipt, review
from test_pages import SMALL_TARGETS, SMALL_TYPE


@pytest.mark.parametrize(("reading", "least"), [("care", 18), ("care-largest", 29.5)])
def test_the_first_page(visit: Callable[..., Visit], node: Node, reading: str, least: float) -> None:
    guest = visit()
    guest.go(f"{node.url}/?reading={reading}")
    guest.shot(reading)
    assert guest.page.locator(".care-button:visible").count() == 4
    assert guest.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= least


def test_the_way_in_and_out(visit: Callable[..., Visit], node: Node) -> None:
    guest = visit()
    guest.go(node.url + "/")
    guest.page.get_by_role("link", name="关怀模式").click()
    expect(guest.page.locator("html")).to_have_attribute("data-reading", "care")
    phone = guest.page.get_by_role("link", name="求助 12345")
    expect(phone).to_have_attribute("href", "tel:12345")
    guest.page.get_by_role("link", name="最大").click()
    expect(guest.page.locator("html")).to_have_attribute("data-reading", "care-largest")
    # It stays on the device, on other pages too, and what the address asked for is not lost.
    guest.go(node.url + "/roll?building=2&page=2")
    expect(guest.page.locator("html")).to_have_attribute("data-reading", "care-largest")
    guest.page.get_by_role("link", name="返回标准版").click()
    expect(guest.page.locator("html")).to_have_attribute("data-reading", "usual")
    assert "building=2" in guest.page.url and "page=2" in guest.page.url


def test_reading_aloud(visit: Callable[..., Visit], node: Node) -> None:
    guest = visit()
    # Chromium without a window has no voices; what is handed to the speech service is what is looked at.
    guest.page.add_init_script(
        """window.spoken = [];
        Object.defineProperty(window, "speechSynthesis", { value: {
          speaking: false, pending: false, cancel() { this.speaking = false; },
          speak(u) { this.speaking = true; window.spoken.push([u.lang, u.text]); } } });"""
    )
    guest.go(node.url + "/motions/manager-2027?reading=care")
    button = guest.page.get_by_role("button", name="读给我听")
    button.click()
    expect(guest.page.get_by_role("button", name="停止朗读")).to_have_attribute("aria-pressed", "true")
    spoken = guest.page.evaluate("window.spoken")
    texts = [text for _, text in spoken]
    assert {lang for lang, text in spoken if text} == {"zh-CN"}
    assert "续聘物业服务企业三年" in texts and len(texts) == len(list(dict.fromkeys(texts)))
    guest.page.get_by_role("button", name="停止朗读").click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_without_a_voice_there_is_no_button(visit: Callable[..., Visit], node: Node) -> None:
    guest = visit(script=False)
    guest.go(node.url + "/?reading=care")
    expect(guest.page.locator("[data-aloud]")).to_be_hidden()


def test_an_elder_votes(visit: Callable[..., Visit], node: Node, tmp_path: Path) -> None:
    elder = visit()
    elder.go(node.url + "/?reading=care-large")
    enrol(elder, node, node.codes[2])
    elder.go(node.url + "/")
    elder.page.locator(".care-button").first.click()
    expect(elder.page).to_have_url(node.url + "/decisions")
    open_ballot(elder, node)
    elder.choose("choice-yes")
    elder.shot("choice")
    review(elder)
    # While the choice is reviewed there is nothing else on the screen.
    expect(elder.page.get_by_role("heading", name="怎样才算通过")).to_be_hidden()
    expect(elder.by("ballot-sign")).to_be_visible()
    assert elder.page.evaluate(SMALL_TARGETS, 60) == []
    assert elder.page.evaluate(SMALL_TYPE, 18) == []
    elder.by("ballot-sign").click()
    expect(elder.page.get_by_role("heading", name="怎样才算通过")).to_be_visible(timeout=FINAL)
    check(receipt(elder, tmp_path), node, "yes")
    elder.check_page()
    assert elder.page.evaluate(SMALL_TARGETS, 60) == []
