import Crypto
import Foundation
package import LedgerCore

/// The folder of one node, as `--data DIR` names it.
///
/// `node.json` (origin and party), `policy` (for everyone), `keys/` (only for the owner), `ledger.sqlite` (the log),
/// `state.sqlite` (snapshot), `content.sqlite` (attachments), `read.sqlite` (read models).
package struct NodeDirectory: Sendable {
    /// The folder.
    package let path: String

    /// Names a folder; nothing is read yet.
    package init(_ path: String) { self.path = path }

    /// What a copy of the folder needs beside the databases.
    package static let besideLedger = ["node.json", "policy", "keys", "network.json", "tls", "archive.json"]

    /// Full path of a file in the folder.
    package func file(_ name: String) -> String { path + "/" + name }

    /// The log on disk.
    package var ledgerFile: String { file("ledger.sqlite") }
    /// The snapshot of the state.
    package var stateFile: String { file("state.sqlite") }
    /// The attachments.
    package var contentFile: String { file("content.sqlite") }
    /// The read models.
    package var readFile: String { file("read.sqlite") }
    /// The policy file.
    package var policyFile: String { file("policy") }
    /// Whether the folder holds a node.
    package var exists: Bool { FileManager.default.fileExists(atPath: file("node.json")) }

    /// What `node.json` holds.
    package struct Identity: Codable, Sendable {
        /// The ledger's origin.
        package let origin: String
        /// The party that runs the node.
        package let party: String

        /// An identity.
        package init(origin: String, party: String) {
            self.origin = origin
            self.party = party
        }
    }

    /// Reads `node.json`.
    package func identity() throws -> Identity {
        guard let data = FileManager.default.contents(atPath: file("node.json")) else {
            throw NodeError(
                "data.missing", "there is no ledger in \(path)",
                help: "create one with: linlian init --data \(path) --origin NAME")
        }
        do {
            return try JSONDecoder().decode(Identity.self, from: data)
        } catch {
            throw NodeError("data.damaged", "\(file("node.json")) cannot be read", help: "restore it from a backup")
        }
    }

    /// Creates the folder and its identity, or throws `data.exists`.
    package func create(_ identity: Identity) throws {
        guard !exists else {
            throw NodeError("data.exists", "\(path) already holds a ledger", help: "choose another folder")
        }
        try FileManager.default.createDirectory(
            atPath: file("keys"), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try encoder.encode(identity).write(to: URL(fileURLWithPath: file("node.json")), options: .atomic)
    }

    /// The bytes of the policy file; nil if there is none.
    package func policyText() throws -> [UInt8]? {
        FileManager.default.contents(atPath: policyFile).map { [UInt8]($0) }
    }

    /// The transaction key called `name`, or nil.
    package func signingKey(_ name: String) throws -> SigningKey? {
        guard let data = FileManager.default.contents(atPath: file("keys/\(name).key")) else { return nil }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let key = SigningKey(text: text) else {
            throw NodeError(
                "keys.damaged", "\(file("keys/\(name).key")) is not a key", help: "restore it from a backup")
        }
        return key
    }

    /// Writes the transaction key `name`, readable by the owner only. Never overwrites.
    package func write(_ key: SigningKey, as name: String) throws {
        let target = file("keys/\(name).key")
        let created = FileManager.default.createFile(
            atPath: target, contents: Data((key.text + "\n").utf8), attributes: [.posixPermissions: 0o600])
        guard created else { throw NodeError("keys.write", "\(target) could not be written", help: "check the folder") }
    }

    /// Names of the transaction keys in the folder, sorted.
    package func keyNames() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: file("keys"))
            .filter { $0.hasSuffix(".key") }.map { String($0.dropLast(4)) }.sorted()
    }

    /// The keys that sign checkpoints; made on first use.
    package func signer() throws -> NodeSigner {
        let identity = try identity()
        func ed25519(_ name: String) throws -> Curve25519.Signing.PrivateKey {
            if case .edDSA(let key)? = try signingKey(name) { return key }
            let key = Curve25519.Signing.PrivateKey()
            try write(.edDSA(key), as: name)
            return key
        }
        guard
            let signer = NodeSigner(
                origin: identity.origin, party: identity.party, logKey: try ed25519("log"),
                cosignerKey: try ed25519("cosigner"))
        else {
            throw NodeError(
                "data.identity", "origin or party in node.json cannot name a key", help: "use letters, digits, . - /")
        }
        return signer
    }
}
