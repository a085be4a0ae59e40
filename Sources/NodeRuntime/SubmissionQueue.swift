import LedgerCore
import Primitives

/// Transactions that were let in at the gate, and those who wait for an answer about them: waiting for a batch, under way
/// in one, or executed and not final.
struct SubmissionQueue {
    /// Transactions handed over together, and whoever waits for their fate; nobody when that was answered already.
    final class Submission {
        let transactions: [Transaction]
        let since: Instant
        private var answer: CheckedContinuation<[TransactionStatus], any Error>?

        init(
            _ transactions: [Transaction], since: Instant,
            answer: CheckedContinuation<[TransactionStatus], any Error>?
        ) {
            self.transactions = transactions
            self.since = since
            self.answer = answer
        }

        var isAnswered: Bool { answer == nil }

        /// Answers; further answers are not given.
        func resume(_ result: Result<[TransactionStatus], any Error>) {
            answer?.resume(with: result)
            answer = nil
        }
    }

    private struct Executed {
        let submission: Submission
        let statuses: [TransactionStatus]
    }

    private(set) var waiting: [Submission] = []
    private(set) var waitingCount = 0
    private var underWay: [UInt64: [Submission]] = [:]
    private var executed: [Executed] = []
    private var nextToken: UInt64 = 1

    mutating func add(_ submission: Submission) {
        waiting.append(submission)
        waitingCount += submission.transactions.count
    }

    /// Takes whatever waits, up to `limit` transactions, and the token of their batch.
    mutating func takeBatch(limit: Int, bytes: Int) -> (token: UInt64, submissions: [Submission]) {
        var count = 0
        var size = 0
        var taken = 0
        for submission in waiting {
            let submissionSize = submission.transactions.reduce(0) { $0 + $1.text.bytes.count + 8 }
            if taken > 0, count + submission.transactions.count > limit || size + submissionSize > bytes { break }
            count += submission.transactions.count
            size += submissionSize
            taken += 1
        }
        let submissions = Array(waiting.prefix(taken))
        waiting.removeFirst(taken)
        waitingCount -= count
        let token = nextToken
        nextToken += 1
        underWay[token] = submissions
        return (token, submissions)
    }

    /// What is under way in the batch with this token; it stays there until `finish`.
    func submissions(of token: UInt64) -> [Submission] { underWay[token] ?? [] }

    /// The batch was executed: its submissions are answered now, or when their block is final.
    mutating func finish(_ token: UInt64, _ answers: [Result<[TransactionStatus], any Error>]) {
        for (submission, answer) in zip(underWay.removeValue(forKey: token) ?? [], answers) {
            guard case .success(let found) = answer else {
                submission.resume(answer)
                continue
            }
            if found.allSatisfy(\.isFinal) {
                submission.resume(.success(found))
            } else {
                executed.append(Executed(submission: submission, statuses: found))
            }
        }
    }

    /// The batch has its place and does not count: its submissions wait again, before those that came later.
    mutating func takeBack(_ token: UInt64) {
        let submissions = underWay.removeValue(forKey: token) ?? []
        waiting.insert(contentsOf: submissions, at: 0)
        waitingCount += submissions.reduce(0) { $0 + $1.transactions.count }
    }

    /// No batch will be put up any more: those who wait for one learn why. What is under way may still come.
    mutating func refuseWaiting(_ error: any Error) {
        for submission in waiting { submission.resume(.failure(error)) }
        waiting = []
        waitingCount = 0
    }

    /// The batch could not be put up: its submissions learn why.
    mutating func fail(_ token: UInt64, _ error: any Error) {
        for submission in underWay.removeValue(forKey: token) ?? [] { submission.resume(.failure(error)) }
    }

    /// Blocks up to `height` are final.
    mutating func answerFinal(upTo height: UInt64) {
        guard !executed.isEmpty else { return }
        executed.removeAll { entry in
            guard entry.statuses.allSatisfy({ $0.height <= height }) else { return false }
            entry.submission.resume(.success(entry.statuses.map(\.asFinal)))
            return true
        }
    }

    /// Answers those who have waited for finality since before `time` with what is known.
    mutating func answerExecuted(since time: Instant) {
        executed.removeAll { entry in
            guard entry.submission.since < time else { return false }
            entry.submission.resume(.success(entry.statuses))
            return true
        }
    }

    /// Submissions since before `time` that are not ordered yet and whose senders still wait.
    func overdue(since time: Instant) -> [Submission] {
        (waiting + underWay.values.flatMap { $0 }).filter { $0.since < time && !$0.isAnswered }
    }

    /// Blocks that were not final were taken back: their transactions wait again, and so do those under way, whose batches may
    /// be among what this node never reads. The ledger passes over those that come back another way.
    mutating func takeBack() {
        let ordered = executed.map(\.submission)
        let unordered = underWay.sorted { $0.key < $1.key }.flatMap(\.value)
        executed = []
        underWay = [:]
        for submission in ordered + unordered { add(submission) }
    }

    /// Nothing more will be done: everyone who waits learns why.
    mutating func failAll(_ error: any Error) {
        for entry in executed { entry.submission.resume(.success(entry.statuses)) }
        for submission in waiting + underWay.values.flatMap({ $0 }) { submission.resume(.failure(error)) }
        waiting = []
        waitingCount = 0
        underWay = [:]
        executed = []
    }
}

extension TransactionStatus {
    fileprivate var asFinal: TransactionStatus {
        var status = self
        status.isFinal = true
        return status
    }
}
