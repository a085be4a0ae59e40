import HTTPTypes
import HummingbirdTesting
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Storage
import Testing

@Suite("The public read interface")
struct LogTests {
    @Test("Tiles and bundles are those of the tree over all leaves, and lead to the checkpoint's root")
    func tiles() async throws {
        try await TestNode.with { test in
            try await test.write(600, block: 97)
            try await test.api { client in
                let head = try SignedCheckpoint(parsing: try await client.get("/checkpoint").bytes).checkpoint
                let leaves = try test.node.store.leaves(from: 0, count: 10_000)
                #expect(head.size == UInt64(leaves.count))
                let hashes = leaves.map { CryptoSHA256.leafHash($0) }
                func bytes(_ range: Range<Int>) -> [UInt8] { hashes[range].flatMap(\.bytes) }
                var tree = MerkleTree<CryptoSHA256>()
                tree.append(contentsOf: hashes)
                #expect(tree.root() == head.root)
                for completed in tree.takeCompletedTiles() {
                    let path = TilePath.tile(
                        level: completed.coordinate.level, index: completed.coordinate.index, width: 256)
                    let answer = try await client.get("/\(path.text)")
                    #expect(answer.bytes == completed.bytes)
                    #expect(answer.headers[.cacheControl] == "public, max-age=31536000, immutable")
                    #expect(answer.headers[.contentType] == "application/octet-stream")
                }
                let rest = Int(head.size) % 256
                let last = Int(head.size) - rest
                for width in [1, 2, rest / 2, rest] {
                    let answer = try await client.get("/tile/0/00\(last / 256).p/\(width)")
                    #expect(answer.bytes == bytes(last..<last + width), "width \(width)")
                }
                #expect(try await client.get("/tile/0/000.p/17").bytes == bytes(0..<17))
                #expect(try await client.get("/tile/1/000.p/2").bytes == tree.partialTile(level: 1))
                let bundle = try await client.get("/tile/entries/00\(last / 256).p/\(rest)")
                #expect(EntryBundle.decode(bundle.bytes) == Array(leaves[last...]))
                #expect(EntryBundle.decode(try await client.get("/tile/entries/000").bytes) == Array(leaves[..<256]))
            }
        }
    }

    @Test(
        "What is beyond the log, or spelled otherwise, is not there",
        arguments: [
            "/tile/0/000", "/tile/0/000.p/200", "/tile/0/000.p/0", "/tile/0/000.p/256", "/tile/0/0", "/tile/00/000",
            "/tile/0/x000/000", "/tile/64/000", "/tile/1/000.p/1", "/tile/0/999", "/tile/entries/001.p/1",
            "/tile/entries/000", "/tile/0/x999/x999/x999/x999/x999/x999/999", "/tile/entries/%30%30%30.p/1",
            "/tile/-1/000",
        ])
    func beyond(_ path: String) async throws {
        try await TestNode.with { test in
            try await test.api { client in
                let answer = try await client.get(path)
                #expect(answer.status == .notFound)
                #expect(answer.code == "tile.unknown")
            }
        }
    }

    @Test("Readers who have it already get 304, and the checkpoint is kept for seconds only")
    func validators() async throws {
        try await TestNode.with { test in
            try await test.api { client in
                for path in ["/checkpoint", "/tile/0/000.p/1", "/policy", "/openapi.json", "/api/v1/leaves/0"] {
                    let first = try await client.get(path)
                    #expect(first.status == .ok, "\(path)")
                    let tag = try #require(first.headers[.eTag], "\(path)")
                    let again = try await client.get(path, [.ifNoneMatch: tag])
                    #expect(again.status == .notModified, "\(path)")
                    #expect(again.bytes.isEmpty)
                    let head = try await client.execute(uri: path, method: .head)
                    #expect(head.status == .ok)
                    #expect(head.bytes.isEmpty)
                    let post = try await client.execute(uri: path, method: .post)
                    #expect(post.status == .methodNotAllowed, "\(path)")
                    #expect(post.headers[.allow] == "GET, HEAD", "\(path)")
                }
                #expect(try await client.get("/checkpoint").headers[.contentType] == "text/plain; charset=utf-8")
                #expect(try await client.get("/checkpoint").headers[.cacheControl] == "public, max-age=2")
            }
        }
    }

    @Test("A receipt verifies by the published policy alone, whatever the log has grown to")
    func receipts() async throws {
        try await TestNode.with { test in
            let first = try test.note("first")
            _ = try await test.node.submit([first])
            for round in 0..<3 {
                try await test.write(150, prefix: "r\(round)-")
                try await test.api { client in
                    let policy = try WitnessPolicy(
                        parsing: try await client.get("/policy").bytes, using: CryptoSHA256.self)
                    let answer = try await client.get("/api/v1/receipts/\(test.id(first).hex)")
                    #expect(answer.headers[.contentDisposition]?.contains("linlian-") == true)
                    let proof = try TLogProof(parsing: answer.bytes)
                    try proof.verify(policy: policy, using: CryptoSHA256.self, ed25519: CryptoEd25519.self)
                    let leaf = try #require(proof.extra)
                    #expect(leaf.starts(with: first.bytes))
                    var damaged = leaf
                    damaged[40] ^= 1
                    #expect(throws: TLogProofError.self) {
                        try proof.verify(
                            leaf: damaged, policy: policy, using: CryptoSHA256.self, ed25519: CryptoEd25519.self)
                    }
                }
            }
            try await test.api { client in
                for path in ["receipts", "transactions", "attachments"] {
                    for id in [Digest.zero.hex, "abc", "%00", String(repeating: "G", count: 64)] {
                        let answer = try await client.get("/api/v1/\(path)/\(id)")
                        #expect(answer.status == .notFound, "\(path) \(id)")
                    }
                }
            }
        }
    }

    @Test("Blocks and transactions are listed in pages without gaps")
    func lists() async throws {
        try await TestNode.with { test in
            try await test.write(45, block: 5)
            try await test.api { client in
                var ids: [String] = []
                var query = ""
                while true {
                    let page = try await client.get("/api/v1/transactions?limit=10\(query)").json()
                    ids += page.member("transactions")?.elements.compactMap { $0.member("id")?.string } ?? []
                    guard let next = page.member("next")?.integer else { break }
                    query = "&before=\(next)"
                }
                #expect(ids.count == test.node.transactions.count)
                #expect(Set(ids).count == ids.count)
                let blocks = try await client.get("/api/v1/blocks?limit=3").json()
                #expect(blocks.member("blocks")?.count == 3)
                let newest = try #require(blocks.member("blocks")?.elements.first)
                let height = try #require(newest.member("height")?.integer)
                let one = try await client.get("/api/v1/blocks/\(height)").json()
                #expect(one.member("root")?.string == newest.member("root")?.string)
                let index = try #require(one.member("firstIndex")?.integer) + (one.member("entries")?.integer ?? 0)
                let seal = try await client.get("/api/v1/leaves/\(index)")
                #expect(seal.string == one.member("seal")?.string)
                for query in ["limit=0", "limit=101", "limit=x", "limit=", "upTo=-1", "upTo=01"] {
                    #expect(try await client.get("/api/v1/blocks?\(query)").code == "query.number", "\(query)")
                }
                #expect(try await client.get("/api/v1/blocks/\(height + 1)").code == "block.unknown")
                #expect(try await client.get("/api/v1/leaves/999999").code == "leaf.unknown")
            }
        }
    }
}
