import ContractKit
import HTTPTypes
import LedgerCore
import MerkleLog
import PageKit
import Primitives
import Storage

extension LedgerPages {
    /// The transactions before an ordinal, newest first.
    func transactions(before: Int, _ language: Language) throws -> Page {
        let total = node.transactions.count
        let page = node.transactions.page(before: before, count: Self.rows)
        let records = try page.compactMap { entry -> [String: Any]? in
            guard let bytes = try node.store.leaf(entry.leaf), let record = LedgerRecord(bytes, index: entry.leaf),
                let outcome = record.outcome, let block = try node.store.block(holding: entry.leaf)
            else { return nil }
            let id = entry.id.hex
            return [
                "path": "/ledger/transactions/\(id)", "short": Formats.short(id), "digest": id, "kind": record.kind,
                "actor": record.actor ?? "", "moment": renderer.time.context(block.time.milliseconds, language),
                "pill": pill(outcome, language),
            ]
        }
        var context: [String: Any] = ["records": records, "onTransactions": true]
        if let newest = page.first?.ordinal, let oldest = page.last?.ordinal, newest + 1 < total || oldest > 0 {
            var pagination: [String: Any] = ["position": "\(newest + 1)–\(oldest + 1) / \(total)"]
            if newest + 1 < total {
                pagination["previous"] = "/ledger/transactions?before=\(min(total, newest + 1 + Self.rows))"
            }
            if oldest > 0 { pagination["next"] = "/ledger/transactions?before=\(oldest)" }
            context["pagination"] = pagination
        }
        return Page(
            title: text("page.explorer.transactions", language), templateName: "explorer-transactions",
            context: context)
    }

    /// One transaction: what was signed, what became of it, and the proof that it is on the ledger.
    func transaction(_ id: Digest, _ language: Language) throws -> Page {
        guard let index = node.transactions.leaf(of: id), let latest = node.hub.latest, index < latest.size,
            let bytes = try node.store.leaf(index), let record = LedgerRecord(bytes, index: index),
            case .transaction(let signed, let outcome, let events) = record.leaf,
            let block = try node.store.block(holding: index),
            let receipt = try receipts.receipt(of: id, checkpoint: latest.checkpoint)
        else { throw missing(id) }
        var context: [String: Any] = [
            "kind": record.kind, "pill": pill(outcome, language),
            "facts": facts(of: record, id, signed, block, language),
            "receiptPath": "/api/v1/receipts/\(id.hex)", "fields": fields(record.payload?.root.member("body")),
            "proof": proof(receipt, language), "raw": String(decoding: bytes, as: UTF8.self),
        ]
        if let refusal = TransactionJSON(catalog: renderer.catalog, language: { language }).refusal(outcome) {
            context["refusal"] = ["message": refusal.message, "help": refusal.help, "code": refusal.code]
        }
        let effects = Self.effects(events)
        if !effects.isEmpty { context["events"] = effects }
        return Page(title: record.kind, templateName: "explorer-transaction", context: context)
    }

    /// Why there is no page about transaction `id`: it waits for the other parties, or nobody has handed it in.
    private func missing(_ id: Digest) -> Problem {
        if node.status(isFinal: id) { return Problem(.notFound, code: "transaction.unknown") }
        let isOrdered = node.transactions.leaf(of: id) != nil
        return Problem(.accepted, code: isOrdered ? "receipt.notFinal" : "node.waiting")
    }

    private func facts(
        of record: LedgerRecord, _ id: Digest, _ signed: TransactionText, _ block: LedgerStore.BlockRow,
        _ language: Language
    ) -> [[String: Any]] {
        let validUntil = record.payload?.root.member("notAfter")?.integer ?? 0
        var facts: [[String: Any]] = [
            ["name": text("page.fact.id", language), "code": id.hex, "value": ""],
            ["name": text("page.fact.actor", language), "value": record.actor ?? ""],
            [
                "name": text("page.fact.block", language), "path": "/ledger/blocks/\(block.height)",
                "value": Formats.count(Int64(clamping: block.height)),
            ],
            [
                "name": text("page.fact.index", language), "path": "/api/v1/leaves/\(record.index)",
                "value": Formats.count(Int64(clamping: record.index)),
            ],
            [
                "name": text("page.fact.time", language),
                "value": renderer.time.moment(block.time.milliseconds, language),
                "datetime": renderer.time.machine(block.time.milliseconds),
            ],
            [
                "name": text("page.fact.validUntil", language), "value": renderer.time.moment(validUntil, language),
                "datetime": renderer.time.machine(validUntil),
            ],
        ]
        for line in signed.signatures {
            facts.append([
                "name": "\(text("page.fact.key", language)) (\(line.algorithm.rawValue))",
                "code": line.keyID.withBytes { Base64.url.encode($0) }, "value": "",
            ])
        }
        facts.append([
            "name": text("ledger.fact.envelope", language), "path": "/api/v1/transactions/\(id.hex)/envelope",
            "value": text("ledger.fact.envelopeLink", language),
        ])
        return facts
    }

    /// The signed fields, nested ones under their path.
    private func fields(_ body: JSONValue?) -> [[String: Any]] {
        guard let body else { return [] }
        return body.members.map { name, value in
            ["name": name, "value": value.string ?? String(decoding: value.text, as: UTF8.self)]
        }
    }

    private static func effects(_ events: [UInt8]) -> [[String: Any]] {
        guard let document = try? JSONDocument(events) else { return [] }
        return document.root.elements.map { event in
            let lines = event.members.filter { $0.key != "event" }.map { name, value in
                "\(name): \(value.string ?? String(decoding: value.text, as: UTF8.self))"
            }
            return ["name": event.member("event")?.string ?? "", "text": lines.joined(separator: "\n")]
        }
    }

    private func proof(_ receipt: TLogProof, _ language: Language) -> [String: Any] {
        let leaf = CryptoSHA256.leafHash(receipt.extra ?? [])
        let sides = InclusionSides.sides(index: receipt.index, size: receipt.checkpoint.checkpoint.size)
        let hashes: [[String: Any]] = zip(receipt.hashes, sides).enumerated().map { place, step in
            [
                "number": String(place + 1),
                "side": text(step.1 ? "page.explorer.left" : "page.explorer.right", language),
                "digest": step.0.hex,
            ]
        }
        var proof: [String: Any] = [
            "leaf": leaf.hex, "index": Formats.count(Int64(clamping: receipt.index)),
            "size": Formats.count(Int64(clamping: receipt.checkpoint.checkpoint.size)),
            "root": receipt.checkpoint.checkpoint.root.hex,
        ]
        if !hashes.isEmpty { proof["hashes"] = hashes }
        return proof
    }
}

/// On which side each hash of an inclusion proof stands (RFC 9162 section 2.1.3.2).
enum InclusionSides {
    /// True for left, from the leaf up.
    static func sides(index: UInt64, size: UInt64) -> [Bool] {
        guard index < size else { return [] }
        var sides: [Bool] = []
        var first = index
        var last = size - 1
        while last > 0 {
            if first & 1 == 1 || first == last {
                sides.append(true)
                while first & 1 == 0, first > 0 {
                    first >>= 1
                    last >>= 1
                }
            } else {
                sides.append(false)
            }
            first >>= 1
            last >>= 1
        }
        return sides
    }
}
