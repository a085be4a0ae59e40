"""What code may not do: everywhere, and where rules run."""

from __future__ import annotations

import re

from source import Finding, Swift

# (pattern in the code, what is wrong)
EVERYWHERE = [
    (r"(?<=[\w)\]}>])!(?![=\w])", "a forced unwrap stops the process: guard, and throw"),
    (r"\btry!", "try! stops the process"),
    (r"\bas!", "as! stops the process"),
    (r"\b(fatalError|preconditionFailure|assertionFailure)\b", "stops the process: throw"),
    (r"@unchecked\s+Sendable|\bnonisolated\(unsafe\)|@preconcurrency", "goes behind the compiler's back"),
    (r"@testable", "tests use what the package offers"),
]

# Where rules run every node must come to the same bytes, and nothing may stop it.
RULES = [
    (r"\b(precondition|assert)\s*\(", "a trap would stop every node: throw a Reason"),
    (r"\b(Double|Float|Float16|Float32|Float64|Float80|CGFloat|Decimal|Measurement)\b", "no floats in rules"),
    (r"(?<![\w.])\d[\d_]*\.\d", "no floats in rules"),
    (r"\b(async|await|actor|Task|TaskGroup|AsyncStream|Mutex|Atomic|Dispatch\w*|Thread)\b", "rules are synchronous"),
    (r"\b(Date|ContinuousClock|SuspendingClock|clock_gettime|gettimeofday|ProcessInfo|Timer)\b", "rules have no clock"),
    (r"\.now\b", "rules have no clock"),
    (r"\.(random|randomElement|shuffle|shuffled)\b", "rules have no chance"),
    (r"\b(\w*RandomNumberGenerator|UUID|arc4random\w*)\b", "rules have no chance"),
    (r"\b(Hasher|hashValue|ObjectIdentifier)\b", "differs from process to process"),
    (r"\b(print|debugPrint|dump|readLine|getenv|FileManager|FileHandle|Bundle)\b", "rules have no input or output"),
    (r"\b(Locale|TimeZone|Calendar|NumberFormatter|DateFormatter)\b", "depends on where the node stands"),
    (r"\.(lowercased|uppercased)\(", "depends on the Unicode tables of the toolchain"),
    (r"\bUnsafe\w+|\bwithUnsafe\w*|\bunsafe\w+\(", "unchecked memory"),
    (r"(?<!Tables)\.(keys|values)\b(?![^\n]*\bsorted)", "a dictionary's order differs from process to process: sort"),
]

# Primitives and MerkleLog run in rules too, but read bytes for speed and hash for dictionaries that nobody walks.
BELOW_RULES = [rule for rule in RULES if "unchecked memory" not in rule[1] and "process to process" not in rule[1]]

WALKS = (
    r"map|compactMap|flatMap|forEach|reduce|joined|first|prefix|dropFirst|enumerated|makeIterator|popFirst|removeFirst"
)


def check_bans(file: Swift, bans: list[tuple[str, str]]) -> list[Finding]:
    return [finding for pattern, rule in bans for finding in file.find(pattern, rule)]


def check_order(file: Swift) -> list[Finding]:
    """Walks over a `Set` or dictionary that the same file declares, in the order it happens to have."""
    unordered = set(re.findall(r"\b(?:var|let)\s+(\w+)\s*:\s*Set<", file.code))
    unordered |= set(re.findall(r"\b(?:var|let)\s+(\w+)\s*=\s*Set\b", file.code))
    unordered |= set(re.findall(r"\b(?:var|let)\s+(\w+)\s*:\s*\[[\w.]+\s*:\s*[^\]\n]+\]", file.code))
    unordered |= set(re.findall(r"\b(?:var|let)\s+(\w+)\s*=\s*\[[\w.]+\s*:\s*[^\]\n]+\]\(", file.code))
    found = []
    for name in sorted(unordered):
        rule = f"`{name}` has an order that differs from process to process: sort first"
        found += file.find(rf"\bfor\b[^\n]*\bin\s+(?:self\.)?{name}\b(?!\s*(?:\.sorted|\[|\?\?|\.\w+\.sorted))", rule)
        found += file.find(rf"\b{name}\.(?:{WALKS})\b", rule)
    return found
