import ArgumentParser
import Foundation
import LedgerCore
import Logging
import MerkleLog
import NodeRuntime
import Primitives
import Witness

/// `linlian witness`: watches other parties' ledgers and cosigns what only grew (C2SP tlog-witness).
struct WitnessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Watch ledgers and cosign what only grew, such as a district its subdistricts'.",
        subcommands: [Make.self, Add.self, Stop.self, List.self, Serve.self])

    /// `--data DIR`, the folder of a witness.
    struct Folder: ParsableArguments {
        @Option(name: .customLong("data"), help: "The witness's folder.")
        var path: String

        var directory: WitnessDirectory { WitnessDirectory(path) }
    }

    /// `linlian witness init`.
    struct Make: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "init", abstract: "Make a witness with a new key, and print its verifier key.",
            discussion: "The verifier key goes into the policies of those who trust this witness.")

        @OptionGroup var data: Folder

        @Option(help: "The witness's name: an address of its operator without https://, such as example.org/district.")
        var name: String

        func run() throws {
            print(try data.directory.create(name: name).verifier.text)
        }
    }

    /// `linlian witness add`.
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Watch ledgers, also while the witness runs.",
            discussion: """
                A ledger that is watched already gets the new key or policy and keeps what was cosigned. With a policy \
                file the witness asks for more than the protocol does: it cosigns only what the policy's quorum of \
                parties has cosigned.
                """)

        @OptionGroup var data: Folder

        @Option(parsing: .upToNextOption, help: "Policy files (C2SP tlog-policy): their logs, and the parties' quorum.")
        var policy: [String] = []

        @Option(parsing: .upToNextOption, help: "Verifier keys of logs; keys of one name are one log.")
        var key: [String] = []

        func validate() throws {
            guard !policy.isEmpty || !key.isEmpty else { throw ValidationError("give --policy FILE or --key KEY") }
        }

        func run() throws {
            let witness = try data.directory.open()
            let policies = try policy.map(Self.policy(file:)) + Self.policies(keys: key)
            for origin in try witness.store.watch(policies, witness: witness.key.verifier) {
                print("watching \(origin)")
            }
            try witness.store.close()
        }

        private static func policy(file: String) throws -> WitnessPolicy {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw Complaint("\(file) cannot be read")
            }
            do {
                return try WitnessPolicy(parsing: [UInt8](data), using: CryptoSHA256.self)
            } catch {
                throw Complaint("\(file) is not a policy (\(error.code): \(error)); `linlian init` writes one")
            }
        }

        /// A policy of its own for each origin, which asks for the log's signature only.
        private static func policies(keys: [String]) throws -> [WitnessPolicy] {
            var origins: [SignerName] = []
            var policies: [SignerName: WitnessPolicy] = [:]
            for text in keys {
                do {
                    let key = try VerifierKey(parsing: text, using: CryptoSHA256.self)
                    if policies[key.name] == nil { origins.append(key.name) }
                    try policies[key.name, default: WitnessPolicy()].addLog(key)
                } catch let error as VerifierKeyError {
                    throw Complaint("\(text) is not a verifier key (\(error.code)); `linlian keys` prints them")
                } catch let error as PolicyError {
                    throw Complaint("\(text) is given twice (\(error.code))")
                }
            }
            return try origins.compactMap { origin in
                guard var policy = policies[origin], let nobody = PolicyName("none") else { return nil }
                try policy.setQuorum(nobody)
                return policy
            }
        }
    }

    /// `linlian witness stop`.
    struct Stop: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop watching a ledger; what was cosigned stays on record.")

        @OptionGroup var data: Folder

        @Argument(help: "The ledger's origin.")
        var origin: String

        func run() throws {
            let store = try data.directory.open().store
            guard try store.stop(UTF8Text(origin)) else {
                throw Complaint("\(origin) is not watched; linlian witness list --data \(data.path) lists what is")
            }
            try store.close()
        }
    }

    /// `linlian witness list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the verifier key, and for each ledger size, time of the last cosignature, origin and rule."
        )

        @OptionGroup var data: Folder

        func run() throws {
            let (key, store) = try data.directory.open()
            print("key\t\(key.verifier.text)")
            var after = ""
            while case let logs = try store.list(after: after, limit: 1_000), let last = logs.last {
                for log in logs {
                    let rule = !log.isWatched ? "stopped" : log.asksParties ? "log and parties" : "log"
                    print("\(log.size)\t\(log.cosignedText)\t\(log.origin)\t\(rule)")
                }
                after = last.origin
            }
            try store.close()
        }
    }

    /// `linlian witness serve`.
    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Answer add-checkpoint requests (C2SP tlog-witness), with a page of what is watched.",
            discussion: "Speaks plain HTTP; to be reached from outside, put a TLS proxy in front. Stops on SIGTERM.")

        @OptionGroup var data: Folder

        @Option(help: "The address to listen on; 0.0.0.0 for the whole network.")
        var host = "127.0.0.1"

        @Option(help: "The port to listen on; 0 takes a free one.")
        var port = 8_090

        func validate() throws {
            guard (0...65_535).contains(port) else { throw ValidationError("--port: 0 to 65535") }
        }

        func run() async throws {
            let (key, store) = try data.directory.open()
            var logger = Logger(label: "linlian.witness")
            logger.logLevel = .notice
            let cosigner = Cosigner(key: key, store: store, clock: { SystemClock.now }, logger: logger)
            try await WitnessServer(cosigner: cosigner, host: host, port: port, logger: logger).run { address in
                print("address \(address)")
                // In a pipe nothing would appear until the server stops.
                fflush(nil)
            }
            try store.close()
        }
    }
}
