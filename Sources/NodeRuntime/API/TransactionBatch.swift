import ContractKit
import LedgerCore
import Primitives

/// The body of media type `application/vnd.linlian.tx-batch`: signed texts one after another, each preceded by its length
/// in bytes (decimal, one spelling) and a newline.
enum TransactionBatch {
    /// The media type.
    static let mediaType = "application/vnd.linlian.tx-batch"
    /// Most texts.
    static let mostTexts = 100
    /// Largest body in bytes.
    static let largest = 4 << 20

    /// The texts, unparsed. Refuses with `batch.form`, or `batch.count` unless there are 1 to 100.
    static func split(_ bytes: [UInt8]) throws(Reason) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        var at = 0
        while at < bytes.count {
            guard texts.count < mostTexts else { throw Reason("batch.count") }
            // A length has at most five digits: a longer text would be refused anyway.
            let window = bytes[at..<min(at + 7, bytes.count)]
            guard let newline = window.firstIndex(of: UInt8(ascii: "\n")),
                let length = ASCIIDecimal.parse(bytes[at..<newline], maximum: UInt64(Leaf.largest)),
                length > 0, newline + 1 + Int(length) <= bytes.count
            else { throw Reason("batch.form") }
            at = newline + 1 + Int(length)
            texts.append(Array(bytes[newline + 1..<at]))
        }
        guard !texts.isEmpty else { throw Reason("batch.count") }
        return texts
    }
}
