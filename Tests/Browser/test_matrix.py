"""Four people on three screens in two languages: a visitor, a resident, an elder in care mode, a member of staff."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from browser import Visit
from conftest import Node
from playwright.sync_api import expect
from test_desk import bring_key
from test_journey import FINAL, check, enrol, receipt
from test_notices import pick, stage_and_sign

LOCALES = ["zh-CN", "en-GB"]
WIDTHS = [320, 390, 1280]
PLACES = list(product(LOCALES, WIDTHS))
FIRST_CODE = 12
"""The codes before this one are used by other tests."""

in_every_place = pytest.mark.parametrize(("locale", "width"), PLACES, ids=lambda value: str(value))


def open_visit(visit: Callable[..., Visit], locale: str, width: int) -> Visit:
    return visit(locale=locale, viewport={"width": width, "height": 640 if width < 390 else 844})


def code(node: Node, person: int, locale: str, width: int) -> str:
    at = FIRST_CODE + person * len(PLACES) + PLACES.index((locale, width))
    assert at < len(node.codes), f"LINLIAN_CODE names {len(node.codes)} residents; {at + 1} are needed"
    return node.codes[at]


@in_every_place
def test_a_visitor(visit: Callable[..., Visit], node: Node, locale: str, width: int) -> None:
    """Looks up a notice and a result, and asks for nothing."""
    guest = open_visit(visit, locale, width)
    guest.go(node.url + "/")
    guest.check_page()
    guest.page.locator('.foot a[href="/public"]').click()
    guest.page.locator('.door[href="/notices"]').click()
    guest.page.locator('main a[href^="/notices/"]').first.click()
    expect(guest.by("must-post")).to_be_visible()
    guest.go(node.url + "/motions/lift-2026/result")
    expect(guest.page.locator(".verdict")).to_be_visible()
    guest.check_page()


@in_every_place
def test_a_resident(visit: Callable[..., Visit], node: Node, locale: str, width: int, tmp_path: Path) -> None:
    """From the code on paper to the receipt, and back to a first page that waits for one thing less."""
    resident = open_visit(visit, locale, width)
    enrol(resident, node, code(node, 0, locale, width))
    resident.go(node.url + "/")
    waiting = resident.by("agenda").locator('a[href="/motions/manager-2027"]')
    waiting.click()
    resident.choose("choice-abstain")
    resident.by("ballot-review").click()
    expect(resident.by("ballot-sign")).to_be_visible()
    resident.check_page()
    resident.by("ballot-sign").click()
    check(receipt(resident, tmp_path), node, "abstain")
    resident.go(node.url + "/")
    expect(resident.by("acts").locator("li").first).to_be_visible()
    expect(resident.by("agenda-item").first).to_be_visible()
    item = resident.page.locator('[data-testid="agenda-item"][href="/motions/manager-2027"]')
    expect(item).to_have_count(0)


@in_every_place
def test_an_elder(visit: Callable[..., Visit], node: Node, locale: str, width: int, tmp_path: Path) -> None:
    """By the large buttons, one thing on the screen at a time."""
    elder = open_visit(visit, locale, width)
    elder.go(node.url + "/?reading=care-large")
    enrol(elder, node, code(node, 1, locale, width))
    elder.go(node.url + "/")
    elder.page.locator('.care-button[href="/decisions"]').click()
    elder.page.locator('main a[href="/motions/manager-2027"]').first.click()
    elder.choose("choice-no")
    elder.by("ballot-review").click()
    expect(elder.by("ballot-sign")).to_be_visible()
    expect(elder.page.locator("article > section:visible")).to_have_count(0)
    elder.by("ballot-sign").click()
    check(receipt(elder, tmp_path), node, "no")
    elder.check_page()


@in_every_place
def test_a_member_of_staff(visit: Callable[..., Visit], node: Node, locale: str, width: int) -> None:
    """A notice written at the desk, looked over in the tray, signed, and up."""
    staff = open_visit(visit, locale, width)
    bring_key(staff, node, "juweihui")
    title = f"路灯检修 {secrets.token_hex(3)}"
    staff.go(node.url + "/desk/notices/new")
    pick(staff, "general")
    staff.by("notice-title").fill(title)
    staff.by("notice-text").fill("今晚八点检修路灯，约一小时。")
    staff.by("notice-stage").click()
    stage_and_sign(staff, node)
    staff.go(node.url + "/notices")
    staff.page.get_by_role("link", name=re.compile(title)).click()
    expect(staff.page.get_by_role("heading", level=1)).to_have_text(title, timeout=FINAL)
