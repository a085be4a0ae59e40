package import ContractKit
import Primitives

/// How other modules and pages read rule values.
package enum Parameters {
    /// The integer in force: the constitution's, or the definition's default.
    ///
    /// A stored value that the definition no longer allows is brought to the nearest end of its range.
    package static func integer<Source: StateReading & ~Copyable>(
        _ definition: ParameterDefinition, in state: borrowing Source
    ) throws(Reason) -> Int64 {
        if case .integer(let number)? = try ConstitutionTables.parameters.find(definition.name, in: state)?.value {
            return min(max(number, definition.range.lowerBound), definition.range.upperBound)
        }
        guard case .integer(let number) = definition.default else { throw Reason.stateDamaged }
        return number
    }

    /// The text in force: the constitution's, or the definition's default where there is none that it allows.
    package static func text<Source: StateReading & ~Copyable>(
        _ definition: ParameterDefinition, in state: borrowing Source
    ) throws(Reason) -> String {
        let stored = try ConstitutionTables.parameters.find(definition.name, in: state)?.value
        if let stored, definition.accepts(stored), case .text(let text) = stored { return text }
        guard case .text(let text) = definition.default else { throw Reason.stateDamaged }
        return text
    }

    /// Version of the constitution in force; 0 before the founding.
    package static func version<Source: StateReading & ~Copyable>(in state: borrowing Source) throws(Reason) -> Int64 {
        try ConstitutionTables.head.find("current", in: state)?.version ?? 0
    }
}

/// How other modules and pages read the parties.
package enum Parties {
    /// The party with this id and its staff, or nil.
    package static func find<Source: StateReading & ~Copyable>(
        _ id: String, in state: borrowing Source
    ) throws(Reason) -> PartyRow? {
        try ConstitutionTables.parties.find(id, in: state)
    }

    /// All parties in the order of admission; none before the founding.
    package static func all<Source: StateReading & ~Copyable>(in state: borrowing Source) throws(Reason) -> [PartyRow] {
        guard let head = try ConstitutionTables.head.find("current", in: state) else { return [] }
        var rows: [PartyRow] = []
        for id in head.parties {
            rows.append(try ConstitutionTables.parties.require(id, in: state, else: .stateDamaged))
        }
        return rows
    }

    /// How many of the cosigning parties must have cosigned a checkpoint before it is final: more than the share that
    /// the parameters `constitution.quorum.*` name, so that two quorums always share a party. 0 when nobody cosigns.
    ///
    /// It is the rule where the constitution sets no groups; `LedgerTables.network` has the groups in force.
    package static func quorum<Source: StateReading & ~Copyable>(in state: borrowing Source) throws(Reason) -> Int {
        let cosigners = try all(in: state).count { $0.party.cosigner != nil }
        let numerator = try Parameters.integer(ConstitutionParameters.quorumNumerator, in: state)
        let denominator = try Parameters.integer(ConstitutionParameters.quorumDenominator, in: state)
        return Share.least(of: cosigners, numerator, denominator)
    }
}

/// Shares of a small count.
enum Share {
    /// Whether `count` is strictly more than `numerator`/`denominator` of `total` (过半数 and its like).
    static func exceeds(_ count: Int, of total: Int, _ numerator: Int64, _ denominator: Int64) -> Bool {
        // Counts are at most 64 and both terms at most 1,000: no overflow.
        Int64(count) * denominator > Int64(total) * numerator
    }

    /// The smallest count that is strictly more than the share of `total`, at most all of them.
    static func least(of total: Int, _ numerator: Int64, _ denominator: Int64) -> Int {
        var needed = min(1, total)
        while needed < total, !exceeds(needed, of: total, numerator, denominator) { needed += 1 }
        return needed
    }

    /// Whether two groups, each larger than this share, must have a member in common, and the whole always is larger.
    static func isSafe(_ numerator: Int64, _ denominator: Int64) -> Bool {
        numerator < denominator && 2 * numerator >= denominator
    }
}
