import LedgerCore
import Logging
import ReadModels

/// Lets the read models follow the log on a thread of its own, woken by each block; several blocks are merged.
actor ReadModelFollower {
    private let executor = QueueExecutor(label: "linlian.read-models")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let models: ReadModelStore
    private let store: any LeafSource
    private let logger: Logger
    private let times: StageTimes

    init(models: ReadModelStore, store: any LeafSource, logger: Logger, times: StageTimes) {
        self.models = models
        self.store = store
        self.logger = logger
        self.times = times
    }

    func run(_ hub: BlockHub) async {
        guard let blocks = hub.listen() else { return }
        follow()
        for await _ in blocks { follow() }
        follow()
    }

    /// Follows what is final: pages never show what could be taken back.
    func catchUp() throws { _ = try times.measure(.project) { try models.follow(store) } }

    private func follow() {
        do {
            try catchUp()
        } catch {
            // Pages show older figures until the next block; the ledger is not concerned.
            logger.error("the read models could not follow", metadata: ["error": "\(error)"])
        }
    }
}
