"""What no file of the project may say, and how long a file may be."""

from __future__ import annotations

import re

from source import Finding

# Spelled in pieces, so that this file does not break its own rule.
HOSTS = [
    *("pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs"),
    *("crates" + ".io", "deb." + "debian", "proxy." + "golang"),
]
MACHINE = r"(?<![\w.$}/~-])/(?:" + "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers"]) + r")/[\w.]"
SAID = [
    (MACHINE, "a path of somebody's machine"),
    (r"(?<![\w.$}/-])/t" + r"mp/[\w.]", "a path of somebody's machine: ask for a temporary folder"),
    ("|".join(re.escape(host) for host in HOSTS), "a registry's host: whoever installs has his own"),
    (r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b", "an open end: finish it, or open an issue"),
    (r"^(?:<{7}|>{7}) ", "a merge that was not finished"),
]

CODE = (".swift", ".py", ".js", ".mjs", ".sh", ".css", ".c", ".h", ".mustache", ".md", ".yml", ".yaml")
LONGEST = 400


def check_text(path: str, text: str) -> list[Finding]:
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        found += [Finding(path, number, rule, line) for pattern, rule in SAID if re.search(pattern, line)]
    if path.endswith(CODE) and "/Generated/" not in path:
        lines = text.count("\n")
        if lines > LONGEST:
            found.append(Finding(path, lines, "too long: it holds two rooms", f"{lines} lines"))
    return found
