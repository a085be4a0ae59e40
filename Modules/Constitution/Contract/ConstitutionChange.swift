package import ContractKit
package import Primitives

/// One change of the constitution.
///
/// In JSON the member `change` holds the kind, and beside it stands `setting` (a parameter), `party` (a description, or
/// for a removal the id), `staff` (a description), `key` (a keyid) or `groups` (lists of `name`, `needed`, `members`).
package enum ConstitutionChange: Record, Hashable {
    /// Gives a parameter a value.
    case setParameter(ParameterSetting)
    /// Adds a party.
    case admitParty(PartyDescription)
    /// Removes a party; its staff keys are closed.
    case removeParty(String)
    /// Replaces the description (name, kind, cosigner, node, observes) of the party with the same id.
    case changeParty(PartyDescription)
    /// Opens a staff account.
    case openStaff(StaffDescription)
    /// Closes a staff account's key, named by its keyid.
    case closeStaff(String)
    /// Says anew which parties must have cosigned: replaces all groups. None: the share `constitution.quorum.*` of all
    /// parties that cosign.
    case setQuorum([NetworkRow.Group])

    private enum Kind: String {
        case setParameter, admitParty, removeParty, changeParty, openStaff, closeStaff, setQuorum
    }

    /// Reads a change.
    package init(_ fields: inout Fields) throws(Reason) {
        switch try fields.word("change", as: Kind.self) {
        case .setParameter: self = .setParameter(try fields.record("setting"))
        case .admitParty: self = .admitParty(try fields.record("party"))
        case .removeParty: self = .removeParty(try fields.identifier("party"))
        case .changeParty: self = .changeParty(try fields.record("party"))
        case .openStaff: self = .openStaff(try fields.record("staff"))
        case .closeStaff: self = .closeStaff(try fields.keyID("key"))
        case .setQuorum:
            self = .setQuorum(
                try fields.list("groups", count: 0...ConstitutionLimits.groups, NetworkRow.Group.init))
        }
    }

    /// Writes the change.
    package func write(to fields: inout JSONWriter) {
        switch self {
        case .setParameter(let setting):
            fields.field("change", literal: "setParameter")
            fields.field("setting", object: { setting.write(to: &$0) })
        case .admitParty(let party):
            fields.field("change", literal: "admitParty")
            fields.field("party", object: { party.write(to: &$0) })
        case .removeParty(let id):
            fields.field("change", literal: "removeParty")
            fields.field("party", id)
        case .changeParty(let party):
            fields.field("change", literal: "changeParty")
            fields.field("party", object: { party.write(to: &$0) })
        case .openStaff(let staff):
            fields.field("change", literal: "openStaff")
            fields.field("staff", object: { staff.write(to: &$0) })
        case .closeStaff(let key):
            fields.field("change", literal: "closeStaff")
            fields.field("key", key)
        case .setQuorum(let groups):
            fields.field("change", literal: "setQuorum")
            fields.field("groups", array: groups) { writer, group in writer.object { group.write(to: &$0) } }
        }
    }
}
