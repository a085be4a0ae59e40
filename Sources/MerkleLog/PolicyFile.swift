public import Primitives

/// The text form of a policy (C2SP tlog-policy).
extension WitnessPolicy {
    /// Reads a policy file: one definition a line, items parted by spaces and tabs, `#` before comments.
    public init<H: SHA256Function>(parsing bytes: [UInt8], using hash: H.Type) throws(PolicyError) {
        self.init()
        guard bytes.count <= Self.maximumByteCount else { throw .tooLarge }
        var lines = LineReader(bytes)
        while !lines.isAtEnd {
            guard let line = lines.next(), line.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }) else {
                throw .malformedLine(lines.line)
            }
            let items = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 })
            guard let keyword = items.first, keyword.first != 0x23 else { continue }
            try add(keyword, items.dropFirst(), line: lines.line, using: hash)
        }
        guard quorum != nil else { throw .noQuorum }
    }

    private mutating func add<H: SHA256Function>(
        _ keyword: ArraySlice<UInt8>, _ items: ArraySlice<ArraySlice<UInt8>>, line: Int, using hash: H.Type
    ) throws(PolicyError) {
        var rest = items
        func name() throws(PolicyError) -> PolicyName {
            guard let item = rest.popFirst(), let name = PolicyName(bytes: Array(item)) else {
                throw .malformedLine(line)
            }
            return name
        }
        func key() throws(PolicyError) -> VerifierKey {
            guard let item = rest.popFirst() else { throw .malformedLine(line) }
            do {
                return try VerifierKey(parsing: Array(item), using: hash)
            } catch {
                throw .badKey(line: line, error)
            }
        }
        if keyword.dropping(prefix: "log")?.isEmpty == true {
            let key = try key()
            try addLog(key, url: rest.popFirst().map { Array($0) })
        } else if keyword.dropping(prefix: "witness")?.isEmpty == true {
            let name = try name()
            let key = try key()
            try addWitness(name, key, url: rest.popFirst().map { Array($0) })
        } else if keyword.dropping(prefix: "group")?.isEmpty == true {
            let group = try name()
            guard let word = rest.popFirst(), let threshold = Self.threshold(word) else {
                throw .malformedLine(line)
            }
            var members: [PolicyName] = []
            while !rest.isEmpty { members.append(try name()) }
            try addGroup(group, threshold, of: members)
        } else if keyword.dropping(prefix: "quorum")?.isEmpty == true {
            try setQuorum(try name())
        } else {
            throw .malformedLine(line)
        }
        guard rest.isEmpty else { throw .malformedLine(line) }
    }

    private static func threshold(_ word: ArraySlice<UInt8>) -> Threshold? {
        if word.dropping(prefix: "any")?.isEmpty == true { return .any }
        if word.dropping(prefix: "all")?.isEmpty == true { return .all }
        return ASCIIDecimal.parse(word, maximum: 1_000_000).map { .count(Int($0)) }
    }

    /// The policy as a file: logs, witnesses, groups, quorum.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func line(_ keyword: StaticString, _ items: [[UInt8]]) {
            bytes.append(keyword)
            for item in items {
                bytes.append(0x20)
                bytes.append(contentsOf: item)
            }
            bytes.append(0x0A)
        }
        for log in logs { line("log", [log.key.bytes] + (log.url.map { [$0] } ?? [])) }
        for witness in witnesses {
            line("witness", [witness.name.bytes, witness.key.bytes] + (witness.url.map { [$0] } ?? []))
        }
        for group in groups {
            var threshold: [UInt8] = []
            switch group.threshold {
            case .any: threshold.append("any")
            case .all: threshold.append("all")
            case .count(let count): ASCIIDecimal.append(UInt64(max(0, count)), to: &threshold)
            }
            line("group", [group.name.bytes, threshold] + group.members.map { $0.bytes })
        }
        if let name = quorumName { line("quorum", [name.bytes]) }
        return bytes
    }
}
