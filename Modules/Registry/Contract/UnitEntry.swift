package import ContractKit
package import Primitives

/// Where a unit's exclusive area is taken from; the first that is available counts (Supreme Court interpretation on
/// condominium ownership): registry before survey before contract.
package enum AreaSource: String, Sendable, CaseIterable {
    /// Property registry 不动产登记.
    case registry
    /// Survey by a surveying body 测绘.
    case survey
    /// Purchase contract 买卖合同.
    case contract
}

/// What the roll says of a unit: the body's row, the event's and the state's common part.
package struct UnitEntry: Record, Hashable {
    /// Exclusive area 专有部分面积.
    package var area: Area
    /// Where the area is taken from.
    package var areaSource: AreaSource
    /// The building.
    package var building: String
    /// Pseudonym of the owner; nil while the developer holds the unit.
    package var owner: String?
    /// How people call the unit, at most 64 bytes; nil where the id is enough.
    package var label: String?

    /// An entry of the roll.
    package init(area: Area, areaSource: AreaSource, building: String, owner: String?, label: String? = nil) {
        self.area = area
        self.areaSource = areaSource
        self.building = building
        self.owner = owner
        self.label = label
    }

    /// Reads an entry; a unit without an owner says `developer: true`, so that a forgotten owner is no sale.
    package init(_ fields: inout Fields) throws(Reason) {
        area = Area(hundredths: try fields.integer("area", in: RegistryLimits.area))
        areaSource = try fields.word("areaSource")
        building = try fields.identifier("building")
        let developer = try fields.optionalBool("developer") ?? false
        label = try fields.optionalText("label", bytes: 1...64)
        owner = try fields.optionalIdentifier("owner")
        if developer == (owner != nil) { throw RegistryReason.holder.at(fields.path(of: "owner")) }
    }

    /// Writes the entry.
    package func write(to fields: inout JSONWriter) {
        fields.field("area", area.hundredths)
        fields.field("areaSource", areaSource.rawValue)
        fields.field("building", building)
        if owner == nil { fields.field("developer", true) }
        if let label { fields.field("label", label) }
        if let owner { fields.field("owner", owner) }
    }
}
