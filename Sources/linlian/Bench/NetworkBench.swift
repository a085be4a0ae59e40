import BudgetingContract
import ContractKit
import Foundation
import LedgerCore
import NodeRuntime
import Primitives
import RegistryContract

/// A whole network on this machine: etcd members and nodes as programs of their own, all of them sharing the cores with the
/// load client. A transaction counts when every node has it final.
struct NetworkBench {
    let nodes: Int
    let transactions: Int

    static let votes = 4
    private static let perPost = 50
    /// Transactions per second of the measurement of latency, and for how many seconds.
    private static let calmRate = 200
    private static let calmSeconds = 10
    static let origin = "bench.linlian.example"

    /// Founds a network in a temporary folder, runs it, and measures it.
    func run() async throws -> BenchFigure {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("linlian-bench-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let yaml = try Self.parties(nodes)
        let plan = try NetworkPlan(yaml: yaml, from: "bench", origin: Self.origin)
        let genesis = try GenesisFile(yaml: yaml, from: "bench")
        try await NetworkFounding(plan: plan, genesis: genesis, yaml: yaml, days: 30) { _ in }.write(to: path)
        let folder = NetworkFolder(path)
        let network = await NetworkRun(folder: folder, plan: plan, parties: plan.parties)
        var figure = try await network.run { try await measure(folder, plan) }
        // The nodes have ended, and with them their write-ahead logs.
        let all = plan.parties.count * (transactions + Self.calmRate * Self.calmSeconds)
        figure.add("bytesPerTransaction", Double(folder.ledgerBytes(plan)) / Double(all), decimals: 0)
        return figure
    }

    /// Three etcd members whatever the number of nodes: a fourth would bear no more losses.
    static func parties(_ nodes: Int) throws -> String {
        let names = (1...nodes).map { "party\($0)" }
        let ports = try NetworkAddress.freePorts(nodes * 4)
        let parties = names.enumerated().map { at, name in
            let own = ports[(at * 4)..<(at * 4 + 4)].map { "\($0)" }
            let member = at < 3 ? "" : ", member: false, via: [party\(at % 3 + 1)]"
            return
                "  - {id: \(name), name: \(name), kind: residents-committee, node-port: \(own[0]), peer-port: \(own[1]), "
                + "etcd-client-port: \(own[2]), etcd-peer-port: \(own[3])\(member)}"
        }
        let staff = names.map { "  - {party: \($0), title: staff, roles: [delegate, registrar, convener]}" }
        return """
            name: bench
            founder: party1
            parties:
            \(parties.joined(separator: "\n"))
            staff:
            \(staff.joined(separator: "\n"))
            groups:
              all-parties: {needed: \(nodes / 2 + 1), members: [\(names.joined(separator: ", "))]}
            """
    }

    private func measure(_ folder: NetworkFolder, _ plan: NetworkPlan) async throws -> BenchFigure {
        let calm = Self.calmRate * Self.calmSeconds
        let texts = try await prepare(folder, plan, count: transactions + calm)
        let bare = try await BareVerification.perSecond(texts.texts, keys: texts.keys, seconds: 1)
        let ports = plan.parties.map(\.nodePort)
        let before = try Self.finalSizes(ports).min() ?? 0
        let founded = try Self.health("height", ports[0])

        let start = ProcessInfo.processInfo.systemUptime
        try await flood(texts.texts[..<transactions], ports)
        let answered = ProcessInfo.processInfo.systemUptime - start
        try await Self.waitUntilAll(ports, reach: before + UInt64(transactions))
        let seconds = ProcessInfo.processInfo.systemUptime - start

        let flooded = try Self.health("height", ports[0])

        let times = try await PacedClient(ports: ports, rate: Self.calmRate).run(
            texts.texts[transactions...].map { Self.post($0.bytes, type: "application/vnd.linlian.tx") })
        var figure = BenchFigure("network")
        figure.add("nodes", nodes)
        figure.add("etcdMembers", plan.members.count)
        figure.add("transactions", transactions)
        figure.add("finalOnAllPerSecond", Double(transactions) / seconds, decimals: 0)
        figure.add("answeredPerSecond", Double(transactions) / answered, decimals: 0)
        figure.add("bareVerificationsPerSecond", bare, decimals: 0)
        figure.add("ratio", Double(transactions) / seconds / bare, decimals: 3)
        figure.add("transactionsPerBlock", Double(transactions) / Double(max(1, flooded - founded)))
        figure.add("calmPerSecond", Self.calmRate)
        let calmBlocks = Double(try Self.health("height", ports[0]) - flooded)
        figure.add("calmBlocksPerSecond", calmBlocks / Double(Self.calmSeconds))
        figure.add("finalP50Milliseconds", times[times.count / 2] * 1_000)
        figure.add("finalP99Milliseconds", times[times.count * 99 / 100] * 1_000)
        return figure
    }

    // MARK: Work

    private func prepare(
        _ folder: NetworkFolder, _ plan: NetworkPlan, count: Int
    ) async throws -> (texts: [TransactionText], keys: [SigningKey]) {
        guard let staff = try folder.node(plan.founder).signingKey(plan.founder) else {
            throw Complaint("the bench has no key")
        }
        let keys = (0..<max(100, count / Self.votes + 1)).map { _ in SigningKey(generating: .es256) }
        let opening = try Self.opening(keys, plan, staff)
        // One after another: what a vote needs must be there before it. A network that has just come up takes its time.
        let port = plan.parties[0].nodePort
        for text in opening {
            let request = Self.post(text.bytes, type: "application/vnd.linlian.tx")
            for _ in 0..<20 {
                let connection = try LoopbackConnection(port: port)
                try connection.begin(request)
                while try !connection.takeAnswer() {}
                if connection.status == 200 { break }
            }
        }
        let ports = plan.parties.map(\.nodePort)
        try await Self.waitUntilAll(ports, reach: try Self.finalSizes([port])[0])
        let chunk = 1_000
        let parts = try await withThrowingTaskGroup(of: (Int, [TransactionText]).self) { group in
            for start in stride(from: 0, to: count, by: chunk) {
                group.addTask { (start, try Self.ballots(keys, start..<min(start + chunk, count))) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        return (parts.keys.sorted().flatMap { parts[$0] ?? [] }, keys)
    }

    /// Opens the votes and the voters' accounts.
    static func opening(_ keys: [SigningKey], _ plan: NetworkPlan, _ staff: SigningKey) throws -> [TransactionText] {
        var opening: [TransactionText] = []
        func act(_ command: some Command) throws {
            opening.append(try signed(command, .party(plan.founder), staff))
        }
        for vote in 0..<votes {
            try act(
                CreateVote(
                    vote: "bench-\(vote)", title: "bench", budget: 1_000, currency: "CUR", rule: .greedy,
                    minimumApprovals: 1, maximumApprovals: 3))
            try act(
                AddProjects(
                    vote: "bench-\(vote)",
                    projects: (0..<8).map { ProjectEntry(id: "p\($0)", name: "project \($0)", cost: 100) }))
            try act(PublishVote(vote: "bench-\(vote)"))
        }
        for start in stride(from: 0, to: keys.count, by: 100) {
            let part = keys[start..<min(start + 100, keys.count)]
            try act(OpenAccounts(accounts: try part.map { AssistedAccount(key: try $0.publicKey) }))
        }
        return opening
    }

    static func ballots(_ keys: [SigningKey], _ range: Range<Int>) throws -> [TransactionText] {
        try range.map { number in
            try signed(
                CastBudgetBallot(
                    vote: "bench-\(number / keys.count)", projects: ["p\(number % 8)", "p\((number + 3) % 8)"]),
                .resident, keys[number % keys.count])
        }
    }

    private static func signed(_ command: some Command, _ capacity: Capacity, _ key: SigningKey) throws
        -> TransactionText
    {
        try Transaction.signedText(
            ledger: origin, type: "\(type(of: command).type)", capacity: capacity, body: command.canonicalJSON,
            nonce: Randomness.bytes(16), notAfter: SystemClock.now.advanced(byMilliseconds: Instant.hour), keys: [key])
    }

    // MARK: Load

    private func flood(_ texts: ArraySlice<TransactionText>, _ ports: [Int]) async throws {
        var requests = [[[UInt8]]](repeating: [], count: ports.count)
        for (number, start) in stride(from: texts.startIndex, to: texts.endIndex, by: Self.perPost).enumerated() {
            var body: [UInt8] = []
            for text in texts[start..<min(start + Self.perPost, texts.endIndex)] {
                body += Array("\(text.bytes.count)\n".utf8) + text.bytes
            }
            requests[number % ports.count].append(Self.post(body, type: "application/vnd.linlian.tx-batch"))
        }
        try await withThrowingTaskGroup { group in
            for (port, own) in zip(ports, requests) {
                group.addTask {
                    _ = try await LoadClient.run(own, port: port, connections: 64, mayWait: true)
                }
            }
            try await group.waitForAll()
        }
    }

    /// Number of final leaves at each node.
    private static func finalSizes(_ ports: [Int]) throws -> [UInt64] { try ports.map { try health("size", $0) } }

    /// A number of a node's health.
    private static func health(_ field: String, _ port: Int) throws -> UInt64 {
        let answer = String(
            decoding: try LoopbackConnection(port: port).get("/healthz", encoding: "identity"), as: UTF8.self)
        guard let start = answer.range(of: "\"\(field)\":") else { return 0 }
        return UInt64(answer[start.upperBound...].prefix { $0.isNumber }) ?? 0
    }

    private static func waitUntilAll(_ ports: [Int], reach size: UInt64) async throws {
        for _ in 0..<6_000 {
            if try finalSizes(ports).allSatisfy({ $0 >= size }) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Complaint("the nodes did not reach \(size) leaves: \(try finalSizes(ports))")
    }

    private static func post(_ body: [UInt8], type: String) -> [UInt8] {
        Array(
            "POST /api/v1/transactions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n"
                .utf8) + body
    }
}

extension NetworkFolder {
    /// Bytes of all nodes' ledger databases.
    fileprivate func ledgerBytes(_ plan: NetworkPlan) -> Int {
        plan.parties.reduce(0) { sum, party in
            let path = node(party.id).ledgerFile
            return sum + ((try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0)
        }
    }
}
