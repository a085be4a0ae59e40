"""Code, templates and message files agree."""

from __future__ import annotations

from messages import missing, sources, texts, unused


def test_what_code_says_has_a_text() -> None:
    assert missing(sources(), set(texts())) == []


def test_what_has_a_text_is_said() -> None:
    assert unused(sources(), set(texts())) == []


def test_both_rules_bite() -> None:
    code = {
        "Sources/PageKit/A.swift": 'say("page.a.title"); counted("page.a.left", 2); say("page.kind.\\(kind.rawValue)"); Reason("a.b")',
        "Sources/PageKit/a.mustache": "{{t.page.a.head}}",
    }
    known = {"page.a.title", "page.a.head", "page.a.left.one", "page.a.left.other", "page.kind.x", "a.reason.b.help"}
    assert missing(code, known) == [] and unused(code, known) == []
    assert missing(code, known - {"page.a.title"}) == ["Sources/PageKit/A.swift: page.a.title"]
    assert unused(code, known | {"page.a.dead", "page.b.one", "a.reason.c.help"}) == ["a.reason.c.help", "page.a.dead", "page.b.one"]
