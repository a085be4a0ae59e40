import Foundation
import Logging
import Ordering
import OrderingEtcd
import Primitives
import Synchronization
import Testing

@Suite("Ordering by a real etcd", .serialized)
struct EtcdEngineTests {
    private static let origin = "example.org/lane"

    private static func batch(_ number: Int, _ proposer: String) -> Batch {
        Batch(
            origin: origin, proposer: proposer, clock: Instant(milliseconds: Int64(number)),
            transactions: (0..<number % 4).map { [UInt8(truncatingIfNeeded: number), UInt8($0), 10, 13] },
            localToken: UInt64(number) + 1, using: PortableSHA256.self
        ) { _ in [UInt8](repeating: 7, count: 64) }
    }

    private static func engine(_ etcd: EtcdProcess, origin: String = EtcdEngineTests.origin) -> EtcdEngine<
        PortableSHA256
    > {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        var options = EtcdOptions(endpoints: [etcd.endpoint], identity: nil)
        options.deadline = 5_000
        return EtcdEngine(origin: origin, options: options, using: PortableSHA256.self, logger: logger)
    }

    @Test("It keeps what every ordering engine promises", .timeLimit(.minutes(3)))
    func conformance() async throws {
        // Every engine of the suite begins with an empty etcd.
        let started = Mutex<[EtcdProcess]>([])
        defer { for etcd in started.withLock({ $0 }) { etcd.stop() } }
        try await OrderingConformance(
            make: {
                let etcd = try EtcdProcess()
                started.withLock { $0.append(etcd) }
                return EtcdEngineTests.engine(etcd)
            }, batch: EtcdEngineTests.batch, amount: 60
        ).run()
    }
}
