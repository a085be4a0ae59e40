import ConstitutionContract
import ContractKit
import Foundation
import Yams

/// The genesis file of a ledger: who its parties are, who acts for them, and its parameters.
struct GenesisFile: Decodable {
    struct Party: Decodable {
        var id: String
        var name: String
        var kind: String
        /// Verifier key of its node's cosignatures (`linlian keys`); the founder's own is taken from its folder.
        var cosigner: String?
        var node: String?
        /// Whether its node only watches (监督节点).
        var observes: Bool?
    }

    /// Parties of which so many must have cosigned.
    struct Group: Decodable {
        var needed: Int64
        var members: [String]
    }

    struct Staff: Decodable {
        var party: String
        var title: String
        var roles: [String]
        /// `ES256 <base64url>` or `EdDSA <base64url>`; absent: a key is made and kept in `keys/`.
        var key: String?
    }

    /// A value alone, or with its source.
    struct Parameter: Decodable {
        var value: ParameterValue
        var source: String?

        private enum Keys: String, CodingKey { case value, source }

        init(from decoder: any Decoder) throws {
            if let container = try? decoder.container(keyedBy: Keys.self) {
                value = try Parameter.value(container.superDecoder(forKey: .value))
                source = try container.decodeIfPresent(String.self, forKey: .source)
            } else {
                value = try Parameter.value(decoder)
            }
        }

        private static func value(_ decoder: any Decoder) throws -> ParameterValue {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int64.self) { return .integer(number) }
            return .text(try container.decode(String.self))
        }
    }

    /// The ledger's display name.
    var name: String
    /// The party that runs this node and founds the ledger.
    var founder: String
    var parties: [Party]
    var staff: [Staff]
    var parameters: [String: Parameter]?
    /// The groups that must agree, by name, all of them; absent: more than half of the parties that cosign.
    var groups: [String: Group]?

    /// Reads a file; refuses with one line that names the field.
    init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw Complaint("\(path) cannot be read") }
        guard data.count <= 1 << 20 else { throw Complaint("\(path) is larger than 1 MB") }
        self = try GenesisFile(yaml: String(decoding: data, as: UTF8.self), from: path)
    }

    /// Reads a text; `source` is named in refusals.
    init(yaml: String, from source: String) throws {
        do {
            self = try YAMLDecoder().decode(GenesisFile.self, from: yaml)
        } catch DecodingError.keyNotFound(let key, let context) {
            throw Complaint("\(source): \(GenesisFile.path(context.codingPath + [key])) is missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw Complaint("\(source): \(GenesisFile.path(context.codingPath)) has the wrong type")
        } catch DecodingError.dataCorrupted(let context) {
            throw Complaint(
                "\(source) is not YAML: \(context.underlyingError.map { "\($0)" } ?? context.debugDescription)")
        }
        guard parties.contains(where: { $0.id == founder })
        else { throw Complaint("\(source): founder: \(founder) is not among the parties") }
        guard staff.contains(where: { $0.party == founder })
        else { throw Complaint("\(source): staff: \(founder) needs at least one member, who signs the founding") }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
}
