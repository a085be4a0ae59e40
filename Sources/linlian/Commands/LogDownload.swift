import AsyncHTTPClient
import Foundation
import MerkleLog
import NIOCore
import NIOHTTP1
import NodeRuntime
import Primitives
import Verifier

/// Downloads the public log of a running node into a folder like an export's.
struct LogDownload {
    /// Answers a path without a leading slash.
    let fetch: (_ path: String) async throws -> [UInt8]

    /// Largest answer that is read: a bundle of 256 of the largest leaves.
    static let largest = 20 << 20

    /// From whoever `fetch` asks.
    init(fetch: @escaping (_ path: String) async throws -> [UInt8]) { self.fetch = fetch }

    /// From the address where people read the node's pages.
    init(address: String) throws {
        guard let base = URL(string: address), base.scheme == "http" || base.scheme == "https" else {
            throw Complaint("\(address) is no address: write http://HOST:PORT or https://HOST")
        }
        let trimmed = address.hasSuffix("/") ? String(address.dropLast()) : address
        fetch = { path in
            let response = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: "\(trimmed)/\(path)"), timeout: .seconds(30))
            guard response.status == .ok else { throw Complaint("\(path): the node answered \(response.status.code)") }
            var body = try await response.body.collect(upTo: LogDownload.largest)
            return body.readBytes(length: body.readableBytes) ?? []
        }
    }

    /// From another party's node, over the network of the nodes.
    init(peer: NetworkFile.Peer, _ client: PeerClient) {
        fetch = { try await client.get("/" + $0, from: peer) }
    }

    /// Calls `body` with the folder, and removes it afterwards. The node's own policy is in it, unless `policyFile` will
    /// be used.
    func run<Result>(policyFile: String?, _ body: (_ folder: String) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("linlian-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = LogExport(folder: folder)
        let checkpoint = try await fetch("checkpoint")
        try files.write(checkpoint, to: "checkpoint")
        if policyFile == nil { try files.write(try await fetch("policy"), to: "policy") }
        let size: UInt64
        do {
            size = try SignedCheckpoint(parsing: checkpoint).checkpoint.size
        } catch {
            throw AuditFailure(at: "checkpoint", check: error.code, expected: "a signed checkpoint", found: "\(error)")
        }
        let progress = ProgressBar("download", total: Int(size))
        var index: UInt64 = 0
        while index < size {
            let width = Int(min(UInt64(Tiles.width), size - index))
            let path = TilePath.entries(index: index / UInt64(Tiles.width), width: width).text
            try files.write(try await fetch(path), to: path)
            index += UInt64(width)
            progress.reach(Int(index))
        }
        for level in 0..<Tiles.levelCount(size: size) {
            for number in 0..<(size >> UInt64(8 * level + 8)) {
                let path = TilePath.tile(level: level, index: number, width: Tiles.width).text
                try files.write(try await fetch(path), to: path)
            }
        }
        progress.finish()
        return try await body(folder)
    }
}

/// Downloads the public log of a running node and checks it like an export.
struct URLAudit {
    let address: String
    let policyFile: String?

    func run() async throws -> LedgerAudit.Report {
        try await LogDownload(address: address).run(policyFile: policyFile) {
            try await ExportAudit(folder: $0, policyFile: policyFile).run()
        }
    }
}
