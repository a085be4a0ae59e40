"""The feed of what is announced and decided is Atom (RFC 4287) to a reader that is not ours."""

from __future__ import annotations

import datetime
import urllib.request
from pathlib import Path
from xml.etree import ElementTree

from conftest import served

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_is_atom(binary: Path, grown: Path) -> None:
    with served(binary, grown) as address:
        with urllib.request.urlopen(address + "/feed.atom", timeout=20) as answer:
            assert answer.headers.get_content_type() == "application/atom+xml"
            feed = ElementTree.fromstring(answer.read())
        with urllib.request.urlopen(address + "/", timeout=20) as answer:
            assert 'type="application/atom+xml" href="/feed.atom"' in answer.read().decode()
    assert feed.tag == ATOM + "feed"
    for name in ("id", "title", "updated"):  # RFC 4287 section 4.1.1
        assert len(feed.findall(ATOM + name)) == 1, name
    entries = feed.findall(ATOM + "entry")
    assert len(entries) == 3, "the three votes that were imported and closed"
    times = []
    for entry in entries:  # section 4.1.2
        for name in ("id", "title", "updated"):
            assert entry.findtext(ATOM + name), name
        link = entry.find(ATOM + "link")
        assert link is not None and link.get("href", "").startswith("http")
        times.append(datetime.datetime.fromisoformat(entry.findtext(ATOM + "updated") or ""))
    assert times == sorted(times, reverse=True) and times[0].tzinfo is not None
    assert len({entry.findtext(ATOM + "id") for entry in entries}) == 3
