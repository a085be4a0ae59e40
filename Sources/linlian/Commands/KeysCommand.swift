import ArgumentParser
import ContractKit
import Crypto
import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives

/// `linlian keys`: what keys a node has, and new ones.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List a node's keys, or make one.",
        subcommands: [List.self, Make.self, Export.self, Rotate.self], defaultSubcommand: List.self)

    /// `linlian keys list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Names, key ids and public keys; never secrets.")

        @OptionGroup var data: DataOption

        func run() throws {
            let directory = try data.directory()
            for name in try directory.keyNames() {
                guard let key = try directory.signingKey(name) else { continue }
                let publicKey = try key.publicKey
                print(
                    "\(name)\tkeyid \(Base64.url.encode(publicKey.keyID.bytes))\tkey \(publicKey.algorithm.rawValue) "
                        + Base64.url.encode(publicKey.bytes))
            }
            let signer = try directory.signer()
            print("log verifier\t\(signer.logVerifier.text)")
            print("cosigner verifier\t\(signer.cosignerVerifier.text)")
            if let next = try CosignerKeyFiles(directory).nextSigner() {
                print("next cosigner verifier\t\(next.cosignerVerifier.text)")
            }
        }
    }

    /// `linlian keys make NAME`.
    struct Make: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a signing key in the node's folder and print its public part.")

        @Argument(help: "The key's name: letters, digits, hyphens.")
        var name: String

        @Option(help: "ES256 or EdDSA.")
        var algorithm = "ES256"

        @OptionGroup var data: DataOption

        func run() throws {
            guard let algorithm = SignatureAlgorithm(rawValue: algorithm) else {
                throw ValidationError("--algorithm: ES256 or EdDSA")
            }
            guard Fields.isIdentifier(name) else { throw ValidationError("NAME: letters, digits, hyphens") }
            let directory = try data.directory()
            guard try directory.signingKey(name) == nil else {
                throw Complaint("there is a key called \(name) already")
            }
            let key = SigningKey(generating: algorithm)
            try directory.write(key, as: name)
            print("\(algorithm.rawValue) \(Base64.url.encode(try key.publicKey.bytes))")
        }
    }

    /// `linlian keys export NAME --out FILE`.
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a signing key as PKCS#8 in PEM, for a browser that does not take the node's own form.")

        @Argument(help: "The key's name.")
        var name: String

        @Option(name: .customLong("out"), help: "The file to write, readable by its owner only; it must not exist.")
        var file: String

        @OptionGroup var data: DataOption

        func run() throws {
            guard let key = try data.directory().signingKey(name) else {
                throw Complaint("there is no key called \(name); linlian keys --data \(data.path) lists them")
            }
            guard case .es256(let secret) = key else { throw Complaint("browsers sign with ES256 keys only") }
            guard !FileManager.default.fileExists(atPath: file),
                FileManager.default.createFile(
                    atPath: file, contents: Data((secret.pemRepresentation + "\n").utf8),
                    attributes: [.posixPermissions: 0o600])
            else { throw Complaint("\(file) could not be written; choose a new name") }
            print("\(file) holds the secret of \(name): delete it once the key is in the browser")
        }
    }
}
