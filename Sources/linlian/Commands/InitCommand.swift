import ArgumentParser
import NodeRuntime

/// `linlian init`: founds a ledger.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Found a ledger: keys, constitution and block 0.")

    @Option(help: "The node's folder; it is created.")
    var data: String

    @Option(help: "The ledger's name in the world, such as example.org/happy-lane; it never changes.")
    var origin: String

    @Option(help: "Parties, staff and parameters (YAML). Without it: the six usual parties, with new keys.")
    var genesis: String?

    func run() async throws {
        let file =
            try genesis.map { try GenesisFile(path: $0) }
            ?? GenesisFile(yaml: StandardGenesis.yaml(name: origin), from: "the standard genesis")
        let directory = NodeDirectory(data)
        try await Founding.found(directory, origin: origin, genesis: file)
        print("founded \(origin) in \(data)")
        print("policy for everyone who checks receipts: \(directory.policyFile)")
        print("secret keys, for the parties only: \(directory.file("keys"))")
        print("next: linlian import roll FILE.csv --data \(data); linlian serve --data \(data)")
    }
}
