"""Who may import whom: the layers of ARCHITECTURE.md, one line per target. What is not listed is forbidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from source import ROOT, Finding, Swift


@dataclass(frozen=True)
class Layer:
    """What a target may import; `only` narrows a module to the files that need it, with the reason."""

    imports: set[str]
    only: dict[str, dict[str, str]] = field(default_factory=dict)


FREE = {"Synchronization"}  # the standard library's locks; not allowed where rules run
WEB = {"Hummingbird", "HTTPTypes"}

LAYERS: dict[str, Layer] = {
    "Primitives": Layer(set()),
    "MerkleLog": Layer({"Primitives"}),
    "ContractKit": Layer({"Primitives"}),
    "LedgerCore": Layer(
        {"Primitives", "MerkleLog", "ContractKit", "Crypto", "FoundationEssentials"} | FREE,
        only={
            "FoundationEssentials": {
                "Signatures.swift": "swift-crypto gives signatures as Data",
                "NodeSigner.swift": "swift-crypto gives signatures as Data",
            }
        },
    ),
    "ContractCatalog": Layer({"ContractKit"}),  # and every contract
    "Verifier": Layer({"Primitives", "MerkleLog", "ContractKit", "LedgerCore"} | FREE),
    "Ordering": Layer({"Primitives"}),
    "OrderingSolo": Layer({"Primitives", "Ordering"} | FREE),
    "Witness": Layer(
        {
            *("Primitives", "MerkleLog", "LedgerCore", "AsyncHTTPClient", "Crypto", "Foundation", "FoundationEssentials"),
            *("GRDB", "HummingbirdCore", "Logging", "NIOCore", "NIOHTTP1", "NIOHTTPTypes"),
        }
        | WEB
        | FREE,
        only={
            "AsyncHTTPClient": {"WitnessClient.swift": "asks a witness"},
            "Crypto": {"WitnessDirectory.swift": "makes the key", "WitnessKey.swift": "signs with it"},
            "Foundation": {"WitnessDirectory.swift": "files"},
            "FoundationEssentials": {"WitnessKey.swift": "swift-crypto gives signatures as Data"},
            "GRDB": {"WitnessStore.swift": "the record"},
        },
    ),
    "EtcdProtocol": Layer(
        {"Foundation", "FoundationEssentials", "GRPCCore", "GRPCProtobuf", "SwiftProtobuf"}
    ),  # made from etcd.proto
    "OrderingEtcd": Layer(
        {
            *("Primitives", "Ordering", "EtcdProtocol", "FoundationEssentials", "GRPCCore", "Logging", "NIOCore"),
            *("GRPCNIOTransportHTTP2Posix", "SwiftProtobuf"),
        }
        | FREE,
        only={
            "FoundationEssentials": {
                "EtcdEngine.swift": "protobuf gives bytes as Data",
                "EtcdFollower.swift": "protobuf gives bytes as Data",
                "EtcdMemory.swift": "protobuf gives bytes as Data",
            },
            "NIOCore": {"EtcdConnection.swift": "looks names of machines up"},
        },
    ),
    "Finality": Layer({"Primitives", "MerkleLog", "ContractKit", "LedgerCore", "Ordering", "Crypto"}),
    "Storage": Layer(
        {"Primitives", "MerkleLog", "LedgerCore", "GRDB", "GRDBSQLite", "Foundation"} | FREE,
        only={
            "Foundation": {"AttachmentStore.swift": "GRDB takes blobs as Data"},
            "GRDBSQLite": {"RawStatement.swift": "binds bytes without copying them into Data"},
        },
    ),
    "ReadModels": Layer({"Primitives", "ContractKit", "LedgerCore", "GRDB"} | FREE),
    "PageKit": Layer(
        {"Primitives", "ContractKit", "LedgerCore", "ReadModels", "CQRencode", "CZlib", "Mustache", "Logging"}
        | {"Foundation"}
        | WEB
        | FREE,
        only={
            "CQRencode": {"QRCode.swift": "the encoder of QR codes"},
            "CZlib": {"Gzip.swift": "the compressor"},
            "Foundation": {"MessageCatalog.swift": "JSONDecoder reads the message files once, at start"},
            "Mustache": {"TemplateLibrary.swift": "the engine", "MessageText.swift": "messages are small templates"},
        },
    ),
    "NodeRuntime": Layer(
        {
            *("Primitives", "MerkleLog", "ContractKit", "LedgerCore", "Ordering", "OrderingSolo", "Storage"),
            *("OrderingEtcd", "Finality", "Witness", "AsyncHTTPClient", "NIOHTTP1", "X509", "SwiftASN1"),
            *("ReadModels", "PageKit", "Crypto", "Dispatch", "Foundation", "Logging", "ServiceLifecycle"),
            *("HummingbirdCore", "NIOCore", "NIOHTTPTypes", "NIOSSL", "UnixSignals"),
            *("X509", "SwiftASN1"),
        }
        | WEB
        | FREE,
        only={
            "X509": {"CertificateDates.swift": "when certificates end"},
            "SwiftASN1": {"CertificateDates.swift": "PEM of certificates"},
            "Foundation": {
                "CertificateDates.swift": "files",
                "CosignerKeyFiles.swift": "files, link, rename and fsync of the C library",
                "RenewedTLS.swift": "stat, of the C library",
                "EvidenceFolder.swift": "files",
                "StatusReporter.swift": "free bytes of a disk",
                "DescriptionRoutes.swift": "JSONSerialization joins the modules' API descriptions, once, at start",
                "DirectoryLock.swift": "flock, of the C library",
                "LinlianServer.swift": "files",
                "NodeDirectory.swift": "files",
                "NetworkFile.swift": "files",
                "CertificateDates.swift": "files",
                "EvidenceFolder.swift": "files",
                "ArchiveCredentials.swift": "opens the file and asks who may read it",
                "ArchiveFile.swift": "files",
                "FolderArchive.swift": "files",
                "StatusReporter.swift": "statvfs, of the C library",
                "SystemClock.swift": "clock_gettime, of the C library",
            },
            "Crypto": {
                "CosignerKeyFiles.swift": "makes the next key",
                "NodeDirectory.swift": "makes the node's keys",
                "S3Signature.swift": "HMAC of AWS Signature Version 4",
            },
            "OrderingSolo": {"Node.swift": "the default engine"},
            "OrderingEtcd": {"Node.swift": "the engine of several parties"},
            "X509": {"CertificateDates.swift": "when certificates end"},
            "SwiftASN1": {"CertificateDates.swift": "when certificates end"},
        },
    ),
    "CMalloc": Layer(set()),  # a module map of the C library
    "CZlib": Layer(set()),  # a module map of zlib
    "CQRencode": Layer(set()),  # a module map of Debian's libqrencode
    "AppCatalog": Layer({"PageKit"}),  # and every app
    "Pabulib": Layer({"BudgetingContract", "Glibc", "Musl", "Darwin"}),
    "linlian": Layer(
        {
            *("Primitives", "MerkleLog", "ContractKit", "LedgerCore", "ContractCatalog", "Verifier", "Storage"),
            *("Finality", "Ordering", "OrderingSolo", "ReadModels", "NodeRuntime", "PageKit", "AppCatalog", "Pabulib", "Witness"),
            *("ArgumentParser", "AsyncHTTPClient", "Crypto", "Foundation", "Logging", "NIOCore", "NIOHTTP1"),
            *("SwiftCSV", "Yams", "GRDB", "Dispatch", "CMalloc", "X509", "SwiftASN1"),
        }
        | FREE,
        only={
            "GRDB": {"ExitStatus.swift": "tells a damaged file from other errors"},
            "SwiftCSV": {"RollFile.swift": "the roll"},
            "Yams": {"GenesisFile.swift": "the genesis file", "PlanReader.swift": "the plan of a network, with its lines"},
            "X509": {
                "CertificateAuthority.swift": "makes a network's certificates",
                "NetworkCertificates.swift": "reads and renews them",
                "NetworkFounding.swift": "asks for them",
            },
            "SwiftASN1": {
                "CertificateAuthority.swift": "addresses and PEM of certificates",
                "NetworkCertificates.swift": "PEM of certificates",
            },
            "CMalloc": {"ProcessMemory.swift": "the C library's settings for malloc"},
        },
    ),  # and every contract: the commands sign their transactions
}

CONTRACT = {"Primitives", "ContractKit"}
APP = {"Primitives", "ContractKit", "LedgerCore", "ReadModels", "PageKit", "GRDB", "Hummingbird", "HTTPTypes"} | FREE
CONTRACT_LIBRARIES = {"Budgeting": {"BigInt"}}  # exact fractions of Equal Shares, docs/decisions/007
# An app reads tables in one place and answers requests in another.
APP_FOLDERS = {"GRDB": "ReadModel/", "Hummingbird": ("Pages/", "Module.swift"), "HTTPTypes": ("Pages/", "Module.swift")}


def modules(package: str) -> dict[str, set[str]]:
    """The domain modules of Package.swift, each with the siblings whose contract it may use."""
    listed = package[package.index("let modules: [DomainModule] = [") :]
    listed = listed[: listed.index("\n]")]
    found = {}
    for entry in re.split(r"DomainModule\(", listed)[1:]:
        name = re.search(r'name: "(\w+)"', entry)
        uses = re.search(r"contractUses: \[([^\]]*)\]", entry)
        if name:
            found[name.group(1)] = set(re.findall(r'"(\w+)"', uses.group(1))) if uses else set()
    return found


def product_targets(package: str) -> set[str]:
    """Every target of Package.swift that is not a test, nor something that only tests use."""
    found = set(re.findall(r'\blayer\(\s*"([\w-]+)"', package))
    return found | {name for name, path in _targets(package) if not path.startswith("Tests/")}


def support_targets(package: str) -> set[str]:
    """Targets that lie under Tests: what only tests use."""
    return {name for name, path in _targets(package) if path.startswith("Tests/")}


def _targets(package: str) -> list[tuple[str, str]]:
    """Name and path (empty if none is given) of each target with a plain name."""
    found = []
    for start in re.finditer(r"\.(?:target|executableTarget|systemLibrary)\(", package):
        depth, end = 1, start.end()
        while depth and end < len(package):
            depth += {"(": 1, ")": -1}.get(package[end], 0)
            end += 1
        block = package[start.end() : end]
        name = re.match(r'\s*name: "([\w-]+)"(?:,|$)', block.rstrip(")"))
        path = re.search(r'\bpath: "([^"]*)"', block)
        if name:
            found.append((name.group(1), path.group(1) if path else ""))
    return found


def allowed(target: str, folder: str, listed: dict[str, set[str]]) -> set[str] | None:
    """What `target` may import, or None if nobody has thought about it."""
    contracts = {name + "Contract" for name in listed}
    for name, uses in listed.items():
        siblings = {sibling + "Contract" for sibling in uses}
        if target == name + "Contract":
            return CONTRACT | siblings | CONTRACT_LIBRARIES.get(name, set())
        if target == name + "App":
            return APP | siblings | {name + "Contract"} | CONTRACT_LIBRARIES.get(name, set())
    if target not in LAYERS:
        return None
    more = {"ContractCatalog": contracts, "linlian": contracts, "AppCatalog": {name + "App" for name in listed}}
    return LAYERS[target].imports | more.get(target, set())


def check_imports(file: Swift, target: str, folder: str, listed: dict[str, set[str]]) -> list[Finding]:
    """Imports of `file`, which lies at `folder` and belongs to `target`, that the layers forbid."""
    may = allowed(target, folder, listed)
    if may is None:
        return [Finding(file.path, 1, "layers", f"{target} stands in no list: say in layers.py what it may import")]
    found = []
    inside = file.path[len(folder) + 1 :]
    name = file.path.rsplit("/", 1)[-1]
    for line, module in file.imports:
        if module not in may:
            found.append(Finding(file.path, line, "layers", f"{target} may not import {module}"))
            continue
        files = LAYERS[target].only.get(module) if target in LAYERS else None
        if files is not None and name not in files:
            found.append(Finding(file.path, line, "layers", f"{module} is for {', '.join(sorted(files))} only"))
        places = APP_FOLDERS.get(module)
        if target.endswith("App") and places and not (inside.startswith(places) or inside.endswith(places)):
            found.append(Finding(file.path, line, "layers", f"{module} is for {places} of an app only"))
    return found


def target_of(path: str) -> tuple[str, str] | None:
    """The product target that a Swift file belongs to, and the target's folder."""
    parts = path.split("/")
    if parts[0] == "Sources" and len(parts) > 2:
        return parts[1], f"Sources/{parts[1]}"
    if parts[0] == "Modules" and len(parts) > 3 and parts[2] in ("Contract", "App"):
        return parts[1] + parts[2], "/".join(parts[:3])
    return None


def package_text() -> str:
    return (ROOT / "Package.swift").read_text(encoding="utf-8")
