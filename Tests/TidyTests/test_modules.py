"""Every module has the shape of the others."""

from __future__ import annotations

import json
import re

import pytest
from layers import modules, package_text
from source import ROOT, Swift, project_files

MODULES = sorted(modules(package_text()))
LANGUAGES = ("en", "zh-Hans")


def files(name: str) -> list[str]:
    return [path.removeprefix(f"Modules/{name}/") for path in project_files() if path.startswith(f"Modules/{name}/")]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_its_parts(name: str) -> None:
    present = set(files(name))
    parts = ("Contract", "Transactions", "State", "Rules", "Events", "Reasons")
    wanted = {"README.md", f"App/{name}Module.swift", *(f"Contract/{name}{part}.swift" for part in parts)}
    wanted |= {f"App/Messages/{language}.json" for language in LANGUAGES}
    assert wanted <= present, f"missing: {sorted(wanted - present)}"
    assert any(path.startswith("Tests/") and path.endswith("Tests.swift") for path in present), "no tests"
    assert any(path.startswith("App/Templates/") for path in present), "no page"


@pytest.mark.parametrize("name", MODULES)
def test_the_readme_fits_a_screen(name: str) -> None:
    lines = (ROOT / "Modules" / name / "README.md").read_text(encoding="utf-8").splitlines()
    assert 5 <= len(lines) <= 60


@pytest.mark.parametrize("name", MODULES)
def test_both_languages_say_the_same_things(name: str) -> None:
    texts = {
        language: json.loads((ROOT / f"Modules/{name}/App/Messages/{language}.json").read_text(encoding="utf-8"))
        for language in LANGUAGES
    }
    assert texts["en"].keys() == texts["zh-Hans"].keys()
    for key, text in texts["en"].items():
        assert key.startswith(name.lower() + "."), key
        assert text.strip() and texts["zh-Hans"][key].strip(), key
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", texts["zh-Hans"][key])), key


@pytest.mark.parametrize("name", MODULES)
def test_every_refusal_has_words(name: str) -> None:
    texts = json.loads((ROOT / f"Modules/{name}/App/Messages/en.json").read_text(encoding="utf-8"))
    module = name.lower()
    codes = set()
    for path in files(name):
        if path.startswith("Contract/") and path.endswith(".swift"):
            codes |= set(re.findall(rf'Reason\(\s*"({module}\.\w+)"', Swift.read(f"Modules/{name}/{path}").told))
    assert codes, "no reasons found"
    keys = {f"{module}.reason.{code.split('.')[1]}.{part}" for code in codes for part in ("message", "help")}
    assert keys <= texts.keys(), f"missing: {sorted(keys - texts.keys())}"


@pytest.mark.parametrize("name", MODULES)
def test_templates_and_messages_are_listed(name: str) -> None:
    """A template that the manifest does not name would be embedded and never drawn."""
    manifest = (ROOT / f"Modules/{name}/App/{name}Module.swift").read_text(encoding="utf-8")
    templates = {path.split("/")[-1].removesuffix(".mustache") for path in files(name) if path.endswith(".mustache")}
    assert templates == set(re.findall(r'TemplateSource\("([^"]+)"', manifest))


@pytest.mark.parametrize("catalog", ["AppCatalog", "ContractCatalog"])
def test_the_catalogs_list_every_module_once(catalog: str) -> None:
    text = (ROOT / f"Sources/{catalog}/{catalog}.swift").read_text(encoding="utf-8")
    entry = r"^\s+(\w+)Module\(\),$" if catalog == "AppCatalog" else r"^\s+(\w+)Contract\.self,$"
    assert sorted(re.findall(entry, text, re.MULTILINE)) == MODULES
