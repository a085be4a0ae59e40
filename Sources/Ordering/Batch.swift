package import Primitives

/// A batch of signed transactions as one party's node puts it up for ordering.
///
/// Between nodes it travels as text: six lines, the Ed25519 signature of those lines by the key of the party's
/// cosignatures, and the transactions, each after its length. The first line keeps the signature apart from every other
/// use of the key.
/// ```
/// linlian/batch/v1
/// <origin>
/// <party>
/// <clock, ms since 1970 UTC>
/// <number of transactions>
/// <SHA-256 of the transactions with their lengths, hex>
/// <signature, base64url>
/// <length>
/// <transaction>…
/// ```
package struct Batch: Sendable {
    /// The party whose node made it.
    package let proposer: String
    /// That node's clock.
    package let clock: Instant
    /// Signed texts, in order.
    package let transactions: [[UInt8]]
    /// Lets the proposing node recognise its own batch, so that it need not check the signatures twice. Means nothing
    /// to other nodes.
    package let localToken: UInt64
    /// The text that travels; empty where one process orders alone.
    package let text: [UInt8]

    /// A batch that stays in this process.
    package init(proposer: String, clock: Instant, transactions: [[UInt8]], localToken: UInt64) {
        self.proposer = proposer
        self.clock = clock
        self.transactions = transactions
        self.localToken = localToken
        text = []
    }

    /// A signed batch that is to travel; `sign` signs its first six lines.
    package init<H: SHA256Function>(
        origin: String, proposer: String, clock: Instant, transactions: [[UInt8]], localToken: UInt64,
        using hash: H.Type, sign: (_ lines: [UInt8]) throws -> [UInt8]
    ) rethrows {
        self.proposer = proposer
        self.clock = clock
        self.transactions = transactions
        self.localToken = localToken
        var payload: [UInt8] = []
        payload.reserveCapacity(transactions.reduce(0) { $0 + $1.count + 8 })
        for transaction in transactions {
            ASCIIDecimal.append(UInt64(transaction.count), to: &payload)
            payload.append(UInt8(ascii: "\n"))
            payload.append(contentsOf: transaction)
        }
        let lines = Batch.lines(origin, proposer, clock, transactions.count, H.hash(payload))
        text = lines + Base64.url.encodeBytes(try sign(lines)) + [UInt8(ascii: "\n")] + payload
    }

    /// Most bytes of a batch's text.
    package static let largestText = 3 << 20
    /// Most transactions of a batch.
    package static let mostTransactions = 2_000

    static let firstLine = "linlian/batch/v1"

    static func lines(
        _ origin: String, _ proposer: String, _ clock: Instant, _ count: Int, _ payload: Digest
    ) -> [UInt8] {
        Array("\(firstLine)\n\(origin)\n\(proposer)\n\(clock.milliseconds)\n\(count)\n\(payload.hex)\n".utf8)
    }
}

/// A batch's text taken apart; its signature is still to be checked.
package struct ReceivedBatch: Sendable {
    /// The batch.
    package let batch: Batch
    /// What was signed.
    package let lines: [UInt8]
    /// The signature, 64 bytes.
    package let signature: [UInt8]

    /// Reads a batch's text; nil if it is not one of the ledger `origin`, or its transactions are not those it names.
    package init?<H: SHA256Function>(parsing text: [UInt8], origin: String, localToken: UInt64 = 0, using hash: H.Type)
    {
        guard text.count <= Batch.largestText else { return nil }
        var at = 0
        func line(limit: Int) -> ArraySlice<UInt8>? {
            guard let end = text[at..<min(text.count, at + limit + 1)].firstIndex(of: UInt8(ascii: "\n")) else {
                return nil
            }
            defer { at = end + 1 }
            return text[at..<end]
        }
        guard let first = line(limit: 32), first.elementsEqual(Batch.firstLine.utf8),
            let named = line(limit: 256), named.elementsEqual(origin.utf8),
            let party = line(limit: 64), let clockLine = line(limit: 20),
            let milliseconds = ASCIIDecimal.parse(clockLine, maximum: UInt64(Int64.max)),
            let countLine = line(limit: 8),
            let count = ASCIIDecimal.parse(countLine, maximum: UInt64(Batch.mostTransactions)),
            let digestLine = line(limit: 64), let digest = Digest(hex: String(decoding: digestLine, as: UTF8.self))
        else { return nil }
        let lines = Array(text[..<at])
        guard let signatureLine = line(limit: 100), let signature = Base64.url.decode(signatureLine),
            signature.count == 64, H.hash(Array(text[at...])) == digest
        else { return nil }
        var transactions: [[UInt8]] = []
        transactions.reserveCapacity(Int(count))
        while at < text.count {
            guard transactions.count < count, let lengthLine = line(limit: 8),
                let length = ASCIIDecimal.parse(lengthLine, maximum: UInt64(text.count - at))
            else { return nil }
            transactions.append(Array(text[at..<at + Int(length)]))
            at += Int(length)
        }
        guard transactions.count == count else { return nil }
        batch = Batch(
            proposer: String(decoding: party, as: UTF8.self), clock: Instant(milliseconds: Int64(milliseconds)),
            transactions: transactions, localToken: localToken, text: text)
        self.lines = lines
        self.signature = signature
    }
}

extension Batch {
    fileprivate init(proposer: String, clock: Instant, transactions: [[UInt8]], localToken: UInt64, text: [UInt8]) {
        self.proposer = proposer
        self.clock = clock
        self.transactions = transactions
        self.localToken = localToken
        self.text = text
    }
}
