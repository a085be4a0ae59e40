import Foundation
import Primitives

/// One figure of `linlian bench`, printed as one JSON line.
struct BenchFigure {
    private var fields: [(String, String)] = []

    init(_ name: String) { add("bench", "\"\(name)\"") }

    /// Reads back what `json` gave.
    init(json text: String) throws {
        let flat = text.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst().dropLast()
        for member in flat.split(separator: ",") {
            let parts = member.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw Complaint("a figure could not be read") }
            add(parts[0].trimmingCharacters(in: ["\""]), String(parts[1]))
        }
    }

    mutating func add(_ name: String, _ json: String) { fields.append((name, json)) }
    mutating func add(_ name: String, _ number: Double, decimals: Int = 2) {
        add(name, String(format: "%.\(decimals)f", number))
    }
    mutating func add(_ name: String, _ number: Int) { add(name, "\(number)") }

    var json: String { "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}" }

    var lines: String {
        fields.map { "  \($0.0.padding(toLength: 36, withPad: " ", startingAt: 0)) \($0.1)" }.joined(separator: "\n")
    }
}
