import HTTPTypes
import LedgerCore
import MerkleLog
import PageKit
import Primitives
import Storage

extension LedgerPages {
    /// Records of one block on one page.
    private static let recordsPerPage = 100

    /// The blocks up to a height, newest first.
    func blocks(upTo top: UInt64, _ language: Language) throws -> Page {
        let newest = node.hub.latest?.height ?? 0
        let rows = try node.store.blocks(upTo: min(top, newest), count: Self.rows)
        let blocks: [[String: Any]] = try rows.map { row in
            let seal = try node.seal(of: row)
            return [
                "path": "/ledger/blocks/\(row.height)", "height": Formats.count(Int64(clamping: row.height)),
                "moment": renderer.time.context(row.time.milliseconds, language),
                "entries": Formats.count(Int64(clamping: seal?.entryCount ?? 0)), "proposer": seal?.proposer ?? "",
                "pill": finalPill(language),
            ]
        }
        var context: [String: Any] = ["figures": figures(language), "blocks": blocks, "onBlocks": true]
        if let first = rows.first, let last = rows.last, first.height < newest || last.height > 0 {
            var pagination: [String: Any] = [
                "position": "\(first.height)–\(last.height) / \(newest + 1)"
            ]
            if first.height < newest {
                pagination["previous"] = "/ledger?upTo=\(min(newest, first.height + UInt64(Self.rows)))"
            }
            if last.height > 0 { pagination["next"] = "/ledger?upTo=\(last.height - 1)" }
            context["pagination"] = pagination
        }
        return Page(
            title: text("page.explorer.title", language), templateName: "explorer-blocks", context: context)
    }

    /// One block with its records, from the record number `from` of the block on.
    func block(_ height: UInt64, from: UInt64, _ language: Language) throws -> Page {
        guard let row = try node.block(at: height), let seal = try node.seal(of: row)
        else { throw Problem(.notFound, code: "block.unknown") }
        let entries = seal.entryCount + 1
        let first = min(from, entries - 1)
        let count = min(Self.recordsPerPage, Int(clamping: entries - first))
        let leaves = try node.store.leaves(from: seal.firstEntry + first, count: count)
        let records = leaves.enumerated().compactMap { place, bytes in
            LedgerRecord(bytes, index: seal.firstEntry + first + UInt64(place))
        }
        let shown = Formats.count(Int64(clamping: height))
        var context: [String: Any] = [
            "height": shown, "pill": finalPill(language), "facts": facts(of: seal, row, language),
            "records": records.map { line($0, language) }, "raw": String(decoding: seal.bytes, as: UTF8.self),
        ]
        if entries > UInt64(Self.recordsPerPage) {
            let step = UInt64(Self.recordsPerPage)
            var pagination: [String: Any] = ["position": "\(first + 1)–\(first + UInt64(count)) / \(entries)"]
            if first > 0 { pagination["previous"] = "/ledger/blocks/\(height)?from=\(first < step ? 0 : first - step)" }
            if first + step < entries { pagination["next"] = "/ledger/blocks/\(height)?from=\(first + step)" }
            context["pagination"] = pagination
        }
        return Page(
            title: text("page.explorer.blockNumber", language, ["height": shown]), templateName: "explorer-block",
            context: context)
    }

    private func line(_ record: LedgerRecord, _ language: Language) -> [String: Any] {
        var line: [String: Any] = ["index": Formats.count(Int64(clamping: record.index)), "kind": record.kind]
        switch record.leaf {
        case .transaction(_, let outcome, _):
            line["pill"] = pill(outcome, language)
            if let id = record.transactionID { line["path"] = "/ledger/transactions/\(id.hex)" }
        case .due: line["pill"] = ["kind": "plain", "label": text("page.explorer.due", language)]
        case .seal:
            line["kind"] = text("page.explorer.seal", language)
            line["path"] = "/api/v1/leaves/\(record.index)"
        }
        return line
    }

    private func facts(of seal: Seal, _ row: LedgerStore.BlockRow, _ language: Language) -> [[String: Any]] {
        // Parties cosign one checkpoint for several blocks: the first at or after this one speaks for it.
        let signed = try? node.store.signedBlock(from: row.height).flatMap {
            try? SignedCheckpoint(parsing: $0.checkpoint)
        }
        let cosigners = witnesses.filter { witness in
            guard let head = signed ?? nil, case .valid = head.note.status(of: witness.key, using: CryptoEd25519.self)
            else { return false }
            return true
        }
        return [
            [
                "name": text("page.fact.time", language),
                "value": renderer.time.moment(seal.time.milliseconds, language),
                "datetime": renderer.time.machine(seal.time.milliseconds),
            ],
            ["name": text("page.fact.proposer", language), "value": seal.proposer],
            [
                "name": text("page.fact.cosigners", language),
                "value": cosigners.map { String(decoding: $0.name.bytes, as: UTF8.self) }.joined(separator: ", "),
            ],
            ["name": text("page.fact.size", language), "value": Formats.count(Int64(clamping: row.size))],
            ["name": text("page.fact.state", language), "code": seal.state.hex, "value": ""],
            ["name": text("page.fact.previous", language), "code": seal.previous.hex, "value": ""],
            ["name": text("page.explorer.root", language), "code": row.head?.root.hex ?? "", "value": ""],
        ]
    }
}
