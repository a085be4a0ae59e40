package import ContractKit
import Primitives

extension FoundConstitution {
    /// Founds the ledger, in block 0 and once.
    package func execute(_ execution: inout Execution) throws(Reason) {
        guard execution.height == 0, !ConstitutionTables.head.contains("current", in: execution)
        else { throw ConstitutionReason.founded }
        try check()
        execution.emit(ConstitutionFounded(logKey: logKey, title: name))
        let changes =
            parties.map(ConstitutionChange.admitParty) + (groups.isEmpty ? [] : [.setQuorum(groups)])
            + staff.map(ConstitutionChange.openStaff) + parameters.map(ConstitutionChange.setParameter)
        var draft = ConstitutionDraft()
        for change in changes { try draft.apply(change, execution) }
        try draft.finish(execution)
        let enacted = try ConstitutionRules.enact(changes, on: ConstitutionDraft(), version: 1, &execution)
        let head = ConstitutionHead(
            name: name, logKey: logKey, groups: enacted.groups, parties: enacted.parties.map(\.party.id), version: 1)
        ConstitutionTables.head.put("current", head, in: &execution)
    }
}

extension ProposeChanges {
    /// Records the proposal after trying it on paper.
    package func execute(_ execution: inout Execution) throws(Reason) {
        let party = try ConstitutionRules.delegation(execution)
        try check()
        var head = try ConstitutionRules.head(execution)
        guard version == head.version else { throw ConstitutionReason.versionOld.at("version") }
        guard !ConstitutionTables.proposals.contains(proposal, in: execution)
        else { throw ConstitutionReason.proposalKnown.at("proposal") }
        var own = 0
        for id in head.proposals {
            let row = try ConstitutionTables.proposals.require(id, in: execution, else: .stateDamaged)
            if row.party == party { own += 1 }
        }
        guard own < ConstitutionLimits.openProposals else { throw ConstitutionReason.tooManyProposals }
        var draft = try ConstitutionDraft(of: execution)
        for change in changes { try draft.apply(change, execution) }
        try draft.finish(execution)
        let row = ProposalRow(changes: changes, party: party, version: version)
        ConstitutionTables.proposals.put(proposal, row, in: &execution)
        head.proposals.append(proposal)
        ConstitutionTables.head.put("current", head, in: &execution)
        execution.emit(ChangesProposed(changes: changes, party: party, proposal: proposal, version: version))
    }
}

extension VoteOnProposal {
    /// Counts the party's vote; the vote that decides also carries the proposal out or closes it.
    package func execute(_ execution: inout Execution) throws(Reason) {
        let party = try ConstitutionRules.delegation(execution)
        var row = try ConstitutionRules.openProposal(proposal, execution)
        guard !row.yes.contains(party), !row.no.contains(party) else { throw ConstitutionReason.votedAlready }
        if yes { row.yes.append(party) } else { row.no.append(party) }
        ConstitutionTables.proposals.put(proposal, row, in: &execution)
        execution.emit(ProposalVoted(party: party, proposal: proposal, yes: yes))

        let numerator = try Parameters.integer(ConstitutionParameters.thresholdNumerator, in: execution)
        let denominator = try Parameters.integer(ConstitutionParameters.thresholdDenominator, in: execution)
        let voters = try ConstitutionDraft(of: execution).voters
        if Share.exceeds(row.yes.count, of: voters, numerator, denominator) {
            try ConstitutionRules.accept(proposal, row, &execution)
        } else if !Share.exceeds(voters - row.no.count, of: voters, numerator, denominator) {
            try ConstitutionRules.close(proposal, as: .rejected, &execution)
        }
    }
}

extension WithdrawProposal {
    /// Takes the party's own proposal back.
    package func execute(_ execution: inout Execution) throws(Reason) {
        let party = try ConstitutionRules.delegation(execution)
        let row = try ConstitutionRules.openProposal(proposal, execution)
        guard row.party == party else { throw ConstitutionReason.notProposer }
        try ConstitutionRules.close(proposal, as: .withdrawn, &execution)
    }
}

/// Steps that several rules share.
enum ConstitutionRules {
    /// The party that the caller speaks for as its delegate.
    static func delegation(_ execution: borrowing Execution) throws(Reason) -> String {
        try execution.requireRole(ConstitutionRoles.delegate)
        guard let party = execution.caller.party, ConstitutionTables.parties.contains(party, in: execution)
        else { throw Reason.notAllowed.at("as") }
        return party
    }

    /// The head row.
    static func head(_ execution: borrowing Execution) throws(Reason) -> ConstitutionHead {
        try ConstitutionTables.head.require("current", in: execution, else: ConstitutionReason.missing)
    }

    /// The row of a proposal that is open.
    static func openProposal(_ id: String, _ execution: borrowing Execution) throws(Reason) -> ProposalRow {
        let row = try ConstitutionTables.proposals.require(
            id, in: execution, else: ConstitutionReason.proposalUnknown.at("proposal"))
        guard row.status == .open else { throw ConstitutionReason.proposalClosed }
        return row
    }

    /// Closes one proposal.
    static func close(
        _ id: String, as status: ProposalStatus, reason: Reason? = nil, _ execution: inout Execution
    ) throws(Reason) {
        var row = try ConstitutionTables.proposals.require(id, in: execution, else: .stateDamaged)
        row.status = status
        ConstitutionTables.proposals.put(id, row, in: &execution)
        var head = try head(execution)
        head.proposals.removeAll { $0 == id }
        ConstitutionTables.head.put("current", head, in: &execution)
        execution.emit(ProposalClosed(proposal: id, status: status, reason: reason?.code))
    }

    /// Carries an accepted proposal out and drops all others, which were written against the old text.
    ///
    /// A proposal that has become impossible since (a key it opens was enrolled elsewhere) is dropped instead: a vote
    /// that fails for ever would leave it open for ever.
    static func accept(_ id: String, _ row: ProposalRow, _ execution: inout Execution) throws(Reason) {
        let before = try ConstitutionDraft(of: execution)
        if let obstacle = obstacle(to: row.changes, on: before, execution) {
            return try close(id, as: .dropped, reason: obstacle, &execution)
        }
        try close(id, as: .accepted, &execution)
        var head = try head(execution)
        let others = head.proposals
        head.version = try head.version.adding(1)
        let after = try enact(row.changes, on: before, version: head.version, &execution)
        head.groups = after.groups
        head.parties = after.parties.map(\.party.id)
        ConstitutionTables.head.put("current", head, in: &execution)
        for other in others { try close(other, as: .dropped, &execution) }
    }

    private static func obstacle(
        to changes: [ConstitutionChange], on before: ConstitutionDraft, _ execution: borrowing Execution
    ) -> Reason? {
        var draft = before
        do throws(Reason) {
            for change in changes { try draft.apply(change, execution) }
            try draft.finish(execution)
            return nil
        } catch {
            return error
        }
    }

    /// Writes changes that hold together, each with its events, and returns the constitution with them.
    static func enact(
        _ changes: [ConstitutionChange], on before: ConstitutionDraft, version: Int64, _ execution: inout Execution
    ) throws(Reason) -> ConstitutionDraft {
        var draft = before
        for change in changes {
            let old = draft
            try draft.apply(change, execution)
            let detail = try carryOut(change, from: old, version: version, &execution)
            execution.emit(ConstitutionChanged(detail, version: version))
        }
        for row in before.parties where draft.row(of: row.party.id) == nil {
            ConstitutionTables.parties.remove(row.party.id, in: &execution)
        }
        for row in draft.parties { ConstitutionTables.parties.put(row.party.id, row, in: &execution) }
        if let network = try draft.network(execution) { LedgerTables.network.put("current", network, in: &execution) }
        return draft
    }

    private static func carryOut(
        _ change: ConstitutionChange, from old: ConstitutionDraft, version: Int64, _ execution: inout Execution
    ) throws(Reason) -> ChangeDetail {
        switch change {
        case .setParameter(let setting):
            let row = ParameterRow(source: setting.source, value: setting.value, version: version)
            ConstitutionTables.parameters.put(setting.name, row, in: &execution)
            return .parameter(setting)
        case .admitParty(let party): return .admitted(party)
        case .changeParty(let party): return .changed(party)
        case .removeParty(let id):
            for entry in old.row(of: id)?.staff ?? [] { try execution.closeKey(entry.key) }
            return .removed(party: id)
        case .openStaff(let staff):
            let row = try execution.openKey(staff.key, party: staff.party, roles: staff.roles)
            let entry = StaffEntry(
                key: Base64.url.encode(staff.key.keyID.bytes), roles: row.roles, title: staff.title)
            return .opened(account: row.account, party: staff.party, staff: entry)
        case .closeStaff(let key):
            try execution.closeKey(key)
            return .closed(key: key)
        case .setQuorum(let groups): return .quorum(groups)
        }
    }
}
