import LedgerCore
import Ordering
import Primitives

/// What a node has reached beyond what is final: the prepare step before anybody signs (`ledger.md`, Ordering).
///
/// It names the ends of the first blocks after the last final one, not only the newest: nodes are never at the same block
/// at the same time, and so their statements still have points in common.
/// ```
/// linlian/seen/v1
/// <origin>
/// <party>
/// <number of points>
/// <size> <root, hex>…
/// <Ed25519 signature of all lines above by the key of the party's cosignatures, base64url>
/// ```
package struct SeenStatement: Sendable, Hashable {
    /// The party.
    package let party: String
    /// The points in order of size.
    package let points: [Point]

    /// Most points in a statement.
    package static let mostPoints = 32
    static let firstLine = "linlian/seen/v1"

    /// A statement.
    package init(party: String, points: [Point]) {
        self.party = party
        self.points = points
    }

    /// The statement as it travels.
    package func text(origin: String, sign: (_ lines: [UInt8]) throws -> [UInt8]) rethrows -> [UInt8] {
        let points = points.map { "\($0.size) \($0.root.hex)\n" }.joined()
        let lines = Array("\(SeenStatement.firstLine)\n\(origin)\n\(party)\n\(self.points.count)\n\(points)".utf8)
        return lines + Base64.url.encodeBytes(try sign(lines)) + [UInt8(ascii: "\n")]
    }

    /// Reads a statement about the ledger `origin`; nil if it is none, or `isSigned` says that the party did not sign it.
    package init?(
        parsing text: [UInt8], origin: String,
        isSigned: (_ party: String, _ lines: [UInt8], _ signature: [UInt8]) -> Bool
    ) {
        guard text.count <= Statement.largestText, text.last == UInt8(ascii: "\n") else { return nil }
        let lines = text.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count >= 5, lines[0].elementsEqual(SeenStatement.firstLine.utf8),
            lines[1].elementsEqual(origin.utf8),
            let count = ASCIIDecimal.parse(lines[3], maximum: UInt64(SeenStatement.mostPoints)),
            lines.count == Int(count) + 5, let signature = Base64.url.decode(lines[lines.count - 1]),
            let signed = lines.last?.startIndex
        else { return nil }
        var points: [Point] = []
        for line in lines[4..<lines.count - 1] {
            let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            guard parts.count == 2, let size = ASCIIDecimal.parse(parts[0], maximum: UInt64(Int64.max)),
                let root = Digest(hex: String(decoding: parts[1], as: UTF8.self)),
                points.last.map({ $0.size < size }) ?? true
            else { return nil }
            points.append(Point(size: size, root: root))
        }
        party = String(decoding: lines[2], as: UTF8.self)
        self.points = points
        guard isSigned(party, Array(text[..<signed]), signature) else { return nil }
    }
}
