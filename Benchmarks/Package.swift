// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds Linlian builds a benchmark library. What needs a node and its files is
// measured by `linlian bench`; what the browser and the auditor also run, the two public layers, is measured here.

let package = Package(
    name: "linlian-benchmarks",
    dependencies: [
        .package(name: "linlian", path: ".."),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "Proofs",
            dependencies: [
                .product(name: "Primitives", package: "linlian"),
                .product(name: "MerkleLog", package: "linlian"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/Proofs",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
    ]
)
