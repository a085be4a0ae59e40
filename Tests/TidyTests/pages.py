"""What templates and the stylesheet may not hold."""

from __future__ import annotations

import re

from source import Finding

INLINE = [
    (r"\sstyle\s*=", "inline style: the security policy blocks it"),
    (r"<style\b", "inline style: the security policy blocks it"),
    (r"\son[a-z]+\s*=", "inline script: the security policy blocks it"),
    (r"javascript:", "inline script: the security policy blocks it"),
    (r"<script\b(?![^>]*\bsrc=)", "inline script: the security policy blocks it"),
    (r"<script\b[^>]*>[^<]", "inline script: the security policy blocks it"),
    (r'(?:href|src)="(?:https?:)?//', "pages ask no other host"),
    (r'"#[0-9a-fA-F]{3,8}"', "colours are tokens of style-tokens.css"),
    (r"[\u3400-\u9fff]", "texts are messages"),
]


def check_template(path: str, text: str) -> list[Finding]:
    plain = re.sub(r"\{\{![\s\S]*?\}\}", lambda comment: re.sub(r"[^\n]", " ", comment.group()), text)
    return _matches(path, plain, INLINE)


COLOUR = (
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch|lab|lch|color)\("
    r"|:\s*(?:red|green|blue|black|white|gr[ae]y|orange|yellow)\b"
)
STYLE = [
    (COLOUR, "a colour outside the tokens"),
    # Parts of the size around it, sizes that fit the screen, and points on paper are no tokens.
    (r"\bfont-size:(?!\s*(?:var\(|inherit|calc\(|clamp\(|[\d.]+em\b|[\d.]+pt\b))", "a type size outside the tokens"),
    (r"\bfont-family:(?!\s*(?:var\(|inherit))", "a typeface outside the tokens"),
    (r"@import|url\((?!\s*[\"']?(?:data:|#))", "the stylesheet asks for nothing"),
]


def check_style(path: str, text: str) -> list[Finding]:
    """Colours, type sizes and typefaces are values of custom properties of `:root`, and used by their names."""
    plain = re.sub(r"/\*[\s\S]*?\*/", lambda comment: re.sub(r"[^\n]", " ", comment.group()), text)

    def without_values(block: re.Match[str]) -> str:
        return re.sub(r"(--[\w-]+\s*:)([^;{}]*)", lambda m: m[1] + re.sub(r"\S", " ", m[2]), block[0])

    plain = re.sub(r":root\b[^{}]*\{[^{}]*\}", without_values, plain)
    return _matches(path, plain, STYLE)


# Sizes of components are tokens too: a child's size of its parent (em, %, fr) is not, and nothing is nothing.
SIZES = [
    (r"(?<![\w.-])\d*\.?\d+(?:px|rem|pt|cm|mm|vh|vw)\b", "a size outside the tokens"),
    (r"(?<![\w.-])\d*\.?\d+m?s\b", "a time outside the tokens"),
]


def check_sizes(path: str, text: str) -> list[Finding]:
    """For the sheets of components and charts; where a screen is narrow is a property of screens, not a token."""
    plain = re.sub(r"/\*[\s\S]*?\*/", lambda comment: re.sub(r"[^\n]", " ", comment.group()), text)
    plain = re.sub(r"@(?:media|container)[^{]*", lambda rule: re.sub(r"[^\n]", " ", rule.group()), plain)
    return _matches(path, plain, SIZES)


LITERAL = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`"
SENTENCE = (
    r"[\u3400-\u9fff]"
    r"|^.[A-Z][a-z']+(?:,? [a-z']+)+[^;<]*.$"  # begins like a sentence
    r"|^.[^<>\[\]{}=#.:]*[a-z] [a-z][^<>\[\]{}=#:]*[.!?\u2026].$"  # ends like one
)


def check_script(path: str, text: str) -> list[Finding]:
    """What a script says comes from the page: texts in data attributes or under page.browser."""
    plain = re.sub(r"/\*[\s\S]*?\*/|(?<![:\w\"'`])//[^\n]*", lambda c: re.sub(r"[^\n]", " ", c.group()), text)
    found = []
    for literal in re.finditer(LITERAL, plain):
        # What a template literal puts in is code.
        words = re.sub(r"\$\{[^}]*\}", "", literal.group())
        if re.search(SENTENCE, words):
            found.append(Finding(path, plain.count("\n", 0, literal.start()) + 1, "texts are messages", literal.group()))
    return found


def _matches(path: str, text: str, rules: list[tuple[str, str]]) -> list[Finding]:
    lines = text.split("\n")
    return [
        Finding(path, text.count("\n", 0, match.start()) + 1, rule, lines[text.count("\n", 0, match.start())])
        for pattern, rule in rules
        for match in re.finditer(pattern, text)
    ]
