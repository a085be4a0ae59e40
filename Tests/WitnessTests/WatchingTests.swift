import Crypto
import Foundation
import HTTPTypes
import HummingbirdTesting
import LedgerCore
import MerkleLog
import NIOCore
import Primitives
import Testing
import Witness

@Suite("What a witness watches")
struct WatchingTests {
    /// A party that cosigns a ledger's checkpoints.
    private struct Party {
        let secret = Curve25519.Signing.PrivateKey()
        let key: VerifierKey

        init(_ name: String) throws {
            let publicKey = Array(secret.publicKey.rawRepresentation)
            let name = try #require(SignerName(name))
            key = try #require(VerifierKey(name: name, type: .cosignature, publicKey: publicKey, using: H.self))
        }

        func cosign(_ checkpoint: inout SignedCheckpoint) throws {
            checkpoint.add(
                try NoteSignature(text: checkpoint.note.text, key: key, time: 1_767_225_000) {
                    try Array(secret.signature(for: $0))
                })
        }
    }

    private func policy(_ log: SampleLog, _ parties: [Party], threshold: Int) throws -> WitnessPolicy {
        var policy = WitnessPolicy()
        try policy.addLog(log.key)
        let names = try parties.map { try #require(PolicyName($0.key.name.description)) }
        for (name, party) in zip(names, parties) { try policy.addWitness(name, party.key) }
        let group = try #require(PolicyName("parties"))
        try policy.addGroup(group, .count(threshold), of: names)
        try policy.setQuorum(group)
        return policy
    }

    @Test("With a policy, it waits for the parties' quorum")
    func quorum() async throws {
        let log = SampleLog("example.org/lane", count: 6)
        let witness = try SampleWitness()
        let parties = try ["a", "b", "c"].map { try Party("example.org/lane/\($0)") }
        try witness.cosigner.store.watch([policy(log, parties, threshold: 2)], witness: witness.key)
        var checkpoint = try log.checkpoint()
        func cosign() async throws -> NoteSignature {
            try await witness.cosigner.cosign(AddCheckpointRequest(oldSize: 0, proof: [], checkpoint: checkpoint))
        }
        let names = parties.map(\.key.name.description)
        await #expect(throws: WitnessRefusal.quorumMissing(names)) { try await cosign() }
        try parties[0].cosign(&checkpoint)
        await #expect(throws: WitnessRefusal.quorumMissing(Array(names.dropFirst()))) { try await cosign() }
        #expect(try witness.record().first?.size == 0)
        try parties[2].cosign(&checkpoint)
        #expect(witness.accepts(try await cosign(), of: checkpoint))
        #expect(try witness.record().first?.asksParties == true)
        // One bad signature of a known party spoils the note.
        checkpoint.add(NoteSignature(name: parties[1].key.name, keyID: parties[1].key.keyID, bytes: [1, 2]))
        await #expect(throws: WitnessRefusal.untrusted("signature.invalid")) { try await cosign() }
    }

    @Test("What a Linlian node signs is cosigned under the policy that it gives out")
    func ownCheckpoint() async throws {
        let log = SampleLog("example.org/lane", count: 5)
        let signer = try #require(
            NodeSigner(origin: log.origin, party: "committee", logKey: log.secret, cosignerKey: .init()))
        let witness = try SampleWitness()
        try witness.cosigner.store.watch([signer.soloPolicy()], witness: witness.key)
        for (old, size) in [(0, 2), (2, 5)] {
            let checkpoint = try signer.checkpoint(
                size: UInt64(size), root: log.root(0..<size), at: Instant(milliseconds: 1_767_225_600_000))
            let proof = log.proof(UInt64(old), UInt64(size))
            let request = AddCheckpointRequest(oldSize: UInt64(old), proof: proof, checkpoint: checkpoint)
            #expect(witness.accepts(try await witness.cosigner.cosign(request), of: checkpoint))
        }
        // The log's key alone is not enough under this policy.
        await #expect(throws: WitnessRefusal.quorumMissing(["committee"])) {
            try await witness.cosigner.cosign(log.request(from: 5))
        }
    }

    @Test("A new key replaces the old one; the record stays; a log no longer watched is unknown")
    func changes() async throws {
        let log = SampleLog("example.org/lane", count: 6)
        let witness = try SampleWitness(watching: [log])
        _ = try await witness.cosigner.cosign(log.request(from: 0))
        let rotated = SampleLog("example.org/lane", count: 9)
        try witness.cosigner.store.watch([rotated.policy], witness: witness.key)
        await #expect(throws: WitnessRefusal.untrusted("signature.log-missing")) {
            try await witness.cosigner.cosign(log.request(from: 6))
        }
        _ = try await witness.cosigner.cosign(rotated.request(from: 6))
        #expect(try witness.cosigner.store.stop("example.org/lane"))
        #expect(try !witness.cosigner.store.stop("example.org/other"))
        #expect(try witness.cosigner.store.count() == 0)
        await #expect(throws: WitnessRefusal.unknownLog) {
            try await witness.cosigner.cosign(rotated.request(from: 9))
        }
        try witness.cosigner.store.watch([rotated.policy], witness: witness.key)
        await #expect(throws: WitnessRefusal.conflict(9)) {
            try await witness.cosigner.cosign(rotated.request(from: 0))
        }
    }

    @Test("A policy that could never be reached, or names no log, is refused")
    func badPolicies() throws {
        let log = SampleLog("example.org/lane", count: 1)
        let witness = try SampleWitness()
        var needsItself = WitnessPolicy()
        try needsItself.addLog(log.key)
        let district = try #require(PolicyName("district"))
        try needsItself.addWitness(district, witness.key)
        try needsItself.setQuorum(district)
        var empty = WitnessPolicy()
        try empty.setQuorum(#require(PolicyName("none")))
        for (policy, code) in [(needsItself, "witness.own-quorum"), (empty, "witness.no-log")] {
            let error = #expect(throws: WitnessError.self) {
                try witness.cosigner.store.watch([log.policy, policy], witness: witness.key)
            }
            #expect(error?.code == code)
        }
        #expect(try witness.record().isEmpty)
    }

    @Test("The secret is for its owner only; a folder is not made twice, and a lost or mixed-up one is not opened")
    func folder() throws {
        let witness = try SampleWitness()
        let path = witness.directory.path
        let attributes = try FileManager.default.attributesOfItem(atPath: path + "/witness.key")
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        func code(_ body: () throws -> Void) -> String? { #expect(throws: WitnessError.self) { try body() }?.code }
        #expect(code { _ = try witness.directory.create(name: "example.org/again") } == "witness.exists")
        #expect(code { _ = try WitnessDirectory(path + "/no").open() } == "witness.missing")
        #expect(code { _ = try WitnessDirectory(path + "/no").create(name: "two words") } == "witness.name")

        let other = try SampleWitness()
        try FileManager.default.removeItem(atPath: path + "/witness.key")
        try FileManager.default.copyItem(atPath: other.directory.path + "/witness.key", toPath: path + "/witness.key")
        #expect(code { _ = try witness.directory.open() } == "witness.key")

        let lost = WitnessDirectory(path + "/lost")
        _ = try lost.create(name: "example.org/lost")
        try FileManager.default.removeItem(atPath: lost.path + "/witness.sqlite")
        #expect(code { _ = try lost.open() } == "witness.lost")
        try Data(repeating: 7, count: 9_000).write(to: URL(fileURLWithPath: lost.path + "/witness.sqlite"))
        #expect(code { _ = try lost.open() } == "witness.damaged")
    }

    @Test("With a clock that stands before 1970 nothing is signed or recorded")
    func clock() async throws {
        let log = SampleLog("example.org/lane", count: 6)
        let witness = try SampleWitness(watching: [log], time: 0)
        try await witness.server().application().test(.router) { client in
            let body = ByteBuffer(bytes: try log.request(from: 0).bytes)
            let answer = try await client.execute(uri: "/add-checkpoint", method: .post, body: body)
            #expect(answer.status == .serviceUnavailable)
            #expect(String(buffer: answer.body).hasPrefix("witness.failed\n"))
        }
        #expect(try witness.record().first?.size == 0)
    }

    @Test("Opened again, a witness knows what it cosigned")
    func restart() async throws {
        let log = SampleLog("example.org/lane", count: 6)
        let fork = SampleLog("example.org/lane", count: 6, salt: "other", secret: log.secret)
        let witness = try SampleWitness(watching: [log])
        _ = try await witness.cosigner.cosign(log.request(from: 0))
        let again = try SampleWitness.open(witness.directory)
        await #expect(throws: WitnessRefusal.otherRoot) { try await again.cosign(fork.request(from: 6)) }
        #expect(witness.accepts(try await again.cosign(log.request(from: 6)), of: try log.checkpoint()))
        try again.store.close()
    }

    @Test("Thousands of logs are watched side by side and listed page by page")
    func thousands() async throws {
        let logs = (0..<5_000).map { SampleLog("example.org/lane/\($0)", count: 3, secret: Self.shared) }
        let witness = try SampleWitness(watching: logs)
        #expect(try witness.cosigner.store.count() == 5_000)
        for index in stride(from: 0, to: 5_000, by: 499) {
            let request = try logs[index].request(from: 0)
            #expect(witness.accepts(try await witness.cosigner.cosign(request), of: request.checkpoint))
        }
        try await witness.server().application().test(.router) { client in
            var seen = 0
            var after = ""
            while true {
                let page = String(buffer: try await client.execute(uri: "/logs?after=\(after)", method: .get).body)
                let lines = page.split(separator: "\n")
                guard let last = lines.last?.split(separator: "\t").last else { break }
                seen += lines.count
                after = String(last)
            }
            #expect(seen == 5_000)
            let first = String(buffer: try await client.execute(uri: "/", method: .get).body)
            #expect(first.split(separator: "<tr><td>").count == 101)
            #expect(first.contains("/?after=example.org%2Flane%2F"))
        }
    }

    private static let shared = Curve25519.Signing.PrivateKey()
}
