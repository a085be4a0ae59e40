import ArgumentParser
import Foundation

/// `linlian network`: a ledger that several parties keep together.
struct NetworkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network", abstract: "A ledger of several parties: plan, keys and certificates, trial run.",
        subcommands: [Example.self, Init.self, Up.self, Rejoin.self, NewOrder.self, Certificates.self])

    /// `linlian network example`.
    struct Example: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a commented parties.yaml to start from.")

        func run() { print(NetworkPapers.example, terminator: "") }
    }

    /// `linlian network init`.
    struct Init: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write everything that the parties need: keys, block 0, certificates, etcd, units, papers.",
            discussion:
                "Writes a new folder or nothing. It holds every party's secrets: README.md in it says who gets what.")

        @Option(help: "The parties and their machines (YAML); `linlian network example` prints one.")
        var parties: String

        @Option(help: "The folder to write; it must not exist.")
        var out: String

        @Option(help: "The ledger's name in the world, such as example.org/happy-lane; outdoes the file's.")
        var origin: String?

        @Option(help: "How many days the certificates last.")
        var days = CertificateAuthority.leafDays

        func validate() throws {
            guard (1...CertificateAuthority.days).contains(days) else { throw ValidationError("--days: 1 to 3650") }
        }

        func run() async throws {
            guard let data = FileManager.default.contents(atPath: parties) else {
                throw Complaint("--parties: \(parties) cannot be read")
            }
            guard data.count <= 1 << 20 else { throw Complaint("--parties: \(parties) is larger than 1 MB") }
            let yaml = String(decoding: data, as: UTF8.self)
            let plan = try NetworkPlan(yaml: yaml, from: parties, origin: origin)
            let genesis = try GenesisFile(yaml: yaml, from: parties)
            let founding = NetworkFounding(plan: plan, genesis: genesis, yaml: yaml, days: days) {
                print("… \($0)")
                fflush(nil)
            }
            try await founding.write(to: out)
            print("network of \(plan.parties.count) parties, \(plan.members.count) etcd members, in \(out)")
            if plan.members.count.isMultiple(of: 2) {
                print("note: \(plan.members.count) etcd members bear no more losses than \(plan.members.count - 1)")
            }
            print("what to copy where: \(out)/README.md; keep \(out)/authority offline")
            print("to try it on this machine: linlian network up --network \(out)")
        }
    }

    /// `linlian network up`.
    struct Up: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a network on this machine, to try it out: etcd members, users, nodes.",
            discussion: """
                Ends everything it started on Ctrl-C, SIGTERM, or when it dies itself. What ends by itself is reported, not \
                restarted. Logs are in DIR/PARTY/logs.
                """)

        @Option(help: "The network's folder.")
        var network: String

        @Option(help: "Only these parties, parted by commas.")
        var only: String?

        @Option(help: "End after so many seconds.")
        var seconds: Int?

        func run() async throws {
            let folder = NetworkFolder(network)
            let plan = try folder.plan()
            let names = only.map { $0.split(separator: ",").map(String.init) } ?? plan.parties.map(\.id)
            for name in names where plan.party(name) == nil {
                throw Complaint(
                    "--only: there is no party \(name); there are \(plan.parties.map(\.id).joined(separator: ", "))")
            }
            let run = await NetworkRun(
                folder: folder, plan: plan, parties: plan.parties.filter { names.contains($0.id) })
            try await run.run(seconds: seconds)
        }
    }

    /// `linlian network certificates`.
    struct Certificates: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List certificates with the days they have left, or renew them.",
            discussion: "Exit code 3: a certificate has less than 30 days left, or none.")

        @Option(help: "The network's folder.")
        var network: String

        @Flag(help: "Make new keys and certificates, in the same places. Needs authority/.")
        var renew = false

        @Option(help: "Only this party's.")
        var party: String?

        @Option(help: "How many days new ones last.")
        var days = CertificateAuthority.leafDays

        func validate() throws {
            guard (1...CertificateAuthority.days).contains(days) else { throw ValidationError("--days: 1 to 3650") }
        }

        func run() throws {
            let folder = NetworkFolder(network)
            if renew {
                let count = try NetworkCertificates(folder, party: party).renew(days: days)
                print("renewed \(count); nodes and etcd take them at their next connections, without a restart")
            }
            let now = Date()
            var isLate = false
            for entry in try NetworkCertificates(folder, party: party).entries {
                let left = entry.daysLeft(at: now)
                let note = left < 0 ? "\tENDED" : left < NetworkCertificates.warningDays ? "\tRENEW" : ""
                let end = ISO8601DateFormatter().string(from: entry.end)
                print("\(left) days\t\(end)\t\(entry.name)\t\(entry.subject)\(note)")
                isLate = isLate || left < NetworkCertificates.warningDays
            }
            if isLate { throw ExitCode(3) }
        }
    }
}
