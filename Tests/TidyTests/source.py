"""The project's files, and Swift text with its comments and strings told apart from its code."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Finding:
    """A place where a rule is broken."""

    path: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.text.strip()[:120]}"


def project_files() -> list[str]:
    """Paths of all files that belong to the project, from its root: tracked ones, and new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "-c", "core.quotePath=false", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return sorted({path for path in listed.split("\0") if path and (ROOT / path).is_file()})


class Swift:
    """A Swift file; `code` has comments and the words of strings blanked, `told` only comments. Lines stay in place."""

    def __init__(self, path: str, text: str):
        self.path, self.text = path, text

    @classmethod
    def read(cls, path: str) -> Swift:
        return cls(path, (ROOT / path).read_text(encoding="utf-8"))

    @cached_property
    def _layers(self) -> tuple[str, str]:
        return _split(self.text)

    @property
    def code(self) -> str:
        return self._layers[0]

    @property
    def told(self) -> str:
        return self._layers[1]

    @property
    def imports(self) -> list[tuple[int, str]]:
        """(line, module) of every import; `import struct Crypto.SHA256` imports Crypto."""
        pattern = re.compile(
            r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+"
            r"(?:(?:struct|enum|class|protocol|func|var|let|typealias|actor)\s+)?(\w+)",
            re.MULTILINE,
        )
        return [(_line(self.code, m.start(1)), m.group(1)) for m in pattern.finditer(self.code)]

    def find(self, pattern: str, rule: str, *, told: bool = False) -> list[Finding]:
        """Every place in the code (or, with `told`, in code and strings) that matches."""
        where = self.told if told else self.code
        lines = self.text.split("\n")
        found = []
        for match in re.finditer(pattern, where, re.MULTILINE):
            line = _line(where, match.start())
            found.append(Finding(self.path, line, rule, lines[line - 1]))
        return found


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _split(text: str) -> tuple[str, str]:
    code, told = list(text), list(text)

    def blank(layer: list[str], start: int, end: int) -> None:
        for at in range(start, end):
            if text[at] != "\n":
                layer[at] = " "

    def lex(at: int, closing: bool) -> int:
        """Walks over code from `at`; with `closing`, to the end of a string's interpolation."""
        depth = 0
        while at < len(text):
            if text.startswith("//", at):
                end = text.find("\n", at)
                end = len(text) if end < 0 else end
                blank(code, at, end)
                blank(told, at, end)
                at = end
            elif text.startswith("/*", at):
                end, nested = at + 2, 1
                while end < len(text) and nested:
                    step = 2 if text.startswith(("/*", "*/"), end) else 1
                    nested += {"/*": 1, "*/": -1}.get(text[end : end + 2], 0)
                    end += step
                blank(code, at, end)
                blank(told, at, end)
                at = end
            elif opened := re.compile(r'(#*)("""|")').match(text, at):
                at = string(opened.end(), opened.group(1), opened.group(2))
            else:
                depth += {"(": 1, ")": -1}.get(text[at], 0)
                at += 1
                if closing and depth < 0:
                    return at
        return at

    def string(at: int, hashes: str, quote: str) -> int:
        start, end_mark, escape = at, quote + hashes, "\\" + hashes
        while at < len(text):
            if text.startswith(end_mark, at):
                blank(code, start, at)
                return at + len(end_mark)
            if text.startswith(escape + "(", at):
                blank(code, start, at)
                at = start = lex(at + len(escape) + 1, True)
            elif text.startswith(escape, at):
                at += len(escape) + 1
            else:
                at += 1
        blank(code, start, at)
        return at

    lex(0, False)
    return "".join(code), "".join(told)
