"""Shows that each rule finds what it forbids, and lets pass what it allows."""

from __future__ import annotations

import pytest
from bans import EVERYWHERE, RULES, check_bans, check_order
from layers import check_imports, modules, product_targets, support_targets
from pages import check_script, check_sizes, check_style, check_template
from repository import check_text
from source import Swift

LISTED = {"Registry": {"Constitution"}, "Constitution": set(), "Assembly": {"Constitution", "Registry"}}


@pytest.mark.parametrize(
    ("target", "path", "line"),
    [
        ("Primitives", "Digest.swift", "import Foundation"),
        ("ContractKit", "Table.swift", "@preconcurrency import FoundationEssentials"),
        ("ContractKit", "Table.swift", "package import MerkleLog"),
        ("RegistryContract", "Rules.swift", "import AssemblyContract"),
        ("RegistryContract", "Rules.swift", "import struct LedgerCore.Seal"),
        ("RegistryContract", "Rules.swift", "import Synchronization"),
        ("RegistryApp", "Pages/RollPage.swift", "import AssemblyContract"),
        ("RegistryApp", "Pages/RollPage.swift", "import GRDB"),
        ("RegistryApp", "ReadModel/RollQueries.swift", "import Hummingbird"),
        ("LedgerCore", "Leaf.swift", "import FoundationEssentials"),
        ("LedgerCore", "Leaf.swift", "import RegistryContract"),
        ("Verifier", "LedgerAudit.swift", "import NodeRuntime"),
        ("Ordering", "OrderingEngine.swift", "import LedgerCore"),
        ("NodeRuntime", "BlockPipeline.swift", "import OrderingSolo"),
        ("Nowhere", "New.swift", "import Primitives"),
    ],
)
def test_forbidden_imports_are_found(target: str, path: str, line: str) -> None:
    assert check_imports(Swift("F/" + path, line + "\n"), target, "F", LISTED)


@pytest.mark.parametrize(
    ("target", "path", "line"),
    [
        ("RegistryContract", "Rules.swift", "import ConstitutionContract"),
        ("RegistryApp", "ReadModel/RollQueries.swift", "package import GRDB"),
        ("RegistryApp", "RegistryModule.swift", "package import Hummingbird"),
        ("LedgerCore", "Signatures.swift", "import enum Crypto.P256"),
        ("ContractKit", "Table.swift", "// import Foundation\n/* import Foundation */"),
        ("ContractKit", "Table.swift", 'let text = """\n    import Foundation\n    """'),
    ],
)
def test_allowed_imports_pass(target: str, path: str, line: str) -> None:
    assert not check_imports(Swift("F/" + path, line + "\n"), target, "F", LISTED)


@pytest.mark.parametrize(
    "line",
    [
        "let a = b!",
        "let a = f()!.c",
        "let a = b[0]!",
        "let c: Int! = nil",
        'let s = "x \\(b!)"',
        "let a = try! f()",
        "let a = b as! C",
        "fatalError()",
        "final class C: @unchecked Sendable {}",
        "precondition(a > 0)",
        "let a: Double = 1",
        "let a = 1.5",
        "func f() async {}",
        "let t = await f()",
        "let t = Date()",
        "let t = ContinuousClock.now",
        "let a = list.randomElement()",
        "let a = Int.random(in: 0...1)",
        "func hash(into hasher: inout Hasher) {}",
        "for key in table.keys { emit(key) }",
        'print("x")',
        "let a = UnsafeRawBufferPointer(start: nil, count: 0)",
    ],
)
def test_bans_are_found(line: str) -> None:
    assert check_bans(Swift("F.swift", line + "\n"), EVERYWHERE + RULES)


@pytest.mark.parametrize(
    "line",
    [
        "guard a != b, !c, !(d) else { return }",
        "// let a = b!",
        '/// Says "try!" and 1.5',
        'let text = "Wait! fatalError() at 1.5"',
        'let text = #"raw " try! \\(b!)"#',
        "let a = 1...5",
        "let a = b.0",
        "let sorted = table.keys.sorted()",
        "let a = calendar",
        'let a = """\n    b! try!\n    """',
    ],
)
def test_what_is_allowed_passes(line: str) -> None:
    assert not check_bans(Swift("F.swift", line + "\n"), EVERYWHERE + RULES)


def test_an_order_of_chance_is_found() -> None:
    declared = "var seen: Set<String> = []\nvar sums: [String: Int64] = [:]\n"
    assert check_order(Swift("F.swift", declared + "for unit in seen { emit(unit) }"))
    assert check_order(Swift("F.swift", declared + "let all = sums.map { $0.key }"))
    assert check_order(Swift("F.swift", declared + "for (a, b) in sums { emit(a) }"))
    assert check_order(Swift("F.swift", "let met = Set(units)\nmet.forEach { emit($0) }"))
    fine = "for unit in seen.sorted() { emit(unit) }\nif seen.insert(a).inserted { sums[a] = 1 }\nfor x in list { }"
    assert not check_order(Swift("F.swift", declared + fine))


def test_lines_are_told_right() -> None:
    found = Swift("F.swift", '/* a\n b */\nlet s = """\n  x\n  """\nlet a = b!\n').find(r"\w!", "x")
    assert [finding.line for finding in found] == [6]


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        "<button onclick=go()>",
        "<script>go()</script>",
        "<style>p{}</style>",
        '<script src="https://elsewhere.example/x.js"></script>',
        "<p>你好</p>",
        '<path fill="#123456"/>',
    ],
)
def test_inline_things_are_found(text: str) -> None:
    assert check_template("t.mustache", text)


def test_templates_pass() -> None:
    assert not check_template("t.mustache", '{{! 说明: style="x" }}<script type="module" src="{{asset.app_js}}"></script>')


def test_values_outside_the_tokens_are_found() -> None:
    tokens = ":root { --ink: #123456; --size: 1.1rem; }\n@media x { :root[lang] { --ink: rgb(1, 2, 3); } }\n"
    assert not check_style("s.css", tokens + "p { color: var(--ink); font-size: var(--size); } /* #fff */")
    for bad in ("color: #fff", "color: white", "background: rgb(1, 2, 3)", "font-size: 12px", "font-family: Arial"):
        assert check_style("s.css", tokens + "p { %s; }" % bad), bad
    assert check_style("s.css", ":root { color: #fff; }")


def test_sizes_outside_the_tokens_are_found() -> None:
    fine = "@media (max-width: 40rem) { p { margin: 0 var(--space-2); inline-size: 50%; gap: 0.2em; stroke-width: 1.6; } } /* 3px */"
    assert not check_sizes("s.css", fine)
    for bad in ("margin: 3px", "gap: .5rem", "inline-size: 100vw", "transition: color 0.2s", "animation: x 150ms"):
        assert check_sizes("s.css", "p { %s; }" % bad), bad


def test_sentences_in_scripts_are_found() -> None:
    for bad in ('say("你好")', 'say("Please try again")', "say(`Dear ${name}, thank you.`)", "say('it did not work!')"):
        assert check_script("s.js", bad), bad
    for fine in ('text("state.sending")', 'element("a", "button button-quiet")', 'find("h1, h2, a.button")', "`${a} ${b}`"):
        assert not check_script("s.js", fine + " // 说明: Please try again"), fine


@pytest.mark.parametrize(
    "text",
    [
        "see /wo" + "rk/shared",
        "cd /t" + "mp/x",
        "from py" + "pi.org",
        "TO" + "DO: later",
        "x\n" * 401,
        "<<<" + "<<<< mine",
    ],
)
def test_what_no_file_says_is_found(text: str) -> None:
    assert check_text("a.swift", text)


def test_ordinary_text_passes() -> None:
    assert not check_text("a.md", "GET /api/v1/units, ../shared/data, docs/home/x, https://example.org/work/x\n")


def test_the_package_is_read_right() -> None:
    package = """
        layer("Primitives"),
        .target(
            name: "LedgerTesting", dependencies: ["Primitives"], path: "Tests/LedgerTesting"),
        .executableTarget(name: "crash-node", dependencies: [f(a)], path: "Tests/CrashNode"),
        .executableTarget(
            name: "linlian", dependencies: []),
        let modules: [DomainModule] = [
            DomainModule(name: "Registry", contractUses: ["Constitution"]),
            DomainModule(
                name: "B"),
\n]
    """
    assert product_targets(package) == {"Primitives", "linlian"}
    assert support_targets(package) == {"LedgerTesting", "crash-node"}
    assert modules(package) == {"Registry": {"Constitution"}, "B": set()}
