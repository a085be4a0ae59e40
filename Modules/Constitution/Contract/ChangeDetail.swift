package import ContractKit
package import Primitives

/// What the event `constitution.changed` says: a change as it was carried out.
///
/// The member `change` holds the kind, as in `ConstitutionChange`.
package enum ChangeDetail: Record, Hashable {
    /// A parameter has a value.
    case parameter(ParameterSetting)
    /// A party was admitted.
    case admitted(PartyDescription)
    /// A party was removed; `ledger.keyClosed` events for its staff stand before.
    case removed(party: String)
    /// A party's description was replaced.
    case changed(PartyDescription)
    /// A staff account was opened; `ledger.keyOpened` stands before.
    case opened(account: String, party: String, staff: StaffEntry)
    /// A staff key was closed.
    case closed(key: String)
    /// The groups that must agree were set; none: the rule without groups.
    case quorum([NetworkRow.Group])

    private enum Kind: String {
        case setParameter, admitParty, removeParty, changeParty, openStaff, closeStaff, setQuorum
    }

    /// Reads the detail.
    package init(_ fields: inout Fields) throws(Reason) {
        switch try fields.word("change", as: Kind.self) {
        case .setParameter: self = .parameter(try fields.record("setting"))
        case .admitParty: self = .admitted(try fields.record("party"))
        case .removeParty: self = .removed(party: try fields.identifier("party"))
        case .changeParty: self = .changed(try fields.record("party"))
        case .openStaff:
            self = .opened(
                account: try fields.identifier("account"), party: try fields.identifier("party"),
                staff: try fields.record("staff"))
        case .closeStaff: self = .closed(key: try fields.keyID("key"))
        case .setQuorum:
            self = .quorum(try fields.list("groups", count: 0...ConstitutionLimits.groups, NetworkRow.Group.init))
        }
    }

    /// Writes the detail.
    package func write(to fields: inout JSONWriter) {
        switch self {
        case .parameter(let setting):
            fields.field("change", literal: "setParameter")
            fields.field("setting", object: { setting.write(to: &$0) })
        case .admitted(let party):
            fields.field("change", literal: "admitParty")
            fields.field("party", object: { party.write(to: &$0) })
        case .removed(let party):
            fields.field("change", literal: "removeParty")
            fields.field("party", party)
        case .changed(let party):
            fields.field("change", literal: "changeParty")
            fields.field("party", object: { party.write(to: &$0) })
        case .opened(let account, let party, let staff):
            fields.field("account", account)
            fields.field("change", literal: "openStaff")
            fields.field("party", party)
            fields.field("staff", object: { staff.write(to: &$0) })
        case .closed(let key):
            fields.field("change", literal: "closeStaff")
            fields.field("key", key)
        case .quorum(let groups):
            fields.field("change", literal: "setQuorum")
            fields.field("groups", array: groups) { writer, group in writer.object { group.write(to: &$0) } }
        }
    }
}
