/// Decides what is worth a line in the log while etcd is away: one when it goes, one when it is back, and one a minute in
/// between, however often something is tried.
package struct Outage: Sendable {
    /// What is tried. One says nothing of the others: an etcd without space answers who reads and refuses who writes.
    package enum Work: String, Sendable, CaseIterable {
        /// Reading what is ordered.
        case follow = "what is ordered could not be read"
        /// Putting up a batch.
        case submit = "a batch could not be put up"
        /// Telling the others.
        case publish = "a statement could not be published"
    }

    /// A line to write.
    package enum Line: Sendable, Hashable {
        /// It has gone.
        case away
        /// It is still away, after so many failures and ms.
        case still(failures: Int, milliseconds: Int64)
        /// It is back, after so many failures and ms.
        case back(failures: Int, milliseconds: Int64)
    }

    /// A reminder is written after so many ms without a line.
    package static let reminder: Int64 = 60_000
    /// An etcd that comes and goes is told of so often in the time of a reminder, and then by reminders.
    package static let mostTold = 3

    private var failing: Set<Work> = []
    private var failures = 0
    private var began: Int64 = 0
    /// When it was said that it is away, oldest first.
    private var told: [Int64] = []
    private var isTold = false

    /// Nothing has failed.
    package init() {}

    /// Something failed; times are in ms, by a clock that only goes forward.
    package mutating func failed(_ work: Work, at now: Int64) -> Line? {
        if failing.isEmpty {
            failures = 0
            began = now
            isTold = false
        }
        failures += 1
        failing.insert(work)
        if !isTold {
            let lately = told.count { now - $0 < Outage.reminder }
            guard lately < Outage.mostTold else { return nil }
            return tell(failures == 1 ? .away : .still(failures: failures, milliseconds: now - began), at: now)
        }
        guard let last = told.last, now - last >= Outage.reminder else { return nil }
        return tell(.still(failures: failures, milliseconds: now - began), at: now)
    }

    /// Something worked.
    package mutating func worked(_ work: Work, at now: Int64) -> Line? {
        guard failing.remove(work) != nil, failing.isEmpty, isTold else { return nil }
        return .back(failures: failures, milliseconds: now - began)
    }

    private mutating func tell(_ line: Line, at now: Int64) -> Line {
        isTold = true
        told.append(now)
        told.removeFirst(max(0, told.count - Outage.mostTold))
        return line
    }
}
