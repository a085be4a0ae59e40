import BudgetingContract
import ContractKit
import Foundation
import LedgerCore
import NodeRuntime
import Primitives
import RegistryContract

/// Real work for measurements: budget ballots of about 250 bytes, each signed with its voter's own P-256 key.
struct BenchWork {
    /// The folder of the measured node; removed by `remove`.
    let directory: NodeDirectory
    /// Voters; each casts one ballot in each vote.
    let voters: Int
    let votes: Int

    /// A fresh ledger in a temporary folder for `transactions` ballots.
    static func prepare(transactions: Int) async throws -> BenchWork {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("linlian-bench-\(UUID().uuidString)")
        let directory = NodeDirectory(folder.path)
        try await Founding.found(
            directory, origin: "bench.linlian.example",
            genesis: GenesisFile(yaml: StandardGenesis.yaml(name: "bench"), from: "bench"))
        let voters = min(10_000, max(100, transactions / 4))
        return BenchWork(
            directory: directory, voters: voters, votes: max(1, (transactions + voters - 1) / voters))
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory.path) }

    /// Opens the votes and the voters' accounts on a running node and gives the voters' keys.
    func open(on node: Node) async throws -> [SigningKey] {
        guard let key = try directory.signingKey("jiedao") else { throw Complaint("the bench has no key") }
        let staff = Signatory(node: node, key: key, capacity: .party("jiedao"))
        for vote in 0..<votes {
            try await staff.act(
                CreateVote(
                    vote: name(of: vote), title: "bench", budget: 1_000, currency: "CUR", rule: .greedy,
                    minimumApprovals: 1, maximumApprovals: 3))
            try await staff.act(
                AddProjects(
                    vote: name(of: vote),
                    projects: (0..<8).map { ProjectEntry(id: "p\($0)", name: "project \($0)", cost: 100) }))
            try await staff.act(PublishVote(vote: name(of: vote)))
        }
        let keys = (0..<voters).map { _ in SigningKey(generating: .es256) }
        for start in stride(from: 0, to: voters, by: 100) {
            let part = keys[start..<min(start + 100, voters)]
            try await staff.act(OpenAccounts(accounts: try part.map { AssistedAccount(key: try $0.publicKey) }))
        }
        return keys
    }

    /// Signs the ballots numbered from `first` up to `count`, on all cores.
    func ballots(_ keys: [SigningKey], count: Int, node: Node, from first: Int = 0) async throws -> [TransactionText] {
        let chunk = 1_000
        let starts = Array(stride(from: first, to: count, by: chunk))
        let parts = try await withThrowingTaskGroup(of: (Int, [TransactionText]).self) { group in
            for (number, start) in starts.enumerated() {
                group.addTask {
                    (number, try sign(keys, start..<min(start + chunk, count), node))
                }
            }
            var parts = [[TransactionText]](repeating: [], count: starts.count)
            for try await (number, texts) in group { parts[number] = texts }
            return parts
        }
        return parts.flatMap { $0 }
    }

    private func sign(_ keys: [SigningKey], _ range: Range<Int>, _ node: Node) throws -> [TransactionText] {
        try range.map { number in
            let voter = number % keys.count
            let projects = ["p\(number % 8)", "p\((number + 3) % 8)"]
            return try Signatory(node: node, key: keys[voter], capacity: .resident)
                .text(CastBudgetBallot(vote: name(of: number / keys.count), projects: projects))
        }
    }

    private func name(of vote: Int) -> String { "bench-\(vote)" }
}

/// Bare P-256 verifications per second on all cores, measured in the same run as what is compared with it.
enum BareVerification {
    static func perSecond(_ texts: [TransactionText], keys: [SigningKey], seconds: Double = 2) async throws -> Double {
        let workers = ProcessInfo.processInfo.activeProcessorCount
        let sample = texts.prefix(512).map { (line: $0.signatures[0], message: $0.signedBytes) }
        let publicKeys = try Dictionary(
            keys.prefix(512).map { (try $0.publicKey.keyID, try $0.publicKey) }, uniquingKeysWith: { first, _ in first }
        )
        let checks = sample.compactMap { entry in publicKeys[entry.line.keyID].map { (entry.line, entry.message, $0) } }
        guard !checks.isEmpty else { throw Complaint("nothing to verify") }
        let start = ProcessInfo.processInfo.systemUptime
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<workers {
                group.addTask { try Signatures.bareChecks(checks, for: .seconds(seconds)) }
            }
            return try await group.reduce(0, +)
        }
        return Double(total) / (ProcessInfo.processInfo.systemUptime - start)
    }
}
