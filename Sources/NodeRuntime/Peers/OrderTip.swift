package import Primitives

/// How far a node has executed, final or not: what people compare before they begin an order anew.
/// ```
/// linlian/tip/v1
/// height <of the last block>
/// position <of the last block in the engine's order>
/// size <number of leaves>
/// root <the log's root, hex>
/// ```
package struct OrderTip: Sendable, Equatable {
    /// Height of the last block.
    package let height: UInt64
    /// Its position in the engine's order.
    package let position: UInt64
    /// Number of leaves.
    package let size: UInt64
    /// The log's root.
    package let root: Digest

    /// Where a node gives it to the others.
    package static let path = "/api/v1/peer/tip"
    /// Most bytes of its text.
    package static let largestText = 512

    /// A tip.
    package init(height: UInt64, position: UInt64, size: UInt64, root: Digest) {
        self.height = height
        self.position = position
        self.size = size
        self.root = root
    }

    /// As it travels.
    package var text: [UInt8] {
        Array("linlian/tip/v1\nheight \(height)\nposition \(position)\nsize \(size)\nroot \(root.hex)\n".utf8)
    }

    /// Reads one; nil if it is none.
    package init?(parsing text: [UInt8]) {
        guard text.count <= OrderTip.largestText else { return nil }
        let parts = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.split(separator: " ", omittingEmptySubsequences: false) }
        guard parts.count == 6, parts[1...4].allSatisfy({ $0.count == 2 }),
            let height = UInt64(parts[1][1]), let position = UInt64(parts[2][1]), let size = UInt64(parts[3][1]),
            let root = Digest(hex: String(parts[4][1]))
        else { return nil }
        self.init(height: height, position: position, size: size, root: root)
        guard self.text == text else { return nil }
    }
}
