"""A resident's first minute, in a real browser against a real node: enrol, vote, keep the receipt, check it alone.

The caller starts a node on a demonstration ledger and names it: LINLIAN_URL, LINLIAN_CODE (one or two unused
enrolment codes of residents who may vote, separated by a comma), LINLIAN_BINARY, LINLIAN_POLICY. With
LINLIAN_REQUIRE_NODE=1, as in CI, missing names are a failure.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import Visit
from conftest import Node
from leaves import Transaction, parse_leaf
from playwright.sync_api import expect
from receipt_check import check_receipt

FINAL = 30_000  # ms; includes the waiting times between two tries after the network came back


def enrol(visit: Visit, node: Node, code: str) -> None:
    visit.go(node.url + "/enrol")
    visit.check_page()
    visit.by("enrol-code").fill(code)
    visit.by("enrol-submit").click()
    expect(visit.by("enrol-done")).to_be_visible(timeout=FINAL)
    visit.shot("enrolled")


def open_ballot(visit: Visit, node: Node) -> None:
    visit.go(node.url + "/motions")
    visit.check_page()
    visit.shot("motions")
    visit.by("motion-link").first.click()
    expect(visit.by("choice-yes").first).to_be_attached()
    for choice in ("choice-yes", "choice-no", "choice-abstain"):
        expect(visit.by(choice)).to_have_count(1)
    visit.check_page()


def review(visit: Visit) -> None:
    visit.by("ballot-review").click()
    expect(visit.by("ballot-sign")).to_be_visible()
    visit.check_page()
    visit.shot("review")


def receipt(visit: Visit, folder: Path) -> Path:
    status = visit.by("act-status").first
    expect(status).to_have_attribute("data-state", "final", timeout=FINAL)
    visit.check_page()
    visit.shot("final")
    with visit.page.expect_download() as caught:
        visit.by("receipt-download").first.click()
    assert caught.value.suggested_filename.endswith(".tlog-proof")
    file = folder / caught.value.suggested_filename
    caught.value.save_as(file)
    return file


def check(file: Path, node: Node, choice: str) -> None:
    """The product's verifier and the short one in Python must both accept the receipt, and neither a changed one."""
    leaf, *_ = check_receipt(file.read_bytes(), node.policy.read_text())
    transaction = parse_leaf(leaf, "receipt")
    assert isinstance(transaction, Transaction) and transaction.rejected is None
    assert transaction.body["body"]["choice"] == choice, json.dumps(transaction.body, ensure_ascii=False)
    changed = file.with_name("changed.tlog-proof")
    lines = file.read_bytes().split(b"\n")
    lines[1] = lines[1][:20] + (b"A" if lines[1][20:21] != b"A" else b"B") + lines[1][21:]
    changed.write_bytes(b"\n".join(lines))
    for path, good in ((file, True), (changed, False)):
        command = [node.binary, "verify", path, "--policy", node.policy]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert (done.returncode == 0) == good, (
            f"linlian verify {path.name}: {done.returncode}\n{done.stdout}{done.stderr}"
        )


def test_enrol_vote_and_check_the_receipt(visit: Callable[..., Visit], node: Node, tmp_path: Path) -> None:
    resident = visit(locale="zh-CN")
    enrol(resident, node, node.codes[0])
    open_ballot(resident, node)
    resident.choose("choice-yes")
    review(resident)
    resident.by("ballot-sign").click()
    check(receipt(resident, tmp_path), node, "yes")


def test_a_vote_signed_without_network_arrives_later(visit: Callable[..., Visit], node: Node, tmp_path: Path) -> None:
    if len(node.codes) < 2:
        pytest.skip("LINLIAN_CODE names one resident only")
    resident = visit(locale="en-GB")
    enrol(resident, node, node.codes[1])
    open_ballot(resident, node)
    resident.choose("choice-abstain")
    resident.page.reload()
    expect(resident.page.get_by_test_id("choice-abstain").locator("css=:checked, :scope:checked")).to_have_count(1)
    with resident.offline():
        review_offline(resident)
        expect(resident.by("act-status").first).to_have_attribute("data-state", "waiting")
        resident.shot("waiting")
    check(receipt(resident, tmp_path), node, "abstain")


def review_offline(visit: Visit) -> None:
    visit.by("ballot-review").click()
    visit.by("ballot-sign").click()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("path", ["/", "/motions", "/enrol"])
def test_public_pages_without_script(visit: Callable[..., Visit], node: Node, path: str, locale: str) -> None:
    guest = visit(locale=locale, script=False)
    guest.go(node.url + path)
    expect(guest.page.locator("html")).to_have_attribute("lang", "zh-Hans" if locale == "zh-CN" else "en")
    expect(guest.page.get_by_role("main")).to_be_visible()
    expect(guest.page.get_by_role("heading", level=1)).to_have_count(1)
    guest.shot("no-script")
