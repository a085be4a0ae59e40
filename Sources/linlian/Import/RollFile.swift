import ContractKit
import Foundation
import LedgerCore
import NodeRuntime
import PageKit
import Primitives
import RegistryContract
import SwiftCSV

/// A roll of units read from CSV, with everything that is wrong in it, row by row.
struct RollFile {
    /// One wrong place.
    struct Fault {
        let row: Int
        let column: String
        let what: String

        var line: String { "row \(row), \(column): \(what)" }
    }

    /// The rows, in the file's order.
    private(set) var rows: [ImportedUnit] = []
    /// What is wrong; nothing is imported unless this is empty.
    private(set) var faults: [Fault] = []

    private static let columns = ["unit", "building", "area", "area_source", "owner", "label", "holder"]
    private static let needed = ["unit", "building", "area", "area_source"]
    /// Largest file in bytes.
    private static let largest = 200 << 20

    /// Reads and checks a file. `salt` makes pseudonyms that nobody outside can try names against.
    init(path: String, salt: [UInt8]) throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw Complaint("\(path) cannot be read") }
        guard data.count <= RollFile.largest else { throw Complaint("\(path) is larger than 200 MB") }
        guard var text = String(data: data, encoding: .utf8) else { throw Complaint("\(path) is not UTF-8") }
        if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
        let table: CSV<Enumerated>
        do {
            table = try CSV<Enumerated>(string: text)
        } catch {
            throw Complaint("\(path) is not CSV: \(error)")
        }
        let header = table.header.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        for name in RollFile.needed where !header.contains(name) {
            throw Complaint(
                "\(path): the column \(name) is missing; there must be \(RollFile.columns.joined(separator: ", "))")
        }
        let positions = Dictionary(header.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var seen: [String: Int] = [:]
        rows.reserveCapacity(table.rows.count)
        for (at, cells) in table.rows.enumerated() {
            read(cells, row: at + 2, positions, salt, &seen)
        }
    }

    /// The rows as the desk's import takes them: pseudonyms instead of owners.
    var csv: [UInt8] {
        let rows = rows.map { row in
            [
                row.unit, row.entry.building, CSVText.hundredths(row.entry.area.hundredths),
                row.entry.areaSource.rawValue, row.entry.owner ?? "", row.entry.label ?? "",
                row.entry.owner == nil ? "developer" : "owner",
            ]
        }
        return ([RollFile.columns] + rows).flatMap(CSVText.line)
    }

    private mutating func read(
        _ cells: [String], row: Int, _ positions: [String: Int], _ salt: [UInt8], _ seen: inout [String: Int]
    ) {
        func cell(_ name: String) -> String {
            guard let at = positions[name], at < cells.count else { return "" }
            return cells[at].trimmingCharacters(in: .whitespaces)
        }
        var wrong: [Fault] = []
        func fault(_ column: String, _ what: String) { wrong.append(Fault(row: row, column: column, what: what)) }

        let unit = cell("unit")
        if !Fields.isIdentifier(unit) { fault("unit", "\"\(unit)\" must be 1–64 letters, digits, . _ : -") }
        if let first = seen.updateValue(row, forKey: unit) {
            fault("unit", "\"\(unit)\" stands in row \(first) already")
        }
        let building = cell("building")
        if !Fields.isIdentifier(building) { fault("building", "\"\(building)\" must be 1–64 letters, digits, . _ : -") }
        for (column, text) in [("unit", unit), ("building", building), ("label", cell("label"))]
        where PersonalDataScreen.find(in: Array(text.utf8)) != nil {
            fault(column, "looks like a telephone, identity or card number; write it differently")
        }
        let area = Area(squareMetres: cell("area"))
        if area == nil || area?.hundredths == 0 {
            fault("area", "\"\(cell("area"))\" must be square metres, such as 89.50")
        }
        let source = AreaSource(rawValue: cell("area_source"))
        if source == nil { fault("area_source", "\"\(cell("area_source"))\" must be registry, survey or contract") }
        let isDeveloper = cell("holder") == "developer"
        if !["", "owner", "developer"].contains(cell("holder")) { fault("holder", "must be owner or developer") }
        let owner = cell("owner")
        if !isDeveloper, owner.isEmpty { fault("owner", "is empty; give the owner, or write developer under holder") }
        if isDeveloper, !owner.isEmpty { fault("owner", "must be empty for a unit that the developer holds") }

        guard wrong.isEmpty, let area, let source else {
            faults.append(contentsOf: wrong)
            return
        }
        let label = cell("label")
        rows.append(
            ImportedUnit(
                unit: unit,
                entry: UnitEntry(
                    area: area, areaSource: source, building: building,
                    owner: isDeveloper ? nil : Pseudonym.owner(owner, salt: salt), label: label.isEmpty ? nil : label)))
    }
}

/// Pseudonyms of owners: the same person gets the same one, and without the salt nobody can try names.
enum Pseudonym {
    /// `o` and 20 hex digits of SHA-256(0x02 ‖ salt ‖ name) (`ledger.md`, Personal data). One in about a thousand
    /// happens to hold a telephone number for the gate's screen: then the digest's digest is used.
    static func owner(_ name: String, salt: [UInt8]) -> String {
        var digest = CryptoSHA256.hash([2] + salt + Array(name.utf8))
        while true {
            let pseudonym = "o" + digest.hex.prefix(20)
            if PersonalDataScreen.find(in: Array(pseudonym.utf8)) == nil { return pseudonym }
            digest = CryptoSHA256.hash(digest.bytes)
        }
    }
}

/// The salt of a node's pseudonyms, kept beside its keys.
enum RollSalt {
    static func read(_ directory: NodeDirectory) throws -> [UInt8] {
        let path = directory.file("keys/roll.salt")
        if let data = FileManager.default.contents(atPath: path) {
            let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard let salt = Hex.decode(text), salt.count == 32 else {
                throw Complaint("\(path) is damaged; restore it from a backup")
            }
            return salt
        }
        let salt = Randomness.bytes(32)
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data((Hex.encode(salt) + "\n").utf8), attributes: [.posixPermissions: 0o600])
        else { throw Complaint("\(path) could not be written") }
        return salt
    }
}
