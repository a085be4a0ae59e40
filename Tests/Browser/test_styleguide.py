"""The styleguide: every component in every state, in every mode and at every width, and the codes as a scanner reads them.

That a component looks right is for people to say (`make screenshots`); here is what holds whatever it looks like.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import zxingcpp
from browser import Visit
from conftest import Node
from PIL import Image
from playwright.sync_api import expect
from test_care import SMALL_TARGETS, SMALL_TYPE

PARTS = ["tokens", "forms", "acts", "states", "data", "charts", "trends"]
WIDTHS = [320, 390, 1280]
# mode → (care, dark, what the page is shown on)
MODES: dict[str, tuple[str, bool, dict[str, str]]] = {
    "default": ("usual", False, {}),
    "care": ("care", False, {}),
    "care-largest": ("care-largest", False, {}),
    "dark": ("usual", True, {}),
    "dark-care": ("care", True, {}),
    "contrast": ("usual", False, {"contrast": "more"}),
    "forced-colors": ("usual", False, {"forced_colors": "active"}),
    "print": ("usual", False, {"media": "print"}),
}

# Links inside a line of words may be smaller (WCAG 2.2, 2.5.8); what stands alone is a target.
TARGETS = """least => [...document.querySelectorAll("main :is(button, input, select, textarea, summary, .button, nav a)")].filter(e => {
  const box = (e.closest("label.choice") ?? e).getBoundingClientRect();
  return box.width > 2 && box.height > 2 && (box.height < least - 0.5 || box.width < least - 0.5);
}).map(e => e.outerHTML.slice(0, 120))"""

# Text of a drawing that reaches beyond it.
SPILLED = """() => [...document.querySelectorAll(".chart-figure svg.chart text")].filter(e => {
  const box = e.getBoundingClientRect(), frame = e.closest("figure").getBoundingClientRect();
  return box.width > 0 && (box.left < frame.left || box.right > frame.right);
}).map(e => e.textContent)"""

WIDE = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_every_component(visit: Callable[..., Visit], node: Node, mode: str, locale: str) -> None:
    reading, dark, media = MODES[mode]
    guest = visit(locale=locale, dark=dark)
    guest.page.emulate_media(color_scheme="dark" if dark else "light", **media)  # type: ignore[arg-type]
    guest.go(f"{node.url}/styleguide?reading={reading}")
    for part in PARTS:
        guest.go(f"{node.url}/styleguide/{part}")
        for width in WIDTHS:
            guest.page.set_viewport_size({"width": width, "height": 800})
            assert guest.page.evaluate(WIDE) <= 0, f"{part} at {width} px is too wide"
            assert guest.page.evaluate(SPILLED) == [], f"{part} at {width} px"
            if mode == "print":
                continue
            assert guest.page.evaluate(TARGETS, 60 if "care" in mode else 44) == [], f"{part} at {width} px"
            if "care" in mode:
                assert guest.page.evaluate(SMALL_TYPE, 18) == [], f"{part} at {width} px"
                assert guest.page.evaluate(SMALL_TARGETS, 60) == [], f"{part} at {width} px"
        if mode != "print":
            guest.check_page()
        guest.shot(f"{mode}-{part}")


def test_codes_are_read_by_a_scanner(visit: Callable[..., Visit], node: Node) -> None:
    for dark in (False, True):
        guest = visit(dark=dark)
        guest.go(f"{node.url}/styleguide/data")
        picture = guest.page.locator("svg.qr").screenshot()
        found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("L"))
        assert [code.text for code in found] == [guest.page.locator(".qr-figure code").inner_text()]
        assert found[0].format == zxingcpp.BarcodeFormat.QRCode and found[0].ec_level == "M"


def test_files_are_listed_limited_and_taken_out(visit: Callable[..., Visit], node: Node) -> None:
    guest = visit(locale="en-GB")
    guest.go(f"{node.url}/styleguide/forms")
    place = guest.page.locator("[data-files]").first
    control = place.locator("input[type=file]")

    def file(name: str, size: int) -> dict[str, object]:
        return {"name": name, "mimeType": "image/png", "buffer": b"x" * size}

    control.set_input_files([file("a.png", 10), file("b.png", 2000), file("large.png", 2_097_153)])  # type: ignore[list-item]
    expect(place.locator("li")).to_have_count(2)
    expect(place.get_by_role("alert")).to_contain_text("large.png")
    place.get_by_role("button", name="Remove a.png").click()
    expect(place.locator("li")).to_have_text([r"b.png2 KBRemove"])
    assert control.evaluate("e => [...e.files].map(f => f.name)") == ["b.png"]
    expect(control).to_be_focused()


def test_what_is_left_of_a_long_text_is_counted(visit: Callable[..., Visit], node: Node) -> None:
    guest = visit(locale="en-GB")
    guest.go(f"{node.url}/styleguide/forms")
    area = guest.page.locator("textarea[data-counter]")
    area.fill("x" * 190 + "👍")
    line = guest.page.locator(".field-count", has_text="left")
    expect(line).to_contain_text("9")
    area.fill("x" * 203)
    expect(guest.page.locator(".field-count.is-over")).to_contain_text("3")
    assert not area.evaluate("e => e.checkValidity()")


def test_a_toast_takes_no_focus_and_stays(visit: Callable[..., Visit], node: Node) -> None:
    guest = visit(locale="en-GB")
    guest.page.clock.install()
    guest.go(f"{node.url}/styleguide/acts")
    control = guest.page.locator("#main button").first
    control.focus()
    address = guest.page.locator("script[src*='/toast.']").get_attribute("src")
    guest.page.evaluate("async address => (await import(address)).toast('The draft is kept.')", address)
    made = guest.page.get_by_role("status").filter(has_text="The draft is kept.")
    expect(made).to_be_visible()
    expect(control).to_be_focused()
    guest.page.clock.run_for(6_000)
    expect(made).to_be_visible()
    made.get_by_role("button", name="Dismiss").focus()
    guest.page.clock.run_for(60_000)
    expect(made).to_be_visible()
    made.get_by_role("button", name="Dismiss").click()
    expect(made).to_have_count(0)
    guest.page.evaluate("async address => (await import(address)).toast('Again.')", address)
    guest.page.clock.run_for(20_000)
    expect(guest.page.locator("[data-toasts] .toast")).to_have_count(0)
