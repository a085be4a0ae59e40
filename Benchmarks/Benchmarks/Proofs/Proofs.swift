import Benchmark
import MerkleLog
import Primitives

/// Sizes that stand side by side: a cost that is right grows not at all, or like the logarithm.
private let sizes = [10_000, 100_000, 1_000_000]

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .cpuTotal], scalingFactor: .kilo, maxDuration: .seconds(2), maxIterations: 1_000)

    Benchmark("JSON: a ballot's payload") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try JSONDocument(Samples.payload)) }
    }

    Benchmark("SHA-256 in Swift: a ballot's payload") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(PortableSHA256.hash(Samples.payload)) }
    }

    Benchmark("base64url: a signature") { benchmark in
        let signature = [UInt8](repeating: 0xA5, count: 64)
        for _ in benchmark.scaledIterations {
            blackHole(Base64.url.decode(Base64.url.encodeBytes(signature)[...]))
        }
    }

    for size in sizes {
        logBenchmarks(size)
        stateBenchmarks(size)
    }
}

/// The log's tree at one size. What is measured is set up once, and not in every iteration.
private func logBenchmarks(_ size: Int) {
    Benchmark("log: append to \(size) leaves") { (benchmark, tree: MerkleTree<ProcessorSHA256>) in
        var tree = tree
        let leaf = Samples.digest(-1)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { tree.append(leaf) }
        benchmark.stopMeasurement()
        blackHole(tree.root())
    } setup: {
        Samples.logTree(size)
    }

    Benchmark("log: prove inclusion among \(size) leaves") { (benchmark, tiles: MemoryTiles) in
        for number in benchmark.scaledIterations {
            blackHole(
                try InclusionProof(
                    leafIndex: UInt64(number * 7_919 % size), treeSize: UInt64(size), tiles: tiles,
                    using: ProcessorSHA256.self))
        }
    } setup: {
        MemoryTiles(Samples.logTree(size))
    }

    Benchmark("log: check inclusion among \(size) leaves") { (benchmark, made: (InclusionProof, Digest)) in
        let leaf = Samples.digest(size / 3)
        for _ in benchmark.scaledIterations {
            try made.0.verify(leafHash: leaf, root: made.1, using: ProcessorSHA256.self)
        }
    } setup: {
        let tree = Samples.logTree(size)
        let proof = try InclusionProof(
            leafIndex: UInt64(size / 3), treeSize: tree.size, tiles: MemoryTiles(tree), using: ProcessorSHA256.self)
        return (proof, tree.root())
    }
}

/// The state's tree at one size.
private func stateBenchmarks(_ size: Int) {
    Benchmark("state: a block of 2,000 updates of \(size) keys", configuration: .init(scalingFactor: .one)) {
        (benchmark, tree: SparseTree<ProcessorSHA256>) in
        var tree = tree
        // The copy is made before the clock runs.
        tree.set(keyHash: Samples.digest(0), valueHash: Samples.digest(-1))
        _ = tree.root()
        let keys = (0..<2_000).map { Samples.digest($0 * 7_919 % size) }
        let value = Samples.digest(-2)
        benchmark.startMeasurement()
        for key in keys { tree.set(keyHash: key, valueHash: value) }
        blackHole(tree.root())
        benchmark.stopMeasurement()
    } setup: {
        Samples.stateTree(size)
    }

    Benchmark("state: prove one of \(size) keys") { (benchmark, held: Held<SparseTree<ProcessorSHA256>>) in
        for number in benchmark.scaledIterations {
            blackHole(held.value.prove(Samples.digest(number * 7_919 % size)))
        }
    } setup: {
        Held(Samples.stateTree(size))
    }
}

/// Lets every iteration work on the same value instead of a copy of a hundred megabytes.
private final class Held<Value> {
    var value: Value

    init(_ value: Value) { self.value = value }
}
