import ConstitutionContract
package import ContractKit
import Primitives

extension RaiseFinding {
    /// Records the finding and promises an answer.
    package func execute(_ execution: inout Execution) throws(Reason) {
        let party = try Finding.party(in: execution)
        guard !SupervisionTables.findings.contains(finding, in: execution) else {
            throw SupervisionReason.known.at("finding")
        }
        guard try Parties.find(about, in: execution) != nil else { throw SupervisionReason.partyUnknown.at("about") }
        guard about != party else { throw SupervisionReason.ownParty.at("about") }
        let row = FindingRow(
            raising: self, party: party, at: execution.time, due: try Finding.promise(in: execution))
        SupervisionTables.findings.put(finding, row, in: &execution)
        execution.emit(FindingRaised(finding: finding, terms: row, text: text))
        execution.schedule(SupervisionDue.reply, id: finding, at: row.due)
    }
}

extension AnswerFinding {
    /// Records the answer; the clock stops.
    package func execute(_ execution: inout Execution) throws(Reason) {
        let party = try Finding.party(in: execution)
        var row = try Finding.find(finding, in: execution)
        guard row.about == party else { throw SupervisionReason.notConcerned.at("as") }
        guard row.status == .open else { throw SupervisionReason.notOpen.at("finding") }
        row.status = .answered
        row.entries = try row.entries.adding(1)
        execution.unschedule(SupervisionDue.reply, id: finding, at: row.due)
        SupervisionTables.findings.put(finding, row, in: &execution)
        execution.emit(
            FindingAnswered(
                finding: finding, number: row.entries, party: party, text: text, inTime: execution.time < row.due))
    }
}

extension CloseFinding {
    /// Accepts the answer.
    package func execute(_ execution: inout Execution) throws(Reason) {
        let party = try Finding.party(in: execution)
        var row = try Finding.find(finding, in: execution)
        guard row.party == party else { throw SupervisionReason.notRaiser.at("as") }
        guard row.status == .answered else { throw SupervisionReason.notAnswered.at("finding") }
        row.status = .closed
        row.entries = try row.entries.adding(1)
        SupervisionTables.findings.put(finding, row, in: &execution)
        execution.emit(FindingClosed(finding: finding, number: row.entries, party: party, text: text))
    }
}

extension ReopenFinding {
    /// Asks again; an answer is promised anew.
    package func execute(_ execution: inout Execution) throws(Reason) {
        let party = try Finding.party(in: execution)
        var row = try Finding.find(finding, in: execution)
        guard row.party == party else { throw SupervisionReason.notRaiser.at("as") }
        guard row.status != .open else { throw SupervisionReason.openAlready.at("finding") }
        // After it an answer and a closing must still find room.
        guard row.entries <= SupervisionLimits.entries - 3 else { throw SupervisionReason.tooMany.at("finding") }
        row.status = .open
        row.entries = try row.entries.adding(1)
        row.due = try Finding.promise(in: execution)
        SupervisionTables.findings.put(finding, row, in: &execution)
        execution.emit(
            FindingReopened(finding: finding, number: row.entries, party: party, text: text, due: row.due))
        execution.schedule(SupervisionDue.reply, id: finding, at: row.due)
    }
}

/// What all acts on findings have in common.
enum Finding {
    /// The party for which a delegate or a member of the supervision committee acts.
    static func party(in execution: borrowing Execution) throws(Reason) -> String {
        guard let party = execution.caller.party,
            SupervisionRoles.all.contains(where: { execution.caller.roles.contains($0) })
        else { throw Reason.notAllowed.at("as") }
        return party
    }

    /// The finding with this id.
    static func find(_ id: String, in execution: borrowing Execution) throws(Reason) -> FindingRow {
        try SupervisionTables.findings.require(id, in: execution, else: SupervisionReason.unknown.at("finding"))
    }

    /// Until when an answer is promised that is asked for now.
    static func promise(in execution: borrowing Execution) throws(Reason) -> Instant {
        execution.time.advanced(byDays: try Parameters.integer(SupervisionParameters.replyDays, in: execution))
    }
}

/// What happens when the promised time is over.
enum FindingClock {
    /// Marks the finding as overdue.
    static func remind(_ finding: String, _ execution: inout Execution) throws(Reason) {
        var row = try SupervisionTables.findings.require(finding, in: execution, else: SupervisionReason.unknown)
        guard row.status == .open, execution.time >= row.due else { return }
        row.overdue = true
        SupervisionTables.findings.put(finding, row, in: &execution)
        execution.emit(FindingOverdue(finding: finding, due: row.due))
    }
}
