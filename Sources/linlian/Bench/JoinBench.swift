import AsyncHTTPClient
import Foundation
import LedgerCore
import MerkleLog
import NIOCore
import NIOHTTP1
import NodeRuntime

/// A node that joins a long ledger: copies it from a node that is a process of its own, over loopback HTTP, checks it
/// against the cosigned checkpoint and the state root, and is then opened as `serve` opens it.
struct JoinBench {
    let transactions: Int

    func run() async throws -> BenchFigure {
        let work = try await BenchWork.prepare(transactions: transactions)
        defer { work.remove() }
        _ = try await BenchRuns.fill(work, transactions)
        let port = try NetworkAddress.freePorts(1)[0]
        let joined = NodeDirectory(work.directory.path + "-joined")
        defer { try? FileManager.default.removeItem(atPath: joined.path) }
        let folder = work.directory.path
        let server = try await ChildProcess(
            "node", try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            ["serve", "--data", folder, "--port", "\(port)"], in: folder, log: folder + "/serve.log")
        let figure: BenchFigure
        do {
            figure = try await measure(work.directory, joined, port)
        } catch {
            await server.kill()
            throw error
        }
        await server.kill()
        return figure
    }

    private func measure(_ origin: NodeDirectory, _ joined: NodeDirectory, _ port: Int) async throws -> BenchFigure {
        for _ in 0..<600 where (try? LoopbackConnection(port: port).get("/healthz")) == nil {
            try await Task.sleep(for: .milliseconds(100))
        }
        try joined.create(try origin.identity())
        for name in try origin.keyNames() {
            if let key = try origin.signingKey(name) { try joined.write(key, as: name) }
        }
        let signer = try joined.signer()
        let start = ProcessInfo.processInfo.systemUptime
        let copy = try await LedgerJoin(address: "http://127.0.0.1:\(port)").run(
            into: joined, policy: signer.soloPolicy())
        let copied = ProcessInfo.processInfo.systemUptime
        _ = try await OwnProcess.figure(["bench", "open", "--data", joined.path])
        var figure = BenchFigure("join")
        figure.add("transactions", transactions)
        figure.add("leaves", Int(copy.leaves))
        figure.add("copySeconds", copied - start)
        figure.add("seconds", ProcessInfo.processInfo.systemUptime - start)
        return figure
    }
}

extension LedgerJoin {
    /// From the address where people read a node's pages.
    fileprivate init(address: String) {
        self.init(fetch: { path, limit in
            let answer = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: "\(address)/\(path)"), timeout: .seconds(30))
            if answer.status == .notFound { return nil }
            guard answer.status == .ok else { throw Complaint("\(path): the node answered \(answer.status.code)") }
            var body = try await answer.body.collect(upTo: limit)
            return body.readBytes(length: body.readableBytes) ?? []
        })
    }
}
