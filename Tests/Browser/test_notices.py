"""Notices, questions and moderation as residents and staff meet them: published, asked, supported, answered, masked by two."""

from __future__ import annotations

import secrets
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from browser import Visit
from conftest import Node
from playwright.sync_api import expect
from test_desk import DESKTOP, bring_key, sign_tray
from test_journey import FINAL, enrol


def pick(visit: Visit, value: str) -> None:
    visit.page.locator(f'label.choice:has(input[value="{value}"])').click()


def stage_and_sign(visit: Visit, node: Node) -> None:
    """From the tray to the end of a staff's act."""
    expect(visit.by("act-staged").locator("visible=true")).to_have_count(1)
    sign_tray(visit, node, 1)


def sign(visit: Visit) -> None:
    """Over the review sheet to the end of a resident's act."""
    expect(visit.by("ballot-sign").locator("visible=true")).to_have_count(1)
    visit.check_page()
    visit.by("ballot-sign").locator("visible=true").click()
    expect(visit.by("act-status").first).to_have_attribute("data-state", "final", timeout=FINAL)


def test_a_notice_from_the_desk_to_the_board(visit: Callable[..., Visit], node: Node) -> None:
    staff = visit(viewport=DESKTOP)
    bring_key(staff, node, "wuye")
    title = f"车位收入公布 {secrets.token_hex(3)}"
    staff.go(node.url + "/desk/notices/new")
    pick(staff, "finance")
    staff.by("notice-title").fill(title)
    staff.by("notice-text").fill("本季度车位收入 12,000 元。\n已全部存入公共收益账户。")
    ahead = "days => new Date(Date.now() + days * 864e5).toISOString().slice(0, 16)"
    staff.by("notice-ends").fill(staff.page.evaluate(ahead, 40))
    staff.by("notice-stage").click()
    stage_and_sign(staff, node)
    reader = visit(locale="zh-CN")
    reader.go(node.url + "/notices")
    reader.page.get_by_role("link", name=title).click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(title)
    expect(reader.by("must-post")).to_contain_text("15")
    reader.check_page()
    # What only staff can do is in nobody else's way.
    expect(reader.page.locator("[data-staff]").first).to_be_hidden()
    reader.go(reader.page.url + "/poster")
    expect(reader.page.locator("svg.qr")).to_be_visible()
    # With a staff key on the device the links of staff are there.
    staff.go(reader.page.url.removesuffix("/poster"))
    expect(staff.page.locator("[data-staff]").first).to_be_visible()


def test_a_question_is_answered_and_a_comment_masked_by_two(visit: Callable[..., Visit], node: Node) -> None:
    resident = visit(locale="zh-CN")
    enrol(resident, node, node.codes[6])
    words = f"地下车库什么时候装充电桩 {secrets.token_hex(3)}"
    resident.go(node.url + "/questions/new")
    expect(resident.by("ask-text")).to_be_visible()
    # A telephone number does not belong in public; nothing typed is lost.
    pick(resident, "property")
    resident.by("ask-text").fill(words + " 请打 13800138000")
    resident.expected = {node.url + "/api/v1/contents/check"}
    resident.by("ask-review").click()
    expect(resident.page.locator(".problem-code").first).to_contain_text("content.personalData")
    expect(resident.by("ask-text")).to_have_value(words + " 请打 13800138000")
    # It is a draft, and stays one over a reload.
    resident.by("ask-text").fill(words)
    resident.page.reload()
    expect(resident.by("ask-text")).to_have_value(words)
    resident.by("ask-review").click()
    sign(resident)
    resident.go(node.url + "/questions?order=newest")
    resident.page.get_by_role("link", name=words).click()
    address = resident.page.url
    resident.check_page()

    neighbour = visit(locale="en-GB")
    enrol(neighbour, node, node.codes[7])
    neighbour.go(address)
    neighbour.by("upvote").click()
    sign(neighbour)
    rude = f"物业就是一群骗子 {secrets.token_hex(3)}"
    neighbour.go(address)
    neighbour.page.locator("summary").last.click()
    neighbour.by("comment-text").fill(rude)
    neighbour.by("comment-review").click()
    sign(neighbour)

    manager = visit(viewport=DESKTOP)
    bring_key(manager, node, "wuye")
    manager.go(address.replace("/questions/", "/desk/questions/"))
    manager.by("answer-text").fill("下个月 15 日开工，月底可以使用。")
    manager.by("answer-stage").click()
    stage_and_sign(manager, node)

    resident.go(address)
    expect(resident.page.get_by_text("下个月 15 日开工")).to_be_visible()
    expect(resident.page.get_by_text(rude)).to_be_visible()
    resident.check_page()
    resident.shot("answered")

    # One party alone cannot mask; the second one, another, does.
    first = visit(viewport=DESKTOP)
    bring_key(first, node, "yeweihui")
    first.go(address)
    first.page.locator(".said", has_text=rude).locator("[data-staff]").click()
    pick(first, "insult")
    first.by("mask-propose").click()
    stage_and_sign(first, node)
    resident.go(address)
    expect(resident.page.get_by_text(rude)).to_be_visible()
    second = visit(viewport=DESKTOP)
    bring_key(second, node, "juweihui")
    second.go(node.url + "/desk/masks")
    second.check_page()
    proposal = second.page.locator("section.card", has_text=rude)
    digest = proposal.locator('input[data-field="content"]').first.input_value()
    content = f"{node.url}/api/v1/contents/{digest}"
    with urllib.request.urlopen(content, timeout=20) as answer:
        assert rude in answer.read().decode(), "before the second party agrees it is shown"
    proposal.get_by_test_id("mask-confirm").click()
    stage_and_sign(second, node)
    for path in (address, node.url + "/questions?order=newest", node.url + "/search?q=" + rude.split()[-1]):
        resident.go(path)
        expect(resident.page.get_by_text(rude)).to_have_count(0)
    resident.go(address)
    expect(resident.page.locator(".said i").first).to_be_visible()
    resident.shot("masked")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(content, timeout=20)
