import Ordering
import Primitives

/// The keys of one ledger in etcd.
struct EtcdKeys: Sendable {
    /// `/linlian/<origin>/`.
    let root: [UInt8]

    init(origin: String) { root = Array("/linlian/\(origin)/".utf8) }

    var batches: [UInt8] { root + Array("batches/".utf8) }
    var statements: [UInt8] { root + Array("statements/".utf8) }

    /// Where people put the start of an order that is begun anew.
    var start: [UInt8] { root + Array("start".utf8) }

    func batch(_ party: String, _ digest: Digest) -> [UInt8] { batches + Array("\(party)/\(digest.hex)".utf8) }

    func statement(_ statement: Statement) -> [UInt8] {
        statements + Array("\(statement.party)/\(statement.kind.rawValue)".utf8)
    }

    /// The end of the range of all keys that begin with `prefix`.
    static func end(of prefix: [UInt8]) -> [UInt8] {
        // Every prefix here ends with "/", and "0" is the byte after it.
        Array(prefix.dropLast()) + [UInt8(ascii: "0")]
    }

    /// What a key is for.
    enum Place: Equatable {
        case batch(party: String, digest: String)
        case statement(party: String, kind: Statement.Kind)
        case start
        case other
    }

    func place(of key: [UInt8]) -> Place {
        guard key.starts(with: root) else { return .other }
        if key == start { return .start }
        let parts = key.dropFirst(root.count).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 3 else { return .other }
        switch parts[0] {
        case "batches": return .batch(party: parts[1], digest: parts[2])
        case "statements":
            guard let kind = Statement.Kind(rawValue: parts[2]) else { return .other }
            return .statement(party: parts[1], kind: kind)
        default: return .other
        }
    }
}
