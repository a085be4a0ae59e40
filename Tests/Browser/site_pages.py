"""Which pages there are: found by following links from the first page, so that a new page is held to the rules unasked.

Pages of one shape (a motion, a home, a record) are many; two of each are looked at.
"""

from __future__ import annotations

from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

SAMPLES = 2
"""Pages looked at of one shape."""
MOST = 120
"""A site that has more shapes than this has a fault, or this needs to be thought over."""
UNLINKED = ["/nowhere"]
"""What nobody links to and a reader may still meet."""


class Links(HTMLParser):
    """The addresses a page links to, downloads apart."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href") and "download" not in values:
            self.found.append(values["href"] or "")


LISTS = {"motions", "budgets", "notices", "questions", "roll", "blocks", "transactions"}
"""What stands behind one of these names one thing of many."""
FORMS = {"new", "import"}


def shape(path: str) -> str:
    """The path with every part that names one thing of many replaced by a star."""
    parts = path.strip("/").split("/")
    before = ["", *parts[:-1]]
    return "/".join("*" if head in LISTS and part not in FORMS else part for head, part in zip(before, parts, strict=True))


def pages(url: str) -> list[str]:
    """The paths of the site's pages, in the order in which a reader would come upon them."""
    waiting, seen, shapes, found = deque(["/"]), {"/"}, Counter(), []
    while waiting:
        path = waiting.popleft()
        with urlopen(Request(url + path, headers={"Accept-Language": "zh-Hans"}), timeout=30) as answer:
            if not answer.headers.get("Content-Type", "").startswith("text/html"):
                continue
            text = answer.read().decode()
        found.append(path)
        assert len(found) <= MOST, f"more than {MOST} pages: {sorted(shapes)}"
        links = Links()
        links.feed(text)
        for link in links.found:
            parts = urlsplit(link)
            target = parts.path
            if parts.scheme or parts.netloc or parts.query or not target.startswith("/") or target in seen:
                continue
            seen.add(target)
            shapes[shape(target)] += 1
            if shapes[shape(target)] <= SAMPLES:
                waiting.append(target)
    return found + UNLINKED
