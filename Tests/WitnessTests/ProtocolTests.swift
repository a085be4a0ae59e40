import Crypto
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LedgerCore
import MerkleLog
import NIOCore
import Primitives
import Testing
import Witness

@Suite("The witness protocol, answer by answer")
struct ProtocolTests {
    private func post(_ client: any TestClientProtocol, _ bytes: [UInt8]) async throws -> TestResponse {
        try await client.execute(uri: "/add-checkpoint", method: .post, body: ByteBuffer(bytes: bytes))
    }

    private func text(_ response: TestResponse) -> String { String(buffer: response.body) }

    /// Reads the lines of an answer the way tlog-witness suggests: as a note.
    private func check(_ response: TestResponse, _ witness: SampleWitness, _ checkpoint: SignedCheckpoint) throws {
        #expect(response.status == .ok)
        let note = try SignedNote(parsing: checkpoint.note.text + [0x0A] + Array(response.body.readableBytesView))
        #expect(note.signatures.count == 1)
        #expect(witness.accepts(try #require(note.signatures.first), of: checkpoint))
    }

    @Test("A log grows, and every step is cosigned")
    func grows() async throws {
        let empty = SampleLog("example.org/lane")
        let witness = try SampleWitness(watching: [empty])
        try await witness.server().application().test(.router) { client in
            var log = empty
            var old: UInt64 = 0
            for step in [0, 0, 1, 1, 5, 0, 60, 200] {
                log.grow(step)
                let request = try log.request(from: old)
                try check(try await post(client, request.bytes), witness, request.checkpoint)
                old = log.size
                #expect(try witness.record().first?.size == old)
            }
            let digest = H.hash(utf8: log.origin).hex
            let kept = try await client.execute(uri: "/\(digest)/checkpoint", method: .get)
            let signed = try SignedCheckpoint(parsing: Array(kept.body.readableBytesView))
            #expect(try signed.checkpoint == log.checkpoint().checkpoint)
            #expect(signed.note.status(of: witness.key, using: CryptoEd25519.self) == .valid(time: 1_767_225_600))
            #expect(try log.policy.require(signed, using: CryptoEd25519.self).isQuorumSatisfied)
        }
    }

    @Test("Every refusal has its status, and leaves nothing behind")
    func refusals() async throws {
        let log = SampleLog("example.org/lane", count: 20)
        let foreign = SampleLog("example.org/lane", count: 20)  // another key
        let fork = SampleLog("example.org/lane", count: 20, salt: "other", secret: log.secret)
        let unknown = SampleLog("example.org/elsewhere", count: 20)
        let witness = try SampleWitness(watching: [log])
        try await witness.server().application().test(.router) { client in
            #expect(try await post(client, log.request(from: 0, to: 10).bytes).status == .ok)
            let before = try witness.record()
            func refused(_ request: AddCheckpointRequest, _ status: Int, _ body: String) async throws {
                let response = try await post(client, request.bytes)
                #expect(response.status.code == status, "\(body)")
                #expect(text(response).hasPrefix(body + "\n"), "\(text(response))")
                // A code and a sentence in each language; a conflict is the size alone.
                #expect(text(response).split(separator: "\n").count == (status == 409 ? 1 : 3), "\(text(response))")
                #expect(!text(response).contains("{") && !text(response).contains("witness.refusal"))
                #expect(try witness.record() == before, "\(body)")
            }
            let good = try log.request(from: 10)
            var forged = try log.checkpoint()
            forged = try SignedCheckpoint(forged.checkpoint)
            forged.add(
                NoteSignature(
                    name: try log.key.name, keyID: try log.key.keyID, bytes: [UInt8](repeating: 1, count: 64)))
            try await refused(try unknown.request(from: 0), 404, "witness.unknownLog")
            try await refused(try foreign.request(from: 10), 403, "witness.untrusted")
            try await refused(
                AddCheckpointRequest(oldSize: 10, proof: good.proof, checkpoint: forged), 403, "witness.untrusted")
            // A valid signature beside a bad one of the same key: the note is malformed.
            var spoiled = good.checkpoint
            try spoiled.add(#require(forged.note.signatures.first))
            try await refused(
                AddCheckpointRequest(oldSize: 10, proof: good.proof, checkpoint: spoiled), 403, "witness.untrusted")
            try await refused(
                AddCheckpointRequest(oldSize: 21, proof: [], checkpoint: good.checkpoint), 400, "witness.oldSize")
            try await refused(try log.request(from: 0), 409, "10")
            try await refused(try log.request(from: 9), 409, "10")
            try await refused(try log.request(from: 11), 409, "10")
            try await refused(try log.request(from: 5, to: 5), 409, "10")
            try await refused(try fork.request(from: 10), 422, "witness.inconsistent")
            try await refused(try fork.request(from: 10, to: 10), 422, "witness.otherRoot")
            for proof in [[], Array(good.proof.dropLast()), good.proof + [.zero], good.proof.reversed()] {
                try await refused(
                    AddCheckpointRequest(oldSize: 10, proof: proof, checkpoint: good.checkpoint), 422,
                    "witness.inconsistent")
            }
            try await refused(
                AddCheckpointRequest(oldSize: 10, proof: [.zero], checkpoint: log.checkpoint(10)), 422,
                "witness.inconsistent")

            let broken = try await post(client, Array("old 10\n".utf8))
            #expect(broken.status == .badRequest && text(broken).hasPrefix("witness.malformed\n"))
            let large = [UInt8](repeating: 0x61, count: AddCheckpointRequest.maximumByteCount + 1)
            #expect(try await post(client, large).status == .contentTooLarge)
            #expect(try witness.record() == before)
            // The good one is still welcome, and twice.
            try check(try await post(client, good.bytes), witness, good.checkpoint)
            let again = try log.request(from: 20)
            try check(try await post(client, again.bytes), witness, again.checkpoint)
        }
    }

    @Test("A conflict tells the size as tlog-witness writes it")
    func conflict() async throws {
        let log = SampleLog("example.org/lane", count: 7)
        let witness = try SampleWitness(watching: [log])
        try await witness.server().application().test(.router) { client in
            let first = try await post(client, log.request(from: 3).bytes)
            #expect(first.status == .conflict)
            #expect(first.headers[.contentType] == "text/x.tlog.size")
            #expect(text(first) == "0\n")
        }
    }

    @Test("The empty tree has one root, and growing from it needs no proof and may bring none")
    func emptyTree() async throws {
        let log = SampleLog("example.org/lane", count: 4)
        let witness = try SampleWitness(watching: [log])
        try await witness.server().application().test(.router) { client in
            let wrong = AddCheckpointRequest(oldSize: 0, proof: [], checkpoint: try log.checkpoint(0, root: .zero))
            #expect(text(try await post(client, wrong.bytes)).hasPrefix("witness.emptyTree\n"))
            let proved = AddCheckpointRequest(oldSize: 0, proof: [.zero], checkpoint: try log.checkpoint())
            let answer = try await post(client, proved.bytes)
            #expect(answer.status == .unprocessableContent)
            #expect(try witness.record().first?.cosigned == nil)
        }
    }

    @Test("Signatures of strangers are ignored and not handed on")
    func strangers() async throws {
        let log = SampleLog("example.org/lane", count: 4)
        let stranger = SampleLog("example.org/stranger", count: 4)
        let witness = try SampleWitness(watching: [log])
        try await witness.server().application().test(.router) { client in
            var checkpoint = try log.checkpoint(extensions: ["something more"])
            let own = try #require(checkpoint.note.signatures.first)
            for _ in 0..<40 { checkpoint.add(own) }
            checkpoint.add(try NoteSignature(text: [1], key: stranger.key, time: 0) { _ in [2, 3] })
            let request = AddCheckpointRequest(oldSize: 0, proof: [], checkpoint: checkpoint)
            try check(try await post(client, request.bytes), witness, checkpoint)
            let digest = H.hash(utf8: log.origin).hex
            let kept = try await client.execute(uri: "/\(digest)/checkpoint", method: .get)
            #expect(try SignedNote(parsing: Array(kept.body.readableBytesView)).signatures.count == 2)
        }
    }

    @Test("Pages: what is watched, safely written, and nothing where nothing is")
    func pages() async throws {
        let log = SampleLog("example.org/<b>&\"lane", count: 4)
        let witness = try SampleWitness(watching: [log, SampleLog("example.org/two")])
        try await witness.server().application().test(.router) { client in
            _ = try await post(client, log.request(from: 0).bytes)
            let page = try await client.execute(uri: "/", method: .get)
            #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
            #expect(text(page).contains("example.org/&lt;b&gt;&amp;&quot;lane</td><td>4</td><td>2026-01-01T00:00:00Z"))
            #expect(text(page).contains(witness.key.text))
            #expect(text(page).contains("watches 2 ledgers") && !text(page).contains("witness.page"))
            let list = text(try await client.execute(uri: "/logs", method: .get))
            #expect(list == "4\t2026-01-01T00:00:00Z\texample.org/<b>&\"lane\n0\t-\texample.org/two\n")
            let unseen = H.hash(utf8: "example.org/two").hex
            for path in ["/\(unseen)/checkpoint", "/x/checkpoint", "/nothing"] {
                #expect(try await client.execute(uri: path, method: .get).status == .notFound)
            }
            #expect(try await client.execute(uri: "/add-checkpoint", method: .get).status != .ok)
        }
    }
}
