"""The layers of ARCHITECTURE.md hold: every import is one that its layer allows, and the package says the same."""

from __future__ import annotations

import re

from layers import LAYERS, check_imports, modules, package_text, product_targets, support_targets, target_of
from source import Swift, project_files


def swift_files(*folders: str) -> list[Swift]:
    return [Swift.read(path) for path in project_files() if path.endswith(".swift") and path.startswith(folders)]


def test_every_import_is_allowed() -> None:
    listed = modules(package_text())
    found, seen = [], set()
    for file in swift_files("Sources/", "Modules/"):
        place = target_of(file.path)
        if place:
            seen.add(place[0])
            found += check_imports(file, *place, listed)
    assert len(seen) > 15, "the sources were not found"
    assert not found, "\n".join(map(str, found))


def test_the_list_and_the_package_name_the_same_targets() -> None:
    package = package_text()
    assert product_targets(package) == set(LAYERS)
    support = support_targets(package)
    assert "LedgerTesting" in support, "support targets were not found"


def test_the_folders_are_the_targets() -> None:
    folders = {path.split("/")[1] for path in project_files() if path.startswith("Sources/")}
    assert folders == set(LAYERS)
    folders = {path.split("/")[1] for path in project_files() if path.startswith("Modules/")}
    assert folders == set(modules(package_text()))


def test_modules_use_each_other_without_a_circle() -> None:
    listed = modules(package_text())
    done: set[str] = set()
    while len(done) < len(listed):
        free = {name for name, uses in listed.items() if name not in done and uses <= done}
        assert free, f"a circle among {sorted(set(listed) - done)}"
        done |= free


def test_exceptions_are_still_needed() -> None:
    """An exception that nobody uses any more is taken off the list."""
    used: dict[tuple[str, str], set[str]] = {}
    for file in swift_files("Sources/"):
        place = target_of(file.path)
        for _, module in file.imports:
            if place:
                used.setdefault((place[0], module), set()).add(file.path.rsplit("/", 1)[-1])
    idle = [
        f"{target}: {module} in {name}"
        for target, layer in LAYERS.items()
        for module, files in layer.only.items()
        for name in files
        if name not in used.get((target, module), set())
    ]
    assert not idle, "\n".join(idle)


def test_the_core_names_no_module() -> None:
    """Only the catalogs, the command line and the reader of city votes know that a module exists."""
    names = "|".join(name.lower() for name in modules(package_text()))
    found = []
    for file in swift_files("Sources/"):
        if file.path.split("/")[1] not in ("ContractCatalog", "AppCatalog", "Pabulib", "linlian"):
            found += file.find(rf'"(?:{names})[./]', "the core names no module", told=True)
    assert not found, "\n".join(map(str, found))


def test_nothing_of_the_product_needs_the_tests() -> None:
    test_only = support_targets(package_text()) | {"Testing", "XCTest", "HummingbirdTesting"}
    found = [
        f"{file.path}:{line}: {module}"
        for file in swift_files("Sources/", "Modules/")
        if "/Tests/" not in file.path
        for line, module in file.imports
        if module in test_only
    ]
    assert not found, "\n".join(found)


def test_a_module_is_one_line_of_the_package() -> None:
    assert not re.search(r'path: "Modules/(?!\\)', package_text()), "modules are declared by DomainModule"
