import ArgumentParser
import Foundation
import LedgerCore
import NodeRuntime

/// `linlian import`: rolls and real votes.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import an owner roll or a real budget vote.",
        subcommands: [Roll.self, Budget.self])

    /// `linlian import budget`.
    struct Budget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Replay a Pabulib file: every real ballot as its own signed transaction.")

        @Argument(help: "A .pb file.")
        var file: String

        @Option(help: "The key that convenes the vote and registers its voters.")
        var key: String?

        @OptionGroup var data: DataOption

        func run() async throws {
            let directory = try data.directory()
            let (signingKey, party) = try Staff.key(key, in: directory)
            let report = try await LocalNode.run(directory) { node in
                let staff = Signatory(node: node, key: signingKey, capacity: .party(party))
                return try await BudgetImport(node: node, convener: staff, registrar: staff).run(file)
            }
            print(report.json)
            if report.match == false { throw ExitCode(1) }
        }
    }

    /// `linlian import roll`.
    struct Roll: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import units and owners from a CSV file; safe to repeat.",
            discussion: """
                Columns: unit, building, area (m², two decimals), area_source (registry, survey or contract), owner, and \
                optionally label and holder (owner or developer). The owner column may hold anything that tells owners \
                apart; only a salted pseudonym of it goes on the ledger. A file with a wrong row imports nothing.
                """)

        @Argument(help: "A CSV file in UTF-8.")
        var file: String

        @Option(help: "The registrar's key in the node's folder.")
        var key: String?

        @Option(help: "Also issue an enrolment code to every owner and write them to this file.")
        var codes: String?

        @Option(help: "Only write the rows with pseudonyms for owners to this file, for the import at the desk.")
        var pseudonyms: String?

        @OptionGroup var data: DataOption

        func run() async throws {
            let directory = try data.directory()
            let (signingKey, party) = try Staff.key(key, in: directory)
            let roll = try RollFile(path: file, salt: try RollSalt.read(directory))
            if !roll.faults.isEmpty {
                for fault in roll.faults.prefix(100) { print(fault.line) }
                if roll.faults.count > 100 { print("… and \(roll.faults.count - 100) more") }
                throw Complaint("\(file): \(roll.faults.count) wrong rows; nothing was imported")
            }
            if let pseudonyms {
                guard FileManager.default.createFile(atPath: pseudonyms, contents: Data(roll.csv)) else {
                    throw Complaint("\(pseudonyms) could not be written")
                }
                print("\(roll.rows.count) rows in \(pseudonyms), without names; import them under /desk/units/import")
                return
            }
            let codesFile = codes
            try await LocalNode.run(directory) { node in
                let registrar = Signatory(node: node, key: signingKey, capacity: .party(party))
                let outcome = try await RollImport(registrar: registrar).run(roll)
                print("\(outcome.added) units added, \(outcome.changed) changed, \(outcome.unchanged) as they were")
                if let codesFile {
                    let count = try await CodeIssue(registrar: registrar).run(roll, to: codesFile)
                    print("\(count) enrolment codes in \(codesFile); hand each to its owner only")
                }
            }
        }
    }
}

/// Which staff key a command signs with.
enum Staff {
    /// The key called `name`, or the founding party's own; and its party.
    static func key(_ name: String?, in directory: NodeDirectory) throws -> (SigningKey, party: String) {
        let party = try directory.identity().party
        let name = name ?? party
        guard let key = try directory.signingKey(name) else {
            throw Complaint("there is no key called \(name); `linlian keys --data \(directory.path)` lists them")
        }
        // Keys that `init` made are called after their party, further ones of a party PARTY-2 and so on.
        let owner =
            name.split(separator: "-").last.flatMap { Int($0) } == nil
            ? name : String(name.dropLast(name.split(separator: "-").last?.count ?? 0).dropLast())
        return (key, owner)
    }
}
