import ArgumentParser
import NodeRuntime

/// `linlian bench`: the figures of the README, each as a ratio to bare signature verification in the same run.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure this machine.",
        discussion: """
            ingest   transactions through the gate, ordering, execution and durable commit
            http     the same over loopback HTTP, one and fifty in a POST, and the latency of a single one
            verify   a whole ledger checked anew
            state    the tree over the state
            growth   what a transaction costs in a ledger of 10000, 100000 and 1000000
            restart  a filled ledger opened by a process of its own: seconds and memory
            open     the same for the ledger in --data
            join     a node that gets a ledger from another one: log, snapshot, checks, until it could serve
            catchup  a node of a network that was away, with a block for each transaction, at most 5000
            network  3, 4 and 5 nodes with three etcd members, all on this machine: final on every node
            pages    every kind of page in a community with as many homes as --transactions says
            """)

    enum What: String, ExpressibleByArgument, CaseIterable {
        case ingest, http, verify, state, growth, restart, open, join, catchup, pages, network
    }

    @Argument(help: "What to measure.")
    var what: What

    @Option(help: "How many transactions; for state: keys, for pages: homes.")
    var transactions = 100_000

    @Option(help: "A node's folder, for open.")
    var data: String?

    @Flag(help: "Print one JSON line for each figure.")
    var json = false

    func validate() throws {
        guard (100...5_000_000).contains(transactions) else { throw ValidationError("--transactions: 100 to 5000000") }
        guard (2...16).contains(nodes ?? 3) else { throw ValidationError("--nodes: 2 to 16") }
        guard (data != nil) == (what == .open) else { throw ValidationError("--data: the folder to open, for open") }
    }

    @Option(help: "How many nodes, for network; all three figures without it.")
    var nodes: Int?

    private func networks() async throws -> [BenchFigure] {
        var figures: [BenchFigure] = []
        for count in nodes.map({ [$0] }) ?? [3, 4, 5] {
            figures.append(try await NetworkBench(nodes: count, transactions: transactions).run())
        }
        return figures
    }

    func run() async throws {
        let figures: [BenchFigure]
        switch what {
        case .ingest: figures = [try await BenchRuns.ingest(transactions)]
        case .http: figures = try await HTTPBench.run(transactions)
        case .verify: figures = [try await BenchRuns.verify(transactions)]
        case .state: figures = [try await BenchRuns.state(transactions)]
        case .growth: figures = try await GrowthBench.run(transactions)
        case .restart: figures = [try await BenchRuns.restart(transactions)]
        case .open: figures = [try await BenchRuns.open(NodeDirectory(data ?? ""))]
        case .join: figures = [try await JoinBench(transactions: transactions).run()]
        case .catchup: figures = [try await CatchUpBench(blocks: min(transactions, 5_000)).run()]
        case .network: figures = try await networks()
        case .pages: figures = try await PagesBench.run(homes: transactions)
        }
        print(figures.map { json ? $0.json : $0.lines }.joined(separator: json ? "\n" : "\n\n"))
    }
}
