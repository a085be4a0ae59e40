import ArgumentParser

/// `linlian bench`: the figures of the README, each as a ratio to bare signature verification in the same run.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure this machine: ingest, http, verify, state, restart.")

    enum What: String, ExpressibleByArgument, CaseIterable { case ingest, http, verify, state, restart }

    @Argument(help: "ingest, http, verify, state or restart.")
    var what: What

    @Option(help: "How many transactions (for state: keys).")
    var transactions = 100_000

    @Flag(help: "Print one JSON line.")
    var json = false

    func validate() throws {
        guard (100...5_000_000).contains(transactions) else { throw ValidationError("--transactions: 100 to 5000000") }
    }

    func run() async throws {
        let figures: [BenchFigure]
        switch what {
        case .ingest: figures = [try await BenchRuns.ingest(transactions)]
        case .http: figures = try await HTTPBench.run(transactions)
        case .verify: figures = [try await BenchRuns.verify(transactions)]
        case .state: figures = [try await BenchRuns.state(transactions)]
        case .restart: figures = [try await BenchRuns.restart(transactions)]
        }
        for figure in figures { print(json ? figure.json : figure.lines) }
    }
}
