package import Primitives

/// Who keeps the ledger together and when they have agreed: row `ledger/network/current`. A ledger that one party keeps
/// alone has none.
///
/// The constitution writes it; the ledger's core reads it, which knows no module. Nodes take batches and cosignatures
/// only from the members named here.
package struct NetworkRow: Record, Hashable {
    /// One party's node.
    package struct Member: Record, Hashable {
        /// The party.
        package var party: String
        /// Verifier key of its cosignatures (C2SP signed-note, type 0x04); the same key signs its batches.
        package var cosigner: String
        /// Whether it only watches: it verifies and cosigns, and its batches are ignored.
        package var observes: Bool

        /// A member.
        package init(party: String, cosigner: String, observes: Bool = false) {
            self.party = party
            self.cosigner = cosigner
            self.observes = observes
        }

        /// Reads the member.
        package init(_ fields: inout Fields) throws(Reason) {
            cosigner = try fields.string("cosigner", bytes: 1...512)
            observes = try fields.optionalBool("observes") ?? false
            party = try fields.identifier("party")
        }

        /// Writes the member.
        package func write(to fields: inout JSONWriter) {
            fields.field("cosigner", cosigner)
            if observes { fields.field("observes", true) }
            fields.field("party", party)
        }
    }

    /// Parties of which so many must have cosigned.
    package struct Group: Record, Hashable {
        /// Its name in the policy.
        package var name: String
        /// How many of its members are enough.
        package var needed: Int64
        /// Its parties; a party is in one group at most.
        package var members: [String]

        /// A group.
        package init(name: String, needed: Int64, members: [String]) {
            self.name = name
            self.needed = needed
            self.members = members
        }

        /// Reads the group.
        package init(_ fields: inout Fields) throws(Reason) {
            members = try fields.strings("members", count: 1...64, bytes: 1...64)
            name = try fields.identifier("name")
            needed = try fields.integer("needed", in: 1...64)
        }

        /// Writes the group.
        package func write(to fields: inout JSONWriter) {
            fields.field("members", array: members) { $0.string($1) }
            fields.field("name", name)
            fields.field("needed", needed)
        }
    }

    /// The groups, every one of which must be reached for a checkpoint to be final.
    package var groups: [Group]
    /// The parties with a node, in the order of admission.
    package var members: [Member]

    /// A network.
    package init(members: [Member], groups: [Group]) {
        self.members = members
        self.groups = groups
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        groups = try fields.list("groups", count: 1...16, Group.init)
        members = try fields.list("members", count: 1...64, Member.init)
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("groups", array: groups) { writer, group in writer.object { group.write(to: &$0) } }
        fields.field("members", array: members) { writer, member in writer.object { member.write(to: &$0) } }
    }

    /// The member of a party, or nil.
    package func member(_ party: String) -> Member? { members.first { $0.party == party } }

    /// Name of the one group, of all members, where the constitution sets no groups.
    package static let groupOfAll = "parties"
    /// Name of the group over several groups in the policy that is made of this row.
    package static let groupOfGroups = "all"
    /// Names that neither a member nor a group may have; `none` is everyone's word for nobody (C2SP tlog-policy).
    package static let reservedNames = [groupOfGroups, "none"]

    /// Whether any two quorums share a party, without which a ledger could part in two (`ledger.md`, Ordering).
    ///
    /// Exact, for a party is in one group at most and all groups must be reached: two quorums without a common party
    /// exist just when every group can be reached twice over by different members.
    package var quorumsIntersect: Bool {
        groups.contains { 2 * $0.needed > $0.members.count }
    }

    /// Whether these parties are enough. Repeated and unknown parties do not count.
    package func isQuorum(_ parties: some Collection<String>) -> Bool {
        groups.allSatisfy { group in
            Int64(group.members.count { parties.contains($0) }) >= group.needed
        }
    }
}

extension LedgerTables {
    /// One row, `current`.
    package static let network = Table<NetworkRow>("ledger", "network")
}
