import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import LedgerCore
import Logging
import MerkleLog
import NIOCore
import Primitives
import Synchronization
import Testing
import Witness

@Suite("A node asks a witness")
struct ClientTests {
    /// Runs `body` against a real socket.
    private func serving(
        _ witness: SampleWitness, _ body: @Sendable (String) async throws -> Void
    ) async throws {
        try await witness.server().application().test(.live) { client in
            try await body("http://127.0.0.1:\(try #require(client.port))/")
        }
    }

    /// A witness that does what it likes.
    private func lying(
        _ answer: @escaping @Sendable (AddCheckpointRequest) async throws -> Response,
        _ body: @Sendable (String) async throws -> Void
    ) async throws {
        let router = Router()
        router.post("/add-checkpoint") { request, _ in
            let bytes = try await request.body.collect(upTo: 200_000)
            return try await answer(AddCheckpointRequest(parsing: Array(bytes.readableBytesView)))
        }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let application = Application(
            responder: router.buildResponder(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)), logger: logger)
        try await application.test(.live) { client in
            try await body("http://127.0.0.1:\(try #require(client.port))")
        }
    }

    private func line(_ witness: SampleWitness, _ checkpoint: SignedCheckpoint) async throws -> [UInt8] {
        try await witness.cosigner.cosign(AddCheckpointRequest(oldSize: 0, proof: [], checkpoint: checkpoint)).line
    }

    @Test("The first cosignature, the next, and the next after somebody else asked")
    func asks() async throws {
        let log = SampleLog("example.org/lane", count: 50)
        let witness = try SampleWitness(watching: [log])
        try await serving(witness) { url in
            let client = WitnessClient(key: witness.key, url: url)
            let asked = Mutex<[UInt64]>([])
            func cosign(_ size: UInt64) async throws -> Bool {
                let checkpoint = try log.checkpoint(size)
                let signature = try await client.cosign(checkpoint) { old in
                    asked.withLock { $0.append(old) }
                    return log.proof(old, size)
                }
                return witness.accepts(signature, of: checkpoint)
            }
            #expect(try await cosign(7))
            #expect(try await cosign(7))
            #expect(try await cosign(20))
            #expect(asked.withLock { $0 } == [7])
            // Somebody else, or this node before it was restarted, has taken the witness further.
            _ = try await witness.cosigner.cosign(log.request(from: 20, to: 33))
            #expect(try await cosign(50))
            #expect(asked.withLock { $0 } == [7, 20, 33])
            let fresh = WitnessClient(key: witness.key, url: url)
            let again = try await fresh.cosign(log.checkpoint()) { _ in throw CancellationError() }
            #expect(witness.accepts(again, of: try log.checkpoint()))
            await #expect(throws: WitnessFailure.ahead(size: 50)) {
                try await fresh.cosign(log.checkpoint(40)) { log.proof($0, 40) }
            }
        }
    }

    @Test("A refusal is told with its status and its code; a proof that cannot be made is told, too")
    func refused() async throws {
        let log = SampleLog("example.org/lane", count: 9)
        let fork = SampleLog("example.org/lane", count: 12, salt: "other", secret: log.secret)
        let witness = try SampleWitness(watching: [log])
        try await serving(witness) { url in
            let client = WitnessClient(key: witness.key, url: url)
            _ = try await client.cosign(log.checkpoint()) { log.proof($0) }
            await #expect(throws: WitnessFailure.refused(status: 422, "witness.inconsistent")) {
                try await client.cosign(fork.checkpoint()) { fork.proof($0) }
            }
            let failure = await #expect(throws: WitnessFailure.self) {
                try await client.cosign(fork.checkpoint()) { _ in throw CancellationError() }
            }
            #expect(failure?.code == "witness.proof-unavailable")
            let elsewhere = SampleLog("example.org/elsewhere", count: 1)
            await #expect(throws: WitnessFailure.refused(status: 404, "witness.unknownLog")) {
                try await WitnessClient(key: witness.key, url: url).cosign(elsewhere.checkpoint()) { _ in [] }
            }
            // The right address, but another witness's key.
            let other = try SampleWitness()
            await #expect(throws: WitnessFailure.badSignature) {
                try await WitnessClient(key: other.key, url: url).cosign(log.checkpoint()) { log.proof($0) }
            }
        }
    }

    @Test("A cosignature of another checkpoint is no cosignature")
    func otherCheckpoint() async throws {
        let log = SampleLog("example.org/lane", count: 9)
        let fork = SampleLog("example.org/lane", count: 9, salt: "other", secret: log.secret)
        let witness = try SampleWitness(watching: [log])
        let wrong = try await line(witness, fork.checkpoint())
        for (answer, failure) in [
            (wrong, WitnessFailure.badSignature), (Array("hello\n".utf8), .badAnswer), ([], .badAnswer),
            (Array(wrong.dropLast()), .badAnswer), (Array("\n— a AAAAAAA=\n".utf8), .badAnswer),
            (Array("— a AAAAAAA=\n".utf8), .badSignature),
            ([UInt8](repeating: 0x61, count: 100_000), .badAnswer),
        ] {
            try await lying { _ in
                Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer)))
            } _: { url in
                await #expect(throws: failure) {
                    try await WitnessClient(key: witness.key, url: url).cosign(log.checkpoint()) { log.proof($0) }
                }
            }
        }
    }

    @Test("A cosignature without a time is none; other keys' lines beside a good one do not matter")
    func timeAndStrangers() async throws {
        let log = SampleLog("example.org/lane", count: 9)
        let witness = try SampleWitness(watching: [log])
        let checkpoint = try log.checkpoint()
        let good = try await line(witness, checkpoint)
        let stranger = Array("— example.org/other AAAAAAAAAAA=\n".utf8)
        try await lying { _ in
            Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: stranger + good + stranger)))
        } _: { url in
            let signature = try await WitnessClient(key: witness.key, url: url).cosign(checkpoint) { log.proof($0) }
            #expect(witness.accepts(signature, of: checkpoint))
        }
        let secret = Curve25519.Signing.PrivateKey()
        let timeless = try #require(WitnessKey(name: witness.key.name, secret: secret)).verifier
        let line = try NoteSignature(text: checkpoint.note.text, key: timeless, time: 0) {
            try Array(secret.signature(for: $0))
        }.line
        try await lying { _ in
            Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: line)))
        } _: { url in
            await #expect(throws: WitnessFailure.badSignature) {
                try await WitnessClient(key: timeless, url: url).cosign(checkpoint) { log.proof($0) }
            }
        }
    }

    @Test("A witness that names one size after the other is asked three times and no more")
    func unsettled() async throws {
        let log = SampleLog("example.org/lane", count: 9)
        let witness = try SampleWitness()
        let asked = Mutex(0)
        @Sendable func told(_ text: String) -> Response {
            Response(
                status: .conflict, headers: [.contentType: "text/x.tlog.size"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        try await lying { request in
            asked.withLock { $0 += 1 }
            return told("\(request.oldSize + 1)\n")
        } _: { url in
            await #expect(throws: WitnessFailure.unsettled) {
                try await WitnessClient(key: witness.key, url: url).cosign(log.checkpoint()) { log.proof($0) }
            }
        }
        #expect(asked.withLock { $0 } == 3)
        for text in ["0\n", "1", "", "01\n", "one\n", "99999999999999999999999\n"] {
            try await lying { _ in
                told(text)
            } _: { url in
                await #expect(throws: WitnessFailure.badAnswer) {
                    try await WitnessClient(key: witness.key, url: url).cosign(log.checkpoint()) { log.proof($0) }
                }
            }
        }
    }

    @Test("No answer, a slow one, a dripping one and a redirect end in time", .timeLimit(.minutes(5)))
    func timeouts() async throws {
        let log = SampleLog("example.org/lane", count: 9)
        let witness = try SampleWitness()
        @Sendable func fails(_ url: String, _ code: String, _ timeout: Duration = .milliseconds(400)) async throws {
            let start = ContinuousClock.now
            let client = WitnessClient(key: witness.key, url: url, timeout: timeout)
            let failure = await #expect(throws: WitnessFailure.self) {
                try await client.cosign(log.checkpoint()) { log.proof($0) }
            }
            #expect(failure?.code == code, "\(String(describing: failure))")
            #expect(ContinuousClock.now - start < .seconds(20))
        }
        try await fails("http://127.0.0.1:1", "witness.unreachable")
        try await fails("nonsense", "witness.unreachable")
        try await lying { _ in
            try await Task.sleep(for: .seconds(3))
            return Response(status: .ok)
        } _: {
            try await fails($0, "witness.unreachable")
        }
        try await lying { _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for _ in 0..<30 {
                        try await writer.write(ByteBuffer(string: "a"))
                        try await Task.sleep(for: .milliseconds(100))
                    }
                    try await writer.finish(nil)
                })
        } _: {
            try await fails($0, "witness.unreachable")
        }
        try await lying { _ in
            Response(status: .temporaryRedirect, headers: [.location: "http://127.0.0.1:1/"])
        } _: {
            try await fails($0, "witness.refused")
        }
    }
}
