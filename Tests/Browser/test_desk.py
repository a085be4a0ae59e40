"""The staff's desk: a key from its file, a form into the tray, undo until signed, many at once, rows from a file.

The staff keys are those of the demonstration, in the folder `keys` beside the policy file.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import Visit
from conftest import Node
from playwright.sync_api import expect
from test_journey import FINAL

DESKTOP = {"width": 1280, "height": 900}


def bring_key(visit: Visit, node: Node, name: str) -> None:
    visit.go(node.url + "/desk/key")
    before = visit.by("staff-key").count()
    visit.by("key-file").set_input_files(node.policy.parent / "keys" / f"{name}.key")
    expect(visit.by("staff-key")).to_have_count(before + 1)


def act(node: Node, key: str, kind: str, body: dict[str, object]) -> None:
    """Signs with a key of the node's folder and posts to the running node."""
    signed = subprocess.run(
        [node.binary, "act", kind, "--body", json.dumps(body), "--key", key, "--print", "--data", node.policy.parent],
        capture_output=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    request = urllib.request.Request(
        node.url + "/api/v1/transactions", signed, {"content-type": "application/vnd.linlian.tx"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert json.load(answer)["status"] == "accepted"


def sign_tray(visit: Visit, node: Node, count: int) -> None:
    visit.go(node.url + "/desk/tray")
    expect(visit.by("tray-item")).to_have_count(count)
    visit.check_page()
    visit.shot("tray")
    visit.by("tray-sign").click()
    expect(visit.by("act-status")).to_have_count(count, timeout=FINAL)
    for at in range(count):
        expect(visit.by("act-status").nth(at)).to_have_attribute("data-state", "final", timeout=FINAL)
    expect(visit.by("tray-item")).to_have_count(0)


def fill_motion(visit: Visit, node: Node, title: str) -> None:
    visit.go(node.url + "/desk/motions/new")
    expect(visit.by("motion-form")).to_be_visible()
    visit.page.locator("#motion-title").fill(title)
    visit.page.locator("#motion-text").fill("楼道灯坏了三盏。\n换成感应灯，费用从公共收益出。")
    visit.page.locator("#motion-matter").select_option("8")


def test_a_motion_through_the_tray(visit: Callable[..., Visit], node: Node) -> None:
    staff = visit(viewport=DESKTOP)
    title = f"更换楼道灯 {secrets.token_hex(3)}"
    staff.go(node.url + "/desk/motions/new")
    # Without a key the form says what is missing.
    expect(staff.page.locator("[data-needs-key]")).to_be_visible()
    bring_key(staff, node, "yeweihui")
    staff.check_page()
    staff.shot("key")
    # Nothing can take the private key out of the browser again.
    assert not staff.page.evaluate(
        """() => new Promise((done) => {
            indexedDB.open("linlian").onsuccess = ({ target }) => {
                target.result.transaction("staff").objectStore("staff").getAll().onsuccess = ({ target: found }) => {
                    target.result.close();
                    done(found.result.some((key) => key.privateKey.extractable));
                };
            };
        })"""
    )
    # What is wrong is told beside the field, and nothing typed is lost, not even by a reload.
    staff.go(node.url + "/desk/motions/new")
    staff.page.locator("#motion-title").fill(title)
    staff.by("motion-submit").click()
    expect(staff.page.locator("#motion-text")).to_have_attribute("aria-invalid", "true")
    expect(staff.page.locator("#motion-text")).to_be_focused()
    staff.check_page()
    staff.shot("fault")
    staff.page.reload()
    expect(staff.page.locator("#motion-title")).to_have_value(title)
    fill_motion(staff, node, title)
    staff.by("motion-submit").click()
    expect(staff.by("act-staged")).to_be_visible()
    staff.check_page()
    # Back into the form, and into the tray again.
    staff.by("act-unstage").click()
    expect(staff.page.locator("#motion-title")).to_have_value(title)
    staff.by("motion-submit").click()
    staff.by("to-tray").click()
    expect(staff.by("tray-item")).to_have_count(1)
    expect(staff.by("tray-item")).to_contain_text(title)
    # Undo until signed, and put back.
    staff.by("tray-remove").click()
    expect(staff.by("tray-item")).to_have_count(0)
    staff.by("tray-put-back").click()
    expect(staff.by("tray-item")).to_have_count(1)
    sign_tray(staff, node, 1)
    staff.check_page()
    staff.shot("signed")
    staff.go(node.url + "/motions")
    expect(staff.page.get_by_text(title)).to_be_visible()
    # The search finds it, and the queue offers to take it back.
    staff.page.goto(node.url + "/search?q=" + title.rsplit(" ", 1)[1])
    expect(staff.by("search-hit").first).to_contain_text(title)
    staff.check_page()
    staff.shot("search")
    staff.go(node.url + "/desk?role=convener")
    expect(staff.by("desk-item").filter(has_text=title)).to_have_count(1)


def test_a_refused_act_stays_with_its_reason(visit: Callable[..., Visit], node: Node) -> None:
    staff = visit(viewport=DESKTOP, locale="en-GB")
    bring_key(staff, node, "yeweihui")
    fill_motion(staff, node, f"Too soon {secrets.token_hex(3)}")
    # Voting that ends tomorrow leaves no time for the notice.
    staff.page.locator("#motion-closes").fill(
        staff.page.evaluate("new Date(Date.now() + 32 * 3600000).toISOString().slice(0, 16)")
    )
    staff.by("motion-submit").click()
    staff.by("to-tray").click()
    staff.by("tray-sign").click()
    expect(staff.by("act-status")).to_have_attribute("data-state", "refused", timeout=FINAL)
    expect(staff.by("tray-item").locator(".problem-code")).to_contain_text("assembly.")
    staff.check_page()
    staff.shot("refused")
    staff.by("tray-remove").click()
    expect(staff.by("tray-item")).to_have_count(0)
    staff.problems.clear()  # the refusal itself is an answer of 422


def test_many_approvals_at_once(visit: Callable[..., Visit], node: Node) -> None:
    head = json.load(urllib.request.urlopen(node.url + "/api/v1/state/constitution/head/current", timeout=20))
    version = json.loads(head["value"])["version"]
    names = {party: f"trial-{secrets.token_hex(4)}" for party in ("dangzhibu", "wuye")}
    for party, name in names.items():
        change = {
            "change": "setParameter",
            "setting": {"name": "assembly.maximumVotingDays", "source": "a trial", "value": 61},
        }
        act(node, party, "constitution.propose", {"changes": [change], "proposal": name, "version": version})
    staff = visit(viewport=DESKTOP)
    bring_key(staff, node, "jiedao")
    staff.go(node.url + "/desk")
    staff.check_page()
    staff.shot("queue")
    staff.by("desk-mine").click()
    items = staff.by("desk-item").filter(has_text="提议")
    assert items.count() >= 2
    for at in range(2):
        items.nth(at).get_by_test_id("desk-select").check()
    staff.by("bulk-look").click()
    expect(staff.by("bulk-preview").locator("tbody tr")).to_have_count(2)
    staff.check_page()
    staff.shot("preview")
    staff.by("bulk-put").click()
    expect(staff.by("desk-line")).to_be_visible()
    sign_tray(staff, node, 2)
    # A party has two open proposals at most: other tests, and this one again, find the desk as it was.
    for party, name in names.items():
        act(node, party, "constitution.withdraw", {"proposal": name})


def test_rows_from_a_file(visit: Callable[..., Visit], node: Node, tmp_path: Path) -> None:
    unit = f"T-{secrets.token_hex(3)}"
    roll = tmp_path / "roll.csv"
    roll.write_text(
        "\ufeffunit,building,area,area_source,owner,label,holder\r\n"
        f"{unit},T,66.60,survey,,{unit} 室,developer\r\n"
        "1-1-1,1,not a number,registry,,,\r\n"
        "1-1-2,1,80,registry,王小明,,\r\n"
        f"{unit},T,66.60,survey,,,developer\r\n",
        encoding="utf-8",
    )
    staff = visit(viewport=DESKTOP)
    bring_key(staff, node, "jiedao")
    staff.go(node.url + "/desk/units/import")
    staff.by("import-file").set_input_files(roll)
    expect(staff.by("import-row")).to_have_count(4)
    expect(staff.page.locator("[data-result=refused]")).to_have_count(3)
    expect(staff.page.locator("[data-result=added]")).to_have_count(1)
    staff.check_page()
    staff.shot("report")
    with staff.page.expect_download() as caught:
        staff.by("import-download").click()
    report = Path(caught.value.path()).read_text(encoding="utf-8")
    assert report.count("refused") == 3 and unit in report
    staff.by("import-put").click()
    expect(staff.by("desk-line")).to_be_visible()
    sign_tray(staff, node, 1)
    staff.go(node.url + f"/roll/{unit}")
    # A second time nothing is left to do.
    staff.go(node.url + "/desk/units/import")
    staff.by("import-file").set_input_files(roll)
    expect(staff.page.locator("[data-result=unchanged]")).to_have_count(1)
    expect(staff.by("import-put")).to_be_hidden()


def test_codes_become_letters(visit: Callable[..., Visit], node: Node) -> None:
    staff = visit(viewport=DESKTOP)
    bring_key(staff, node, "juweihui")
    staff.go(node.url + "/desk/codes")
    # The last of the list: the codes of the first may be in use by other tests.
    staff.by("codes-owner").last.check()
    staff.by("codes-put").click()
    expect(staff.by("desk-line")).to_be_visible()
    staff.check_page()
    staff.shot("codes")
    sign_tray(staff, node, 1)
    letter = staff.by("letter")
    expect(letter).to_have_count(1)
    code = letter.locator(".letter-code").inner_text()
    staff.check_page()
    staff.shot("letters")
    resident = visit()
    resident.go(node.url + "/enrol")
    resident.by("enrol-code").fill(code)
    resident.by("enrol-submit").click()
    expect(resident.by("enrol-done")).to_be_visible(timeout=FINAL)
    account = resident.page.locator("[data-enrol-done] dd").last.inner_text()
    # A lost phone: the registrar closes its key.
    staff.page.on("dialog", lambda dialog: dialog.accept())
    staff.page.evaluate("dispatchEvent(new Event('afterprint'))")
    staff.go(node.url + f"/desk/keys?of={account}")
    staff.check_page()
    staff.by("close-key").click()
    expect(staff.by("desk-line")).to_be_visible()
    sign_tray(staff, node, 1)
    staff.go(node.url + f"/desk/keys?of={account}")
    expect(staff.by("close-key")).to_have_count(0)


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_keyboard(visit: Callable[..., Visit], node: Node, locale: str) -> None:
    staff = visit(viewport=DESKTOP, locale=locale)
    staff.go(node.url + "/desk")
    keyboard = staff.page.keyboard
    keyboard.press("?")
    expect(staff.by("shortcuts")).to_be_visible()
    staff.check_page()
    staff.shot("shortcuts")
    keyboard.press("Escape")
    expect(staff.by("shortcuts")).to_be_hidden()
    keyboard.press("n")
    expect(staff.by("desk-item").first.locator("[data-open]")).to_be_focused()
    keyboard.press("/")
    expect(staff.page.locator("#desk-search")).to_be_focused()
    # While something is typed the keys are letters.
    keyboard.type("n?gt")
    expect(staff.page.locator("#desk-search")).to_have_value("n?gt")
    expect(staff.by("shortcuts")).to_be_hidden()
    staff.page.locator("h1").click()
    keyboard.press("g")
    keyboard.press("t")
    staff.page.wait_for_url("**/desk/tray")
    # They can be switched off (WCAG 2.1.4), for this device.
    staff.by("show-shortcuts").click()
    staff.by("shortcuts-switch").uncheck()
    keyboard.press("Escape")
    staff.page.reload()
    keyboard.press("?")
    expect(staff.by("shortcuts")).to_be_hidden()


@pytest.mark.parametrize("path", ["/desk", "/desk/tray", "/desk/key", "/desk/codes", "/desk/keys", "/search?q=1"])
def test_on_a_phone(visit: Callable[..., Visit], node: Node, path: str) -> None:
    staff = visit()
    staff.go(node.url + path)
    staff.check_page()
    staff.shot("phone")
