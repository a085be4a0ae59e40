"""Whether code, templates and message files agree: what is said has a text, and what has a text is said."""

from __future__ import annotations

import json
import re
from pathlib import Path

from source import ROOT

PARTS = [*(ROOT / "Sources" / name for name in ("PageKit", "NodeRuntime", "Witness")), *sorted((ROOT / "Modules").glob("*/App"))]
CORE = [ROOT / "Sources" / name for name in ("Primitives", "MerkleLog", "ContractKit", "LedgerCore", "Storage", "linlian")]
SPOKEN = [*PARTS, *CORE, *sorted((ROOT / "Modules").glob("*/Contract"))]
SAYS = r'\b(?:say|fact|figure|code|counted|record|pill|text)\(\s*(?:\.\w+,\s*)?"([a-z]\w*(?:\.\w+)+)"(?!\s*\+)'
NAMES = r'messageKey: "([a-z]\w*(?:\.\w+)+)"'
ENDINGS = ("one", "other")


def texts() -> dict[str, str]:
    """Every key of the default language, with its text."""
    found: dict[str, str] = {}
    for part in PARTS:
        for file in sorted(part.glob("Messages/zh-Hans.json")):
            found |= json.loads(file.read_text())
    return found


def sources() -> dict[str, str]:
    files = [file for part in SPOKEN for end in ("*.swift", "*.mustache", "*.js") for file in sorted(part.rglob(end))]
    return {str(file.relative_to(ROOT)): file.read_text() for file in files}


def has(key: str, known: set[str]) -> bool:
    return key in known or any(f"{key}.{ending}" in known for ending in ENDINGS)


def missing(files: dict[str, str], known: set[str]) -> list[str]:
    """Keys that Swift code names in full and no file has."""
    return sorted(
        f"{path}: {match[1]}"
        for path, text in files.items()
        if path.endswith(".swift")
        for pattern in (SAYS, NAMES)
        for match in re.finditer(pattern, text)
        if not has(match[1], known) and not Path(path).parts[0] == "Tests"
    )


def unused(files: dict[str, str], known: set[str]) -> list[str]:
    """Keys that nobody names: neither in full, nor by a beginning or an end that code completes."""
    whole, begun, ended = set(), set(), set()
    for path, text in files.items():
        if path.endswith(".mustache"):
            whole |= set(re.findall(r"\bt\.([\w.]+)", text))
            continue
        # A text within a text ends the outer one for this simple reader: keys are looked for by themselves first.
        whole |= set(re.findall(r'"([a-z]\w*(?:\.\w+)+)"', text))
        for literal in re.findall(r'["`]((?:[^"`\\\n]|\\.)*)["`]', text):
            if re.fullmatch(r"[\w.]+", literal):
                whole.add(literal)
            head, _, rest = re.sub(r"\$\{", r"\\(", literal).partition("\\(")
            if rest and "." in head and re.fullmatch(r"[\w.]+", head):
                begun.add(head)
            if rest and re.fullmatch(r"[.\w]+", tail := rest.rpartition(")")[2]):
                ended.add(tail)
    scripts = {f"page.browser.{word}" for word in whole}
    heads = begun | {f"page.browser.{head}" for head in begun}

    def is_said(key: str) -> bool:
        stem = key.rpartition(".")[0] if key.rpartition(".")[2] in ENDINGS else key
        if stem in whole or stem in scripts or key in whole:
            return True
        if any(stem.startswith(head) or key.startswith(head) for head in heads):
            return True
        # A note beside a name; the texts of a refusal, a parameter and an act, whose names the rules know.
        if any(stem.endswith(end) and stem[: -len(end)] in whole for end in ended):
            return True
        known_by_name = re.fullmatch(r"(\w+)\.(?:reason|parameter|parameterSource|act)\.(.+?)(?:\.(?:message|help))?", key)
        if not known_by_name:
            return False
        name = f"{known_by_name[1]}.{known_by_name[2]}"
        return name in whole or name == "page.unknown" or any(name.startswith(head) for head in begun)

    return sorted(key for key in known if not is_said(key))
