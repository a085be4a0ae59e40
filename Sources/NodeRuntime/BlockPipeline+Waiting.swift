import Finality
import LedgerCore
import Primitives

/// Transactions that wait: when they make a batch, and when whoever sent them is told to come back later.
extension BlockPipeline {
    /// Whether what waits makes a batch now. Every block costs every node a commit, a signature and three writes to the engine:
    /// few transactions wait until this node's block before is final, and then go together, as in Nagle's algorithm (RFC
    /// 896). The ticker lets nothing wait for long.
    var isWorthwhile: Bool {
        !queue.waiting.isEmpty && (ownOpenHeight == nil || queue.waitingCount >= BlockPipeline.worthwhile)
    }

    func answerOverdue() {
        let now = parts.clock()
        queue.answerExecuted(since: now.advanced(byMilliseconds: -BlockPipeline.finalPatience))
        guard replica.isShared else { return }
        let isMoving = lastOrdered > now.advanced(byMilliseconds: -BlockPipeline.orderPatience)
        let patience = isMoving ? BlockPipeline.queuePatience : BlockPipeline.orderPatience
        for submission in queue.overdue(since: now.advanced(byMilliseconds: -patience)) {
            do {
                try parts.outbox.keep(submission.transactions)
                submission.resume(.failure(WaitingForOthers(ids: submission.transactions.map(\.id))))
            } catch {
                submission.resume(.failure(error))
            }
        }
    }

    /// What an earlier run of this node had promised to hand on.
    func takeUpOutbox() throws {
        for text in try parts.outbox.load() {
            guard let transaction = try? parts.admission.admit(text, now: parts.clock()) else { continue }
            queue.add(SubmissionQueue.Submission([transaction], since: parts.clock(), answer: nil))
        }
    }
}
