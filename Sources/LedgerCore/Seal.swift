package import ContractKit
package import Primitives

/// The last leaf of a block: what the block is, what came before it, and the state it leaves (`ledger.md`, Leaves).
package struct Seal: Hashable, Sendable {
    /// Height of the block; genesis is 0.
    package let height: UInt64
    /// Block time.
    package let time: Instant
    /// SHA-256 of the previous block's seal leaf; zero for genesis.
    package let previous: Digest
    /// Index of the block's first leaf.
    package let firstEntry: UInt64
    /// Number of leaves before the seal.
    package let entryCount: UInt64
    /// State root after the block.
    package let state: Digest
    /// Position of the block's batch in the ordering engine.
    package let position: UInt64
    /// The party that proposed the batch.
    package let proposer: String
    /// The proposer's clock as its batch gave it, where several parties order (`docs/decisions/013-seal-clock.md`); nil
    /// where one party keeps the ledger alone.
    package let clock: Instant?

    /// Index of the seal leaf itself.
    package var index: UInt64 { firstEntry + entryCount }

    /// A seal from its parts.
    package init(
        height: UInt64, time: Instant, previous: Digest, firstEntry: UInt64, entryCount: UInt64, state: Digest,
        position: UInt64, proposer: String, clock: Instant? = nil
    ) {
        self.height = height
        self.time = time
        self.previous = previous
        self.firstEntry = firstEntry
        self.entryCount = entryCount
        self.state = state
        self.position = position
        self.proposer = proposer
        self.clock = clock
    }

    /// The leaf's exact bytes.
    package var bytes: [UInt8] {
        Array(
            """
            linlian/seal/v1
            height \(height)
            time \(time.milliseconds)
            previous \(previous.hex)
            entries \(firstEntry) \(entryCount)
            state \(state.hex)
            position \(position)
            proposer \(proposer)
            \(clock.map { "clock \($0.milliseconds)\n" } ?? "")
            """.utf8)
    }

    /// Parses a seal leaf; refuses with `leaf.seal` and the name of the line that is wrong.
    package init(parsing bytes: [UInt8]) throws(Reason) {
        guard bytes.count <= 1_024, bytes.starts(with: Leaf.sealFirstLine) else { throw Reason("leaf.seal") }
        let lines = try Leaf.lines(
            bytes, from: Leaf.sealFirstLine.count, count: bytes.count { $0 == UInt8(ascii: "\n") } == 8 ? 7 : 8)
        height = try Seal.number(lines[0], "height ")
        time = try Seal.instant(lines[1], "time ")
        previous = try Seal.digest(lines[2], "previous ")
        let entries = try Seal.value(lines[3], "entries ").split(
            separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard entries.count == 2, let first = ASCIIDecimal.parse(entries[0]),
            let count = ASCIIDecimal.parse(entries[1]),
            first < UInt64(1) << 60, count < UInt64(1) << 32
        else { throw Reason("leaf.seal", field: "entries") }
        firstEntry = first
        entryCount = count
        state = try Seal.digest(lines[4], "state ")
        position = try Seal.number(lines[5], "position ")
        proposer = String(decoding: try Seal.value(lines[6], "proposer "), as: UTF8.self)
        guard Fields.isIdentifier(proposer) else { throw Reason("leaf.seal", field: "proposer") }
        clock = lines.count > 7 ? try Seal.instant(lines[7], "clock ") : nil
    }

    private static func value(_ line: ArraySlice<UInt8>, _ label: String) throws(Reason) -> ArraySlice<UInt8> {
        guard line.starts(with: label.utf8)
        else { throw Reason("leaf.seal", field: label.split(separator: " ").first.map(String.init)) }
        return line.dropFirst(label.utf8.count)
    }

    private static func number(_ line: ArraySlice<UInt8>, _ label: String) throws(Reason) -> UInt64 {
        guard let number = ASCIIDecimal.parse(try value(line, label))
        else { throw Reason("leaf.seal", field: label.split(separator: " ").first.map(String.init)) }
        return number
    }

    private static func instant(_ line: ArraySlice<UInt8>, _ label: String) throws(Reason) -> Instant {
        guard let milliseconds = Int64(exactly: try number(line, label))
        else { throw Reason("leaf.seal", field: label.split(separator: " ").first.map(String.init)) }
        return Instant(milliseconds: milliseconds)
    }

    private static func digest(_ line: ArraySlice<UInt8>, _ label: String) throws(Reason) -> Digest {
        let text = String(decoding: try value(line, label), as: UTF8.self)
        guard let digest = Digest(hex: text), digest.hex == text
        else { throw Reason("leaf.seal", field: label.split(separator: " ").first.map(String.init)) }
        return digest
    }
}
