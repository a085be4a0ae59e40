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
        Benchmark("log: append to \(size) leaves") { benchmark in
            var tree = Samples.logTree(size)
            let leaf = Samples.digest(-1)
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations { tree.append(leaf) }
            benchmark.stopMeasurement()
            blackHole(tree.root())
        }

        Benchmark("log: prove inclusion among \(size) leaves", configuration: .init(scalingFactor: .one)) { benchmark in
            let tree = Samples.logTree(size)
            let tiles = MemoryTiles(tree)
            benchmark.startMeasurement()
            for number in benchmark.scaledIterations {
                blackHole(
                    try InclusionProof(
                        leafIndex: UInt64(number * 7_919 % size), treeSize: tree.size, tiles: tiles,
                        using: ProcessorSHA256.self))
            }
            benchmark.stopMeasurement()
        }

        Benchmark("log: check inclusion among \(size) leaves") { benchmark in
            let tree = Samples.logTree(size)
            let proof = try InclusionProof(
                leafIndex: UInt64(size / 3), treeSize: tree.size, tiles: MemoryTiles(tree), using: ProcessorSHA256.self)
            let (root, leaf) = (tree.root(), Samples.digest(size / 3))
            benchmark.startMeasurement()
            for _ in benchmark.scaledIterations {
                try proof.verify(leafHash: leaf, root: root, using: ProcessorSHA256.self)
            }
            benchmark.stopMeasurement()
        }

        Benchmark("state: a block of 2,000 updates of \(size) keys", configuration: .init(scalingFactor: .one)) {
            benchmark in
            var tree = Samples.stateTree(size)
            _ = tree.root()
            let value = Samples.digest(-2)
            benchmark.startMeasurement()
            for block in benchmark.scaledIterations {
                for update in 0..<2_000 {
                    tree.set(keyHash: Samples.digest((block * 2_000 + update) * 7_919 % size), valueHash: value)
                }
                blackHole(tree.root())
            }
            benchmark.stopMeasurement()
        }

        Benchmark("state: prove one of \(size) keys", configuration: .init(scalingFactor: .one)) { benchmark in
            var tree = Samples.stateTree(size)
            _ = tree.root()
            benchmark.startMeasurement()
            for number in benchmark.scaledIterations { blackHole(tree.prove(Samples.digest(number % size))) }
            benchmark.stopMeasurement()
        }
    }
}
