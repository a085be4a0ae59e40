"""Code does none of what is banned, everywhere or where rules run."""

from __future__ import annotations

from bans import BELOW_RULES, EVERYWHERE, RULES, check_bans, check_order
from source import Finding, Swift, project_files

# One line may do what the others may not, for a reason: (path, the line's beginning).
MOTION_COUNT = "Modules/Assembly/Contract/MotionCount.swift"
EXCEPTIONS: dict[tuple[str, str], str] = {
    (MOTION_COUNT, "for head in heads.values {"): "only counts; a sum of ones has no order",
    (MOTION_COUNT, "for area in areas.values {"): "only adds what is not negative: neither sum nor overflow has an order",
    (MOTION_COUNT, "for (owner, head) in heads where"): "only counts; a sum of ones has no order",
    (MOTION_COUNT, "choices.count > 1 ? .abstain : choices.first"): "the only element, if there is one",
}


def excepted(finding: Finding) -> bool:
    return any(finding.path == path and finding.text.strip().startswith(line) for path, line in EXCEPTIONS)


def read(*folders: str) -> list[Swift]:
    paths = [path for path in project_files() if path.endswith(".swift") and path.startswith(folders)]
    files = [Swift.read(path) for path in paths if "/Generated/" not in path]  # made by protoc
    assert files, f"no Swift files in {folders}"
    return files


def tell(found: list[Finding]) -> None:
    left = [str(finding) for finding in found if not excepted(finding)]
    assert not left, "\n".join(left)


def test_nothing_stops_the_process() -> None:
    tell([f for file in read("Sources/", "Modules/") if "/Tests/" not in file.path for f in check_bans(file, EVERYWHERE)])


def test_rules_are_pure_and_total() -> None:
    files = [file for file in read("Modules/") if "/Contract/" in file.path] + read("Sources/ContractKit/")
    assert len(files) > 20
    tell([f for file in files for f in check_bans(file, RULES) + check_order(file)])


def test_what_rules_stand_on_is_pure_too() -> None:
    tell([f for file in read("Sources/Primitives/", "Sources/MerkleLog/") for f in check_bans(file, BELOW_RULES)])


def test_only_the_command_line_prints() -> None:
    files = [f for f in read("Sources/", "Modules/") if not f.path.startswith("Sources/linlian/") and "/Tests/" not in f.path]
    tell([f for file in files for f in file.find(r"(?<![\w.])(print|debugPrint|dump)\(", "use the log")])


def test_no_words_of_a_language_in_code() -> None:
    """What people read is in the message files; Chinese in code is a demonstration's text or a language's own name."""
    allowed = (
        "Sources/PageKit/Language.swift",  # the language's name in the language
        "Sources/linlian/Linlian.swift",  # the program's own name
        "Sources/linlian/Founding/StandardGenesis.swift",  # the parties' names of a new ledger: data
        "Sources/linlian/Demo/",  # the made-up neighbourhood: data
    )
    files = [f for f in read("Sources/", "Modules/") if "/Tests/" not in f.path and not f.path.startswith(allowed)]
    found = [f for file in files for f in file.find(r"[\u3400-\u9fff]+", "belongs into a message file", told=True)]
    # A parameter's source may cite a law by its name.
    tell([f for f in found if not ("/Contract/" in f.path and f.text.strip().startswith("source:"))])


def test_no_colour_in_code() -> None:
    files = [f for f in read("Sources/PageKit/", "Modules/") if "/Tests/" not in f.path]
    tell([f for file in files for f in file.find(r'"#[0-9a-fA-F]{3,8}"', "colours are tokens of style-tokens.css", told=True)])


def test_exceptions_are_still_needed() -> None:
    found = [f for file in read("Sources/", "Modules/") for f in check_bans(file, EVERYWHERE + RULES) + check_order(file)]
    idle = [
        f"{path}: {line}"
        for path, line in EXCEPTIONS
        if not any(f.path == path and f.text.strip().startswith(line) for f in found)
    ]
    assert not idle, "\n".join(idle)
