"""Shows on small pages of its own that the helper lets a good page pass and that each kind of problem is noticed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from browser import Visit
from playwright.sync_api import Browser

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
GOOD = """<!doctype html><html lang=en><title>Vote</title><meta name=viewport content="width=device-width">
<link rel=icon href="data:,"><main><h1>Vote</h1>{}</main></html>"""
CHOICES = """<form><label><input type=radio name=c data-testid=choice-yes>Yes</label>
<label><input type=radio name=c data-testid=choice-no>No</label></form>"""
PAGES = {
    "/good": GOOD.format(CHOICES),
    "/script": GOOD.format("<script src=/error.js></script>"),
    "/throws": GOOD.format("<script src=/throws.js></script>"),
    "/missing": GOOD.format("<img alt=Map src=/nowhere.png>"),
    "/inline": GOOD.format("<script>1</script>"),
    "/foreign": GOOD.format("<img alt=Map src=http://localhost:9/map.png>"),
    "/wide": GOOD.format("<table><tr><td>" + "x" * 400 + "</table>"),
    "/unlabelled": GOOD.format("<input>"),
    "/two": GOOD.format("<h1>Again</h1>"),
    "/error.js": "console.error('broken')",
    "/throws.js": "throw new Error('broken')",
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        text = PAGES.get(self.path)
        self.send_response(200 if text else 404)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write((text or "").encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def guest(chromium: Browser) -> Iterator[Visit]:
    visit = Visit(chromium, "self-test")
    yield visit
    visit.context.close()


def test_a_good_page_passes(site: str, guest: Visit) -> None:
    guest.go(site + "/good")
    guest.check_page()
    guest.choose("choice-no")
    file = guest.shot("good")
    assert file.stat().st_size > 1_000
    file.unlink()
    assert guest.close() == []


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/script", "console: broken"),
        ("/throws", "uncaught: broken"),
        ("/missing", "answered 404"),
        ("/inline", "Content Security Policy"),
        ("/foreign", "asks another host"),
    ],
)
def test_a_problem_is_noticed(site: str, guest: Visit, path: str, problem: str) -> None:
    guest.go(site + path)
    guest.page.wait_for_timeout(100)
    assert problem in "\n".join(guest.problems)


@pytest.mark.parametrize(
    ("path", "reason"), [("/wide", "too wide"), ("/unlabelled", "axe finds:\nlabel"), ("/two", "one main heading")]
)
def test_a_page_that_is_hard_to_use_fails(site: str, guest: Visit, path: str, reason: str) -> None:
    guest.go(site + path)
    with pytest.raises(AssertionError, match=reason):
        guest.check_page()


def test_offline_failures_are_expected_only_offline(site: str, guest: Visit) -> None:
    guest.go(site + "/good")
    fetch = "fetch('/good').then(() => 'answered', () => 'failed')"
    with guest.offline():
        assert guest.page.evaluate(fetch) == "failed"
    assert guest.page.evaluate(fetch) == "answered"
    assert guest.problems == []
