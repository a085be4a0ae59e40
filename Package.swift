// swift-tools-version: 6.2
import PackageDescription

// The layers of ARCHITECTURE.md, one target each; a domain module is one line in `modules`.

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let bigInt: Target.Dependency = .product(name: "BigInt", package: "BigInt")
let csv: Target.Dependency = .product(name: "SwiftCSV", package: "SwiftCSV")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let grpcCore: Target.Dependency = .product(name: "GRPCCore", package: "grpc-swift-2")
let grpcProtobuf: Target.Dependency = .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
let grpcTransport: Target.Dependency = .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let certificates: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

func layer(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: ["README.md"], resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil, exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: strict)
}

/// One domain module: the folder `Modules/<name>` with its Contract, App and Tests targets.
struct DomainModule {
    let name: String
    var contractUses: [String] = []
    var contractLibraries: [Target.Dependency] = []
    var appLibraries: [Target.Dependency] = []
    var testLibraries: [Target.Dependency] = []

    var targets: [Target] {
        let siblings = contractUses.map { Target.Dependency(stringLiteral: $0 + "Contract") }
        return [
            .target(
                name: name + "Contract", dependencies: ["Primitives", "ContractKit"] + siblings + contractLibraries,
                path: "Modules/\(name)/Contract", swiftSettings: strict),
            .target(
                name: name + "App",
                dependencies: [
                    .init(stringLiteral: name + "Contract"), "Primitives", "ContractKit", "LedgerCore", "ReadModels",
                    "PageKit",
                    hummingbird, grdb,
                ] + siblings + appLibraries,
                path: "Modules/\(name)/App",
                resources: [.embedInCode("Templates"), .embedInCode("Messages")], swiftSettings: strict),
            tests(
                name + "Tests",
                [
                    .init(stringLiteral: name + "Contract"), .init(stringLiteral: name + "App"), "Primitives",
                    "ContractKit",
                    "LedgerCore", "LedgerTesting", "PageTesting", "ReadModels", "PageKit",
                ] + siblings + contractLibraries + testLibraries,
                path: "Modules/\(name)/Tests", exclude: ["Snapshots"]),
        ]
    }
}

let modules: [DomainModule] = [
    DomainModule(name: "Constitution"),
    DomainModule(name: "Registry", contractUses: ["Constitution"]),
    DomainModule(name: "Assembly", contractUses: ["Constitution", "Registry"]),
    DomainModule(
        name: "Budgeting", contractUses: ["Constitution", "Registry"], contractLibraries: [bigInt],
        appLibraries: [bigInt],
        testLibraries: ["Pabulib"]),
    DomainModule(name: "Notices", contractUses: ["Constitution", "Registry"]),
    DomainModule(name: "Supervision", contractUses: ["Constitution"]),
]

let contracts = modules.map { Target.Dependency(stringLiteral: $0.name + "Contract") }
let apps = modules.map { Target.Dependency(stringLiteral: $0.name + "App") }

let package = Package(
    name: "linlian",
    products: [
        .executable(name: "linlian", targets: ["linlian"]),
        // The two public layers, for `Benchmarks/`.
        .library(name: "Primitives", targets: ["Primitives"]),
        .library(name: "MerkleLog", targets: ["MerkleLog"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
    ],
    targets: modules.flatMap(\.targets) + [
        layer("Primitives"),
        layer("MerkleLog", ["Primitives"]),
        layer("ContractKit", ["Primitives"]),
        .target(
            name: "LedgerTesting", dependencies: ["Primitives", "ContractKit"], path: "Tests/LedgerTesting",
            swiftSettings: strict),
        .target(
            name: "PageTesting",
            dependencies: [
                "Primitives", "MerkleLog", "ContractKit", "LedgerCore", "LedgerTesting", "ReadModels", "PageKit",
                hummingbird,
                hummingbirdTesting, grdb,
            ], path: "Tests/PageTesting", swiftSettings: strict),
        .target(
            name: "LedgerSamples", dependencies: ["Primitives", "MerkleLog", "ContractKit", "LedgerCore"],
            path: "Tests/LedgerSamples",
            swiftSettings: strict),
        .target(
            name: "OrderingTesting", dependencies: ["Primitives", "Ordering"], path: "Tests/OrderingTesting",
            swiftSettings: strict),
        .executableTarget(
            name: "crash-node",
            dependencies: [
                "LedgerSamples", "LedgerCore", "NodeRuntime", "Storage", "Primitives", "Ordering", "OrderingTesting",
                logging,
            ], path: "Tests/CrashNode", swiftSettings: strict),
        .executableTarget(
            name: "finality-simulation",
            dependencies: [
                "Primitives", "MerkleLog", "ContractKit", "LedgerCore", "Ordering", "Finality", "LedgerSamples",
                "LedgerTesting", "OrderingTesting", crypto,
            ], path: "Tests/FinalitySimulation", swiftSettings: strict),
        tests("PrimitivesTests", ["Primitives", crypto]),
        tests("MerkleLogTests", ["Primitives", "MerkleLog", crypto]),
        tests(
            "LedgerCoreTests",
            ["Primitives", "MerkleLog", "ContractKit", "LedgerCore", "LedgerTesting", "LedgerSamples", crypto]),
        tests(
            "StorageTests",
            [
                "Primitives", "MerkleLog", "ContractKit", "LedgerCore", "Storage", "LedgerTesting", "LedgerSamples",
                grdb,
            ]),
        tests("ReadModelsTests", ["ReadModels", "LedgerCore", "LedgerSamples", "Primitives", grdb]),
        tests(
            "OrderingTests",
            ["Primitives", "Ordering", "OrderingSolo", "OrderingEtcd", "OrderingTesting", logging]),
        tests(
            "FinalityTests",
            [
                "Primitives", "MerkleLog", "ContractKit", "LedgerCore", "Ordering", "Finality", "LedgerSamples",
                "LedgerTesting", crypto,
            ]),
        tests(
            "WitnessTests",
            [
                "Primitives", "MerkleLog", "LedgerCore", "Witness", hummingbird, hummingbirdTesting, httpTypes, logging,
                nio, crypto,
            ]),
        tests(
            "VerifierTests",
            [
                "Primitives", "MerkleLog", "ContractKit", "LedgerCore", "Storage", "NodeRuntime", "Verifier",
                "LedgerTesting", "LedgerSamples", grdb, logging,
            ]),
        tests(
            "SimulationTests",
            [
                "Primitives", "MerkleLog", "ContractKit", "LedgerCore", "Storage", "NodeRuntime", "Verifier",
                "LedgerTesting", "LedgerSamples", "crash-node", logging,
            ]),
        tests("PabulibTests", ["Pabulib", "BudgetingContract"]),
        tests(
            "PageKitTests", ["PageKit", "ReadModels", hummingbird, hummingbirdTesting], exclude: ["js", "Snapshots"]),
        tests(
            "NodeRuntimeTests",
            [
                "Primitives", "MerkleLog", "ContractKit", "LedgerCore", "Ordering", "Finality", "Storage", "PageKit",
                "NodeRuntime", "LedgerTesting", "LedgerSamples", "OrderingTesting", "Verifier", "PageTesting", crypto,
                logging, hummingbird, hummingbirdTesting, httpTypes, signals,
            ], exclude: ["Snapshots"]),
        layer("LedgerCore", ["Primitives", "MerkleLog", "ContractKit", crypto]),
        layer("Ordering", ["Primitives"]),
        layer("OrderingSolo", ["Primitives", "Ordering"]),
        .target(
            name: "EtcdProtocol", dependencies: [grpcCore, grpcProtobuf, protobuf],
            exclude: ["README.md", "etcd.proto"], swiftSettings: [.swiftLanguageMode(.v6)]),
        layer(
            "OrderingEtcd",
            ["Primitives", "Ordering", "EtcdProtocol", grpcCore, grpcTransport, protobuf, nio, logging]),
        layer("Finality", ["Primitives", "MerkleLog", "ContractKit", "LedgerCore", "Ordering", crypto]),
        layer(
            "Witness",
            [
                "Primitives", "MerkleLog", "LedgerCore", grdb, hummingbird, hummingbirdCore, httpTypes, httpClient,
                logging, nio, nioHTTP1, nioHTTPTypes, crypto,
            ],
            resources: [.embedInCode("Messages")]),
        layer("Storage", ["Primitives", "MerkleLog", "LedgerCore", grdb, sqlite]),
        layer(
            "NodeRuntime",
            [
                "Primitives", "MerkleLog", "ContractKit", "LedgerCore", "Ordering", "OrderingSolo", "OrderingEtcd",
                "Finality", "Witness", "Storage", "ReadModels", "PageKit",
                crypto, logging, httpClient, certificates, asn1, nioHTTP1, hummingbird, hummingbirdCore,
                httpTypes, lifecycle, signals, nio,
                nioHTTPTypes, nioSSL,
            ],
            resources: [.embedInCode("Messages"), .embedInCode("OpenAPI")]),
        layer("AppCatalog", ["PageKit"] + apps),
        .executableTarget(
            name: "linlian",
            dependencies: [
                "Primitives", "MerkleLog", "ContractKit", "LedgerCore", "ContractCatalog", "Verifier", "Storage",
                "NodeRuntime", "PageKit", "AppCatalog", "Pabulib", "ConstitutionContract", "RegistryContract",
                "AssemblyContract",
                "BudgetingContract", "Ordering", "OrderingEtcd", "Finality", "Witness", "CMalloc", certificates, asn1,
                arguments, csv, yams, httpClient, crypto, logging, grdb,
            ], exclude: ["README.md"], resources: [.embedInCode("Papers")],
            swiftSettings: strict),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CQRencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        layer("Pabulib", ["BudgetingContract"]),
        layer("ContractCatalog", ["ContractKit"] + contracts),
        layer("Verifier", ["Primitives", "MerkleLog", "ContractKit", "LedgerCore"]),
        layer("ReadModels", ["Primitives", "ContractKit", "LedgerCore", grdb]),
        layer(
            "PageKit",
            [
                "Primitives", "ContractKit", "LedgerCore", "ReadModels", "CQRencode", "CZlib", hummingbird, mustache,
                logging,
            ],
            resources: [.embedInCode("Templates"), .embedInCode("Messages"), .embedInCode("Assets")]),
    ]
)
