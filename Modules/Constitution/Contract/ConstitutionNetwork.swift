import ContractKit
import Primitives

/// Who keeps the ledger together, and when they have agreed.
extension ConstitutionDraft {
    /// What the core shall know of the parties' nodes; nil while one party keeps the ledger alone and always has.
    ///
    /// Once there is a row it is kept for ever: a node that has learnt to wait for others never stops waiting because a
    /// row went missing.
    func network(_ execution: borrowing Execution) throws(Reason) -> NetworkRow? {
        var members: [NetworkRow.Member] = []
        for row in parties {
            guard let cosigner = row.party.cosigner else { continue }
            members.append(
                NetworkRow.Member(party: row.party.id, cosigner: cosigner, observes: row.party.observes))
        }
        let isShared = members.count > 1 || LedgerTables.network.contains("current", in: execution)
        guard members.contains(where: { !$0.observes }) || members.isEmpty && !isShared
        else { throw ConstitutionReason.nobodyOrders }
        guard isShared || !groups.isEmpty else { return nil }
        for member in members {
            // A node signs in the name of its party on its ledger; under another name it would never be counted.
            guard VerifierKeyText.name(of: member.cosigner) == "\(execution.ledger)/\(member.party)"
            else { throw ConstitutionReason.cosignerName.at(member.party) }
        }
        let network = NetworkRow(
            members: members, groups: groups.isEmpty ? [try groupOfAll(members, execution)] : groups)
        try checkGroups(of: network)
        return isShared ? network : nil
    }

    /// The rule where no groups are set: more than the share `constitution.quorum.*` of all parties that cosign.
    private func groupOfAll(
        _ members: [NetworkRow.Member], _ execution: borrowing Execution
    ) throws(Reason) -> NetworkRow.Group {
        let share = try quorumShare(execution)
        return NetworkRow.Group(
            name: NetworkRow.groupOfAll,
            needed: Int64(Share.least(of: members.count, share.numerator, share.denominator)),
            members: members.map(\.party))
    }

    private func checkGroups(of network: NetworkRow) throws(Reason) {
        // A policy file has one space of names for witnesses and groups (C2SP tlog-policy).
        var names = NetworkRow.reservedNames + network.members.map(\.party)
        if let member = network.members.first(where: { NetworkRow.reservedNames.contains($0.party) }) {
            throw ConstitutionReason.groupName.at(member.party)
        }
        var counted: [String] = []
        for group in network.groups {
            guard !names.contains(group.name) else { throw ConstitutionReason.groupName.at(group.name) }
            names.append(group.name)
            guard group.needed <= group.members.count else { throw ConstitutionReason.quorumSize.at(group.name) }
            for party in group.members {
                guard !counted.contains(party) else { throw ConstitutionReason.groupTwice.at(party) }
                counted.append(party)
                try checkMember(party)
            }
        }
        guard network.quorumsIntersect else { throw ConstitutionReason.quorumApart.at("groups") }
    }

    private func checkMember(_ party: String) throws(Reason) {
        if row(of: party)?.party.cosigner != nil { return }
        // Groups that were written before the change are not at fault: the change takes a member away from them.
        guard setsGroups else { throw ConstitutionReason.partyInGroup.at(party) }
        guard row(of: party) == nil else { throw ConstitutionReason.cosignerMissing.at(party) }
        throw ConstitutionReason.partyUnknown.at(party)
    }
}
