import Finality
import Logging

/// A disk that is nearly full: the node stops taking what is ordered before a write fails in the middle of something that
/// cannot be taken back, and goes on by itself when there is space again. The engine gives everything once more then.
extension BlockPipeline {
    /// With fewer bytes free a node of a shared ledger takes no more.
    static let leastFree: UInt64 = 16 << 20
    /// With as many it goes on.
    static let enoughFree: UInt64 = 24 << 20

    /// What the node has to wait for.
    struct DiskFull: Error {}

    /// Looks how much is free; called a few times a second. A disk that nobody can ask about is not full.
    func noteSpace() {
        guard replica.isShared else { return }
        isDiskFull = parts.bytesFree() ?? .max < BlockPipeline.leastFree
    }

    /// Refuses to take the next event where the disk is nearly full.
    func requireSpace() throws {
        if isDiskFull { throw DiskFull() }
    }

    /// Whether a failure ends by itself when there is space: nothing was taken, or a block that is taken back in memory.
    func isForWantOfSpace(_ error: any Error) -> Bool {
        if error is DiskFull { return true }
        guard error is BlockNotStored else { return false }
        noteSpace()
        return isDiskFull
    }

    /// Refuses everything until there is space; what was promised is taken up again then.
    func waitForSpace() async throws {
        parts.logger.error(
            "the disk is full: this node takes no more until there is space",
            metadata: ["free": "\(parts.bytesFree() ?? 0)"])
        refuseWaiting(
            NodeError(
                "node.diskFull", "the disk of this node is full",
                help: "free some space and it goes on by itself, or send it to another party's node"))
        while !isStopping, parts.bytesFree() ?? .max < BlockPipeline.enoughFree {
            try await Task.sleep(for: .milliseconds(500))
        }
        guard !isStopping else { return }
        parts.logger.notice("there is space again: the node goes on")
        isDiskFull = false
        isBusy = false
        failure = nil
        try takeUpOutbox()
    }
}
