import ContractKit
import Foundation
import LedgerCore
import NodeRuntime
import Primitives
import RegistryContract

/// Puts a checked roll on the ledger, in transactions of a few hundred rows. Repeating it changes nothing.
struct RollImport {
    struct Outcome {
        var added = 0
        var changed = 0
        var unchanged = 0
    }

    let registrar: Signatory

    /// Rows in one transaction, and bytes of its body: payload and events must fit a leaf.
    private static let rows = 200
    private static let bytes = 22_000
    /// Transactions handed over together.
    private static let together = 8

    func run(_ roll: RollFile) async throws -> Outcome {
        var outcome = Outcome()
        var fresh: [ImportedUnit] = []
        for row in roll.rows {
            switch try OwnerRoll.unit(row.unit, in: registrar.node.state) {
            case nil:
                outcome.added += 1
                fresh.append(row)
            case .some(let known) where known.entry == row.entry: outcome.unchanged += 1
            case .some:
                outcome.changed += 1
                fresh.append(row)
            }
        }
        let progress = ProgressBar("units", total: fresh.count)
        var texts: [TransactionText] = []
        var rows = 0
        for batch in RollImport.batches(fresh) {
            texts.append(try registrar.text(ImportUnits(rows: batch)))
            rows += batch.count
            if texts.count == RollImport.together {
                try await submit(texts)
                progress.reach(rows)
                texts = []
            }
        }
        if !texts.isEmpty { try await submit(texts) }
        progress.finish()
        return outcome
    }

    private func submit(_ texts: [TransactionText]) async throws {
        for status in try await registrar.node.submit(texts) {
            if case .rejected(let code) = status.outcome { throw Reason(code, field: "registry.importUnits") }
        }
    }

    private static func batches(_ units: [ImportedUnit]) -> [[ImportedUnit]] {
        var batches: [[ImportedUnit]] = []
        var current: [ImportedUnit] = []
        var size = 0
        for unit in units {
            let length = unit.canonicalJSON.count
            if current.count == rows || size + length > bytes, !current.isEmpty {
                batches.append(current)
                current = []
                size = 0
            }
            current.append(unit)
            size += length
        }
        if !current.isEmpty { batches.append(current) }
        return batches
    }
}

/// Issues one enrolment code to every owner of a roll and writes them to a file for handing out.
struct CodeIssue {
    let registrar: Signatory

    /// Days for which a code may be used.
    private static let days: Int64 = 30

    func run(_ roll: RollFile, to path: String) async throws -> Int {
        var unitsByOwner: [String: [String]] = [:]
        var owners: [String] = []
        for row in roll.rows {
            guard let owner = row.entry.owner else { continue }
            if unitsByOwner[owner] == nil { owners.append(owner) }
            unitsByOwner[owner, default: []].append(row.unit)
        }
        let codes = try await issue(to: owners)
        var text = "code,owner,units\n"
        for (owner, code) in zip(owners, codes) {
            text += "\(code.grouped),\(owner),\(unitsByOwner[owner, default: []].joined(separator: " "))\n"
        }
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else { throw Complaint("--codes: \(path) could not be written") }
        return codes.count
    }

    /// Makes and issues a code for each owner.
    func issue(to owners: [String]) async throws -> [EnrolmentCode] {
        let expires = registrar.node.clock().advanced(byDays: CodeIssue.days)
        let progress = ProgressBar("codes", total: owners.count)
        var codes: [EnrolmentCode] = []
        for start in stride(from: 0, to: owners.count, by: 200) {
            let part = owners[start..<min(start + 200, owners.count)]
            let made = part.map { _ in EnrolmentCode.made() }
            try await registrar.act(
                IssueCodes(
                    codes: zip(part, made).map { IssuedCode(codeHash: $1.hash, expires: expires, owner: $0) }))
            codes.append(contentsOf: made)
            progress.reach(codes.count)
        }
        progress.finish()
        return codes
    }
}

extension EnrolmentCode {
    /// A new random code that does not look like a telephone or card number to the gate's screen.
    static func made() -> EnrolmentCode {
        while true {
            if let code = EnrolmentCode(random: Randomness.bytes(10)),
                PersonalDataScreen.find(in: Array(code.text.utf8)) == nil
            {
                return code
            }
        }
    }

    /// The code in four groups of four.
    var grouped: String {
        stride(from: 0, to: text.count, by: 4).map { start in
            String(text.dropFirst(start).prefix(4))
        }.joined(separator: "-")
    }
}
