import HummingbirdTesting
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Testing

@Suite("State with proof")
struct StateTests {
    /// Checks an answer from outside: proof → seal → receipt → policy. Gives the value.
    static func check(_ answer: JSONValue, policy: WitnessPolicy) throws -> String? {
        let key = try #require(answer.member("key")?.string)
        let value = answer.member("value")?.string
        let sealText = try #require(answer.member("seal")?.string)
        let seal = try Seal(parsing: Array(sealText.utf8))
        let encoded = try #require(Base64.standard.decode(answer.member("proof")?.string ?? "!"))
        try SparseProof(encoded: encoded).verify(
            keyHash: CryptoSHA256.hash(utf8: key), valueHash: value.map { CryptoSHA256.hash(utf8: $0) },
            root: seal.state, using: CryptoSHA256.self)
        let receipt = try TLogProof(parsing: Array(try #require(answer.member("receipt")?.string).utf8))
        #expect(receipt.extra == seal.bytes)
        #expect(receipt.index == seal.index)
        try receipt.verify(policy: policy, using: CryptoSHA256.self, ed25519: CryptoEd25519.self)
        return value
    }

    @Test("Presence and absence verify, and escaped and plain keys are the same")
    func proofs() async throws {
        try await TestNode.with { test in
            try await test.write(30)
            try await test.api { client in
                let policy = try WitnessPolicy(
                    parsing: try await client.get("/policy").bytes, using: CryptoSHA256.self)
                let plain = try await client.get("/api/v1/state/notes/note/n7").json()
                #expect(try Self.check(plain, policy: policy) == "{\"text\":\"hello\"}")
                let escaped = try await client.get("/api/v1/state/notes%2Fnote%2Fn7").json()
                #expect(try Self.check(escaped, policy: policy) == "{\"text\":\"hello\"}")
                let absent = try await client.get("/api/v1/state/notes/note/%E6%97%A0").json()
                #expect(try Self.check(absent, policy: policy) == nil)
                for bad in ["%zz", "%", "%ff", "a" + String(repeating: "b", count: 600)] {
                    #expect(try await client.get("/api/v1/state/\(bad)").code == "query.stateKey", "\(bad)")
                }
            }
        }
    }

    @Test("Proofs hold while blocks are being made")
    func proofsUnderLoad() async throws {
        try await TestNode.with { test in
            let policy = try WitnessPolicy(parsing: test.node.policy(), using: CryptoSHA256.self)
            try await test.api { client in
                try await withThrowingTaskGroup { group in
                    group.addTask { try await test.write(400, block: 10, prefix: "load") }
                    group.addTask {
                        for round in 0..<60 {
                            let answer = try await client.get("/api/v1/state/notes/note/load\(round * 5)").json()
                            _ = try Self.check(answer, policy: policy)
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }
}
