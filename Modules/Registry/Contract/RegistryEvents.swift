package import ContractKit
package import Primitives

/// A unit came onto the roll.
package struct UnitAdded: Event {
    package static let name: StaticString = "registry.unitAdded"
    /// The unit's id.
    package let unit: String
    /// What the roll says, and the running number.
    package let row: UnitRow

    init(unit: String, row: UnitRow) {
        self.unit = unit
        self.row = row
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        row = try UnitRow(&fields)
        unit = try fields.identifier("unit")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        row.write(to: &fields)
        fields.field("unit", unit)
    }
}

/// What the roll says of a unit changed: a sale, a correction of its area, label or building.
package struct UnitChanged: Event {
    package static let name: StaticString = "registry.unitChanged"
    /// The unit's id.
    package let unit: String
    /// What the roll says now, and the running number.
    package let row: UnitRow

    init(unit: String, row: UnitRow) {
        self.unit = unit
        self.row = row
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        row = try UnitRow(&fields)
        unit = try fields.identifier("unit")
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        row.write(to: &fields)
        fields.field("unit", unit)
    }
}

/// A code that an owner got.
package struct CodeNotice: Record, Hashable {
    /// When it stops being good.
    package let expires: Instant
    /// The owner.
    package let owner: String

    init(expires: Instant, owner: String) {
        self.expires = expires
        self.owner = owner
    }

    /// Reads the notice.
    package init(_ fields: inout Fields) throws(Reason) {
        expires = try fields.instant("expires")
        owner = try fields.identifier("owner")
    }

    /// Writes the notice.
    package func write(to fields: inout JSONWriter) {
        fields.field("expires", expires.milliseconds)
        fields.field("owner", owner)
    }
}

/// Enrolment codes were issued; an earlier unused code of the same owner is void.
package struct CodesIssued: Event {
    package static let name: StaticString = "registry.codesIssued"
    /// Who got one.
    package let codes: [CodeNotice]

    init(codes: [CodeNotice]) { self.codes = codes }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        codes = try fields.list("codes", count: 1...RegistryLimits.codes, CodeNotice.init)
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("codes", array: codes) { writer, code in writer.object { code.write(to: &$0) } }
    }
}

/// An account and the owner it is bound to.
package struct AccountBinding: Record, Hashable {
    /// The account.
    package let account: String
    /// The owner.
    package let owner: String

    init(account: String, owner: String) {
        self.account = account
        self.owner = owner
    }

    /// Reads the binding.
    package init(_ fields: inout Fields) throws(Reason) {
        account = try fields.identifier("account")
        owner = try fields.identifier("owner")
    }

    /// Writes the binding.
    package func write(to fields: inout JSONWriter) {
        fields.field("account", account)
        fields.field("owner", owner)
    }
}

/// Somebody enrolled with an owner's code; `ledger.keyOpened` stands before.
package struct Enrolled: Event {
    package static let name: StaticString = "registry.enrolled"
    /// The account, new or the owner's old one, and the owner.
    package let binding: AccountBinding

    init(binding: AccountBinding) { self.binding = binding }
    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) { binding = try AccountBinding(&fields) }
    /// Writes the event.
    package func write(to fields: inout JSONWriter) { binding.write(to: &fields) }
}

/// Accounts were opened with the registrar's help; their `ledger.keyOpened` events stand before.
package struct AccountsOpened: Event {
    package static let name: StaticString = "registry.accountsOpened"
    /// Those of owners.
    package let bound: [AccountBinding]
    /// Number of keys that were opened, those of residents who own nothing included.
    package let count: Int64

    init(bound: [AccountBinding], count: Int64) {
        self.bound = bound
        self.count = count
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        bound = try fields.list("bound", count: 0...RegistryLimits.accounts, AccountBinding.init)
        count = try fields.integer("count", in: 1...Int64(RegistryLimits.accounts))
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("bound", array: bound) { writer, binding in writer.object { binding.write(to: &$0) } }
        fields.field("count", count)
    }
}
