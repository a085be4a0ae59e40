package import Primitives

/// How a party's node is, as it tells the others for the health board.
/// ```
/// linlian/status/v1
/// <origin>
/// <party>
/// clock <ms since 1970 UTC>
/// height <blocks that are executed>
/// final <blocks that are final>
/// disk <bytes free where the node's folder is>
/// certificate <end of the soonest certificate, s since 1970 UTC; 0 where there is none>
/// engine <1 if the ordering engine is reached, else 0>
/// faults <kinds of faults seen>
/// version <of the software>
/// <Ed25519 signature of all lines above by the key of the party's cosignatures, base64url>
/// ```
package struct StatusStatement: Sendable, Hashable {
    /// The party.
    package var party: String
    /// The node's clock.
    package var clock: Instant
    /// Number of blocks that are executed: the height of the newest and one.
    package var executed: UInt64
    /// Number of blocks that are final.
    package var final: UInt64
    /// Bytes free on the disk with the node's folder.
    package var diskFree: UInt64
    /// When the first of its certificates ends; nil where it has none.
    package var certificateEnd: Instant?
    /// Whether it reaches the ordering engine.
    package var isEngineReached: Bool
    /// Number of different faults that it has seen.
    package var faults: UInt64
    /// Version of the software: 1 to 32 visible ASCII characters.
    package var version: String

    static let firstLine = "linlian/status/v1"
    private static let names = ["clock", "height", "final", "disk", "certificate", "engine", "faults", "version"]
    /// Most bytes of a statement's text.
    package static let largestText = 1_024

    /// A statement.
    package init(
        party: String, clock: Instant, executed: UInt64, final: UInt64, diskFree: UInt64, certificateEnd: Instant?,
        isEngineReached: Bool, faults: UInt64, version: String
    ) {
        self.party = party
        self.clock = clock
        self.executed = executed
        self.final = final
        self.diskFree = diskFree
        self.certificateEnd = certificateEnd
        self.isEngineReached = isEngineReached
        self.faults = faults
        self.version = version
    }

    /// The statement as it travels.
    package func text(origin: String, sign: (_ lines: [UInt8]) throws -> [UInt8]) rethrows -> [UInt8] {
        let values = [
            "\(clock.milliseconds)", "\(executed)", "\(final)", "\(diskFree)",
            "\((certificateEnd?.milliseconds ?? 0) / 1_000)", isEngineReached ? "1" : "0", "\(faults)", version,
        ]
        let fields = zip(StatusStatement.names, values).map { "\($0) \($1)\n" }.joined()
        let lines = Array("\(StatusStatement.firstLine)\n\(origin)\n\(party)\n\(fields)".utf8)
        return lines + Base64.url.encodeBytes(try sign(lines)) + [UInt8(ascii: "\n")]
    }

    /// Reads a statement about the ledger `origin`; nil if it is none, or `isSigned` says that the party did not sign it.
    package init?(
        parsing text: [UInt8], origin: String,
        isSigned: (_ party: String, _ lines: [UInt8], _ signature: [UInt8]) -> Bool
    ) {
        guard text.count <= StatusStatement.largestText, text.last == UInt8(ascii: "\n") else { return nil }
        let lines = text.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == StatusStatement.names.count + 4, lines[0].elementsEqual(StatusStatement.firstLine.utf8),
            lines[1].elementsEqual(origin.utf8), let signed = lines.last?.startIndex,
            let signature = Base64.url.decode(lines[lines.count - 1]), signature.count == 64
        else { return nil }
        var values: [ArraySlice<UInt8>] = []
        for (name, line) in zip(StatusStatement.names, lines[3...]) {
            let start = Array("\(name) ".utf8)
            guard line.starts(with: start) else { return nil }
            values.append(line.dropFirst(start.count))
        }
        // Before the year 2100, as everywhere on the ledger.
        guard let clock = ASCIIDecimal.parse(values[0], maximum: 4_102_444_800_000),
            let executed = ASCIIDecimal.parse(values[1], maximum: 1 << 53),
            let final = ASCIIDecimal.parse(values[2], maximum: executed),
            let disk = ASCIIDecimal.parse(values[3], maximum: UInt64(Int64.max)),
            let end = ASCIIDecimal.parse(values[4], maximum: 4_102_444_800 * 100),
            let engine = ASCIIDecimal.parse(values[5], maximum: 1),
            let faults = ASCIIDecimal.parse(values[6], maximum: 1 << 32),
            (1...32).contains(values[7].count), values[7].allSatisfy({ 0x21...0x7E ~= $0 })
        else { return nil }
        self.init(
            party: String(decoding: lines[2], as: UTF8.self), clock: Instant(milliseconds: Int64(clock)),
            executed: executed, final: final, diskFree: disk,
            certificateEnd: end == 0 ? nil : Instant(milliseconds: Int64(end) * 1_000), isEngineReached: engine == 1,
            faults: faults, version: String(decoding: values[7], as: UTF8.self))
        guard isSigned(party, Array(text[..<signed]), signature) else { return nil }
    }
}
