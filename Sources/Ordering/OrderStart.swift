package import Primitives

/// Where a ledger's order begins anew, after the engine that had it was lost: people agree on it and put it into the new
/// engine (`docs/formats.md`, Start of an order; `docs/decisions/020-order-begun-anew.md`).
/// ```
/// linlian/start/v1
/// <origin>
/// position <the engine's position of the block that the order goes on after>
/// size <leaves up to the end of that block>
/// root <the log's root there, hex>
/// time <when people agreed, ms since 1970 UTC>
/// ```
package struct OrderStart: Sendable, Hashable {
    /// Positions of the new order come after this one.
    package let position: UInt64
    /// Number of leaves of the log that the order goes on after.
    package let size: UInt64
    /// The root of that log.
    package let root: Digest
    /// When it was made: tells two starts from each other.
    package let time: Instant

    /// Most bytes of a start's text.
    package static let largestText = 1_024
    static let firstLine = "linlian/start/v1"

    /// A start.
    package init(position: UInt64, size: UInt64, root: Digest, time: Instant) {
        self.position = position
        self.size = size
        self.root = root
        self.time = time
    }

    /// As people put it into the engine of the ledger `origin`.
    package func text(origin: String) -> [UInt8] {
        Array(
            """
            \(OrderStart.firstLine)
            \(origin)
            position \(position)
            size \(size)
            root \(root.hex)
            time \(time.milliseconds)

            """.utf8)
    }

    /// Reads the start of an order of the ledger `origin`; nil if it is none.
    package init?(parsing text: [UInt8], origin: String) {
        guard text.count <= OrderStart.largestText, text.last == UInt8(ascii: "\n") else { return nil }
        let lines = text.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count == 6, lines[0].elementsEqual(OrderStart.firstLine.utf8),
            lines[1].elementsEqual(origin.utf8),
            let position = OrderStart.value(of: "position", lines[2]).flatMap(OrderStart.number),
            let size = OrderStart.value(of: "size", lines[3]).flatMap(OrderStart.number), size > 0,
            let root = OrderStart.value(of: "root", lines[4]),
            let digest = Digest(hex: String(decoding: root, as: UTF8.self)),
            let time = OrderStart.value(of: "time", lines[5]).flatMap(OrderStart.number)
        else { return nil }
        self.init(position: position, size: size, root: digest, time: Instant(milliseconds: Int64(clamping: time)))
        guard self.text(origin: origin) == text else { return nil }
    }

    private static func value(of name: String, _ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        line.starts(with: "\(name) ".utf8) ? line.dropFirst(name.utf8.count + 1) : nil
    }

    private static func number(_ text: ArraySlice<UInt8>) -> UInt64? {
        ASCIIDecimal.parse(text, maximum: UInt64(Int64.max))
    }
}

/// An order as an engine has it, and a node has gone on in it: the ledger's first, or one that was begun anew.
package struct OrderName: Sendable, Hashable {
    /// The engine's own name for it; empty for the first.
    package let text: String

    /// A name.
    package init(_ text: String) { self.text = text }

    /// The order that the ledger began with.
    package static let first = OrderName("")
}
