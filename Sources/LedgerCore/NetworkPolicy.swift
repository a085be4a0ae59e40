package import ContractKit
package import MerkleLog

extension WitnessPolicy {
    /// The policy of a ledger that several parties keep: who must have cosigned a checkpoint before it is final.
    ///
    /// Every member is a witness under the party's id; each group stands under its name, and where there are several,
    /// the group `all` needs every one of them. The constitution's rules admit no row that this refuses.
    /// - Parameters:
    ///   - log: verifier key of the log.
    ///   - network: the row `ledger/network/current`.
    /// - Throws: `PolicyError`, if the row could not have come from the constitution.
    package init(log: VerifierKey, network: NetworkRow) throws(PolicyError) {
        self.init()
        try addLog(log)
        for member in network.members {
            let key: VerifierKey
            do {
                key = try VerifierKey(parsing: Array(member.cosigner.utf8), using: CryptoSHA256.self)
            } catch {
                throw .badKey(line: 0, error)
            }
            try addWitness(try Self.name(member.party), key)
        }
        var names: [PolicyName] = []
        for group in network.groups {
            let name = try Self.name(group.name)
            var members: [PolicyName] = []
            for party in group.members { members.append(try Self.name(party)) }
            try addGroup(name, .count(Int(clamping: group.needed)), of: members)
            names.append(name)
        }
        if names.count > 1 {
            let all = try Self.name(NetworkRow.groupOfGroups)
            try addGroup(all, .all, of: names)
            names = [all]
        }
        guard let quorum = names.first else { throw .noQuorum }
        try setQuorum(quorum)
        guard quorumsIntersect() else { throw .badThreshold(quorum) }
    }

    /// The name of a party or a group: identifiers always are names.
    private static func name(_ text: String) throws(PolicyError) -> PolicyName {
        guard let name = PolicyName(text) else { throw .malformedLine(0) }
        return name
    }
}
