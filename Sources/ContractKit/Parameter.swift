package import Primitives

/// The value of a rule parameter: an integer (days, fen, parts of a ratio) or a short text.
package enum ParameterValue: Hashable, Sendable {
    /// A whole number, within ±2^53.
    case integer(Int64)
    /// A text, such as a web origin or the name of a counting rule.
    case text(String)

    /// The longest text in UTF-8 bytes.
    package static let longestText = 1_024
}

/// A rule value as data: every number that a law, a covenant or the parties set is declared here by the module that
/// uses it, with its source, and may be changed by the constitution's procedure.
package struct ParameterDefinition: Hashable, Sendable {
    /// `module.what`, an identifier.
    package let name: String
    /// The value while the constitution says nothing else.
    package let `default`: ParameterValue
    /// Allowed values of an integer; for a text, its allowed length in UTF-8 bytes.
    package let range: ClosedRange<Int64>
    /// Unit as a word: `days`, `fen`, `0.01m2`, `text`.
    package let unit: String
    /// Where the default comes from: law and article, regulation, or `design`.
    package let source: String

    /// An integer parameter.
    package init(_ name: String, default: Int64, in range: ClosedRange<Int64>, unit: String, source: String) {
        self.name = name
        self.default = .integer(`default`)
        self.range = range
        self.unit = unit
        self.source = source
    }

    /// A text parameter, `bytes` UTF-8 bytes long.
    package init(_ name: String, text: String, bytes: ClosedRange<Int64>, source: String) {
        self.name = name
        self.default = .text(text)
        self.range = bytes
        self.unit = "text"
        self.source = source
    }

    /// Whether `value` has the right type and lies in the range.
    package func accepts(_ value: ParameterValue) -> Bool {
        switch (self.default, value) {
        case (.integer, .integer(let number)): range.contains(number)
        case (.text, .text(let text)): range.contains(Int64(text.utf8.count))
        default: false
        }
    }
}

/// The parameters that the modules of a ledger declare, by name; the ledger gives it to every `Execution`.
package struct ParameterDefinitions: Sendable {
    private let byName: [String: ParameterDefinition]

    /// No parameters are known: rules then check only the form of a value.
    package static let none = ParameterDefinitions([])

    /// The parameters of these contracts. Of two with one name the first counts.
    package init(_ contracts: [any Contract.Type]) {
        var found: [String: ParameterDefinition] = [:]
        for contract in contracts {
            for definition in contract.parameters where found[definition.name] == nil {
                found[definition.name] = definition
            }
        }
        byName = found
    }

    /// Whether nothing is declared.
    package var isEmpty: Bool { byName.isEmpty }

    /// The definition with this name.
    package subscript(name: String) -> ParameterDefinition? { byName[name] }
}

extension JSONWriter {
    /// Writes a parameter's value: an integer or a string.
    package mutating func field(_ name: StaticString, _ value: ParameterValue) {
        switch value {
        case .integer(let number): field(name, number)
        case .text(let text): field(name, text)
        }
    }
}
