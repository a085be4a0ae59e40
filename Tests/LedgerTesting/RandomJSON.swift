import Primitives

/// Random and damaged JSON, to show that no body makes a parser trap.
package enum RandomJSON {
    /// A random object whose keys are mostly of `names`; values of every type, sometimes absurd.
    package static func object(names: [String], using generator: inout SeededGenerator, depth: Int = 0) -> String {
        var members: [String] = []
        var used: Set<String> = []
        for _ in 0..<Int.random(in: 0...8, using: &generator) {
            let name = generator.chance(90) ? generator.pick(names) : "x\(generator.next() % 5)"
            guard used.insert(name).inserted || generator.chance(3) else { continue }
            members.append("\"\(name)\":" + value(names: names, using: &generator, depth: depth + 1))
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    /// A random value.
    package static func value(names: [String], using generator: inout SeededGenerator, depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 5 ? 8 : 11), using: &generator) {
        case 0: return generator.pick(["null", "true", "false"])
        case 1: return generator.pick(["0", "-1", "1", "9007199254740992", "-9007199254740992", "4102444800000"])
        case 2: return "\(Int64.random(in: -10_000...10_000, using: &generator))"
        case 3: return "\"\(generator.pick(names))\""
        case 4: return "\"" + String(repeating: "A", count: generator.pick([0, 1, 16, 43, 64, 65, 87, 300])) + "\""
        case 5: return generator.pick(["\"\\u0000\"", "\"楼\"", "\"\\ud83d\\ude00\"", "\"a/b\"", "\"\\u202e\""])
        case 6: return generator.pick(["\"ES256\"", "\"EdDSA\"", "\"resident\"", "\"setParameter\"", "\"registry\""])
        case 7: return "1e9"
        case 8, 9: return object(names: names, using: &generator, depth: depth + 1)
        default:
            let count = generator.pick([0, 1, 2, 3, 9])
            return "["
                + (0..<count).map { _ in value(names: names, using: &generator, depth: depth + 1) }
                .joined(separator: ",") + "]"
        }
    }

    /// A valid text with one to three bytes changed, removed or doubled.
    package static func damaged(_ json: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = json
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &generator)
            switch generator.next() % 4 {
            case 0: bytes[at] = UInt8(truncatingIfNeeded: generator.next())
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(bytes[at], at: at)
            default: bytes[at] = generator.pick(Array("0123456789-\"{}[],:aZ".utf8))
            }
        }
        return bytes
    }
}
