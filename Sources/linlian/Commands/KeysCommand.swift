import ArgumentParser
import ContractKit
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives

/// `linlian keys`: what keys a node has, and new ones.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List a node's keys, or make one.",
        subcommands: [List.self, Make.self], defaultSubcommand: List.self)

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
}
