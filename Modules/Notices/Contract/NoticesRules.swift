import ConstitutionContract
package import ContractKit
import Primitives
import RegistryContract

extension PublishNotice {
    /// Publishes the notice, and puts it up if it begins at once.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(NoticesRoles.publisher)
        guard let party = execution.caller.party else { throw Reason.notAllowed.at("as") }
        guard !NoticesTables.notices.contains(notice, in: execution) else {
            throw NoticesReason.noticeKnown.at("notice")
        }
        if let building = audience.building, try OwnerRoll.totals(.building(building), in: execution).units == 0 {
            throw NoticesReason.buildingUnknown.at("audience.building")
        }
        let days = try Parameters.integer(NoticesParameters.mustPost(kind), in: execution)
        let row = NoticeRow(
            publishing: self, begins: max(begins ?? execution.time, execution.time), party: party, mustPostDays: days,
            at: execution.time)
        guard row.ends > row.begins, row.ends <= row.begins.advanced(byDays: NoticesLimits.longestDays)
        else { throw NoticesReason.period.at("ends") }
        guard row.ends >= row.mustPostUntil else { throw NoticesReason.mustPost.at("ends") }
        try correct(by: party, &execution)
        NoticesTables.notices.put(notice, row, in: &execution)
        NoticesTables.texts.put(notice, NoticeText(self), in: &execution)
        execution.emit(NoticePublished(notice: notice, terms: row, title: title))
        if row.begins <= execution.time {
            try NoticeClock.begin(notice, &execution)
        } else {
            execution.schedule(NoticesDue.begin, id: notice, at: row.begins)
        }
    }

    /// Marks the earlier notice as corrected; it stays up for its own period.
    private func correct(by party: String, _ execution: inout Execution) throws(Reason) {
        guard let replaces else { return }
        guard var earlier = try NoticesTables.notices.find(replaces, in: execution), earlier.party == party,
            earlier.replacedBy == nil, earlier.status != .withdrawn
        else { throw NoticesReason.replaces.at("replaces") }
        earlier.replacedBy = notice
        NoticesTables.notices.put(replaces, earlier, in: &execution)
    }
}

extension WithdrawNotice {
    /// Takes the notice down.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(NoticesRoles.publisher)
        var row = try NoticesTables.notices.require(
            notice, in: execution, else: NoticesReason.noticeUnknown.at("notice"))
        guard row.party == execution.caller.party else { throw NoticesReason.notPublisher.at("as") }
        let from: Instant?
        switch row.status {
        case .coming:
            from = nil
            execution.unschedule(NoticesDue.begin, id: notice, at: row.begins)
        case .posted:
            guard execution.time >= row.mustPostUntil else { throw NoticesReason.mustPost }
            from = row.begins
            execution.unschedule(NoticesDue.end, id: notice, at: row.ends)
        case .ended, .withdrawn: throw NoticesReason.over
        }
        row.status = .withdrawn
        row.ends = execution.time
        NoticesTables.notices.put(notice, row, in: &execution)
        if let replaces = row.replaces, var earlier = try NoticesTables.notices.find(replaces, in: execution) {
            // What is taken back corrects nothing.
            earlier.replacedBy = nil
            NoticesTables.notices.put(replaces, earlier, in: &execution)
        }
        execution.emit(
            NoticeWithdrawn(
                notice: notice, from: from, until: execution.time, mustPostDays: row.mustPostDays, reason: reason))
    }
}

/// What happens to a notice when its time has come.
enum NoticeClock {
    /// It goes up. Where the ledger stood still at the time it goes up later, and comes down later if it must.
    static func begin(_ notice: String, _ execution: inout Execution) throws(Reason) {
        var row = try NoticesTables.notices.require(notice, in: execution, else: NoticesReason.noticeUnknown)
        guard row.status == .coming else { return }
        row.status = .posted
        row.begins = execution.time
        row.ends = max(row.ends, row.mustPostUntil, execution.time.advanced(byMilliseconds: 1))
        NoticesTables.notices.put(notice, row, in: &execution)
        execution.emit(NoticeBegun(notice: notice, from: row.begins, until: row.ends))
        execution.schedule(NoticesDue.end, id: notice, at: row.ends)
    }

    /// It comes down.
    static func end(_ notice: String, _ execution: inout Execution) throws(Reason) {
        var row = try NoticesTables.notices.require(notice, in: execution, else: NoticesReason.noticeUnknown)
        guard row.status == .posted else { return }
        row.status = .ended
        row.ends = execution.time
        NoticesTables.notices.put(notice, row, in: &execution)
        execution.emit(NoticeEnded(notice: notice, row: row))
    }
}
