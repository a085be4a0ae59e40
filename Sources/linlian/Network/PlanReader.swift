import Foundation
import Yams

/// A YAML file whose refusals name the line and the field.
struct PlanReader {
    let source: String
    let root: Node

    init(yaml: String, source: String) throws {
        self.source = source
        do {
            guard let root = try Yams.compose(yaml: yaml) else { throw Complaint("\(source) is empty") }
            self.root = root
        } catch let error as YamlError {
            throw Complaint("\(source) is not YAML: \(error)")
        }
    }

    /// The members of a mapping; a name that is not in `known` is refused, because a mistyped one would go unseen.
    func fields(of node: Node, path: String, known: [String]? = nil) throws -> PlanFields {
        guard let mapping = node.mapping else {
            throw refusal(node, path.isEmpty ? "the file" : path, "must be `field: value` lines")
        }
        var found: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.string ?? ""
            let full = path.isEmpty ? name : "\(path).\(name)"
            if let known, !known.contains(name) {
                throw refusal(key, full, "no such field; there are \(known.joined(separator: ", "))")
            }
            guard found.updateValue(value, forKey: name) == nil else { throw refusal(key, full, "stands there twice") }
        }
        return PlanFields(reader: self, node: node, path: path, found: found)
    }

    /// One line that says what is wrong where.
    func refusal(_ node: Node, _ path: String, _ what: String) -> Complaint {
        Complaint("\(source):\(node.mark.map { "\($0.line)" } ?? "1"): \(path): \(what)")
    }
}

/// The members of one mapping.
struct PlanFields {
    let reader: PlanReader
    let node: Node
    let path: String
    let found: [String: Node]

    /// A refusal of one of the members, given or missing.
    func refusal(_ name: String, _ what: String) -> Complaint {
        reader.refusal(found[name] ?? node, path.isEmpty ? name : "\(path).\(name)", what)
    }

    func text(_ name: String) throws -> String? {
        guard let value = found[name] else { return nil }
        guard let text = value.scalar?.string, !text.isEmpty else { throw refusal(name, "must be a text") }
        return text
    }

    func required(_ name: String) throws -> String {
        guard let text = try text(name) else { throw refusal(name, "is missing") }
        return text
    }

    func flag(_ name: String) throws -> Bool? {
        guard let value = found[name] else { return nil }
        guard let flag = value.bool else { throw refusal(name, "must be true or false") }
        return flag
    }

    func port(_ name: String) throws -> Int? {
        guard let value = found[name] else { return nil }
        guard let port = value.int, (1...65_535).contains(port) else { throw refusal(name, "must be 1 to 65535") }
        return port
    }

    func texts(_ name: String) throws -> [String]? {
        guard found[name] != nil else { return nil }
        return try list(name).map { item in
            guard let text = item.scalar?.string else { throw refusal(name, "must be a list of names") }
            return text
        }
    }

    func list(_ name: String) throws -> [Node] {
        guard let value = found[name] else { throw refusal(name, "is missing") }
        guard let sequence = value.sequence else { throw refusal(name, "must be a list") }
        return Array(sequence)
    }
}
