"""The project as files: what is tracked, how long it is, what it says of places that are not its own."""

from __future__ import annotations

import json
import subprocess

from layers import LAYERS
from pages import check_script, check_sizes, check_style, check_template
from repository import check_text
from source import ROOT, project_files


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [path for path in listed.split("\0") if path]


def text_of(path: str) -> str | None:
    data = (ROOT / path).read_bytes()
    return None if b"\0" in data else data.decode("utf-8")


def test_files_speak_of_the_project_only() -> None:
    found, seen = [], 0
    for path in project_files():
        text = text_of(path)
        if text is not None:
            seen += 1
            found += check_text(path, text)
    assert seen > 200
    assert not found, "\n".join(map(str, found))


def test_nothing_is_tracked_that_is_made() -> None:
    made = ("Package.resolved", ".build", "Artifacts/", ".venv/", "demo-data/", "node_modules/")
    assert not [path for path in tracked() if path.startswith(made) or path.endswith((".wasm", ".pyc", ".sqlite", ".key"))]


def test_templates_hold_nothing_inline() -> None:
    templates = [path for path in project_files() if path.endswith(".mustache")]
    assert len(templates) > 30
    found = [finding for path in templates for finding in check_template(path, text_of(path) or "")]
    assert not found, "\n".join(map(str, found))


def test_the_stylesheet_uses_its_tokens() -> None:
    sheets = [path for path in project_files() if path.endswith(".css")]
    assert sheets
    found = [finding for path in sheets for finding in check_style(path, text_of(path) or "")]
    assert not found, "\n".join(map(str, found))


def test_sizes_of_components_are_tokens() -> None:
    sheets = [path for path in project_files() if path.endswith(("/style-components.css", "/style-charts.css"))]
    assert len(sheets) == 2
    found = [finding for path in sheets for finding in check_sizes(path, text_of(path) or "")]
    assert not found, "\n".join(map(str, found))


def test_scripts_say_nothing_of_their_own() -> None:
    scripts = [path for path in project_files() if path.endswith(".js") and path.startswith(("Sources/", "Modules/"))]
    assert len(scripts) > 10
    found = [finding for path in scripts for finding in check_script(path, text_of(path) or "")]
    assert not found, "\n".join(map(str, found))


def test_every_layer_says_what_it_is() -> None:
    short = []
    for name in LAYERS:
        lines = (ROOT / "Sources" / name / "README.md").read_text(encoding="utf-8").splitlines()
        if not 3 <= len(lines) <= 60:
            short.append(f"{name}: {len(lines)} lines")
    assert not short, "\n".join(short)


def test_data_files_can_be_read() -> None:
    for path in project_files():
        if path.endswith(".json"):
            json.loads(text_of(path) or "")


def test_decisions_are_short_and_numbered() -> None:
    decisions = sorted(path for path in project_files() if path.startswith("docs/decisions/"))
    assert [path.split("/")[-1][:3] for path in decisions] == [f"{number:03}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        text = text_of(path) or ""
        assert text.count("\n") <= 40, path
        assert "## Alternatives" in text, path


def test_the_documents_are_there() -> None:
    wanted = ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "SECURITY.md", "docs/formats.md"]
    assert not [path for path in wanted if not (ROOT / path).is_file()]
