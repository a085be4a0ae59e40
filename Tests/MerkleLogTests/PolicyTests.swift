import MerkleLog
import Primitives
import Testing

@Suite struct PolicyTests {
    private static let log = try? Signer("log.example", .ed25519, seed: 100)
    private static let parties = (0..<12).compactMap {
        try? Signer("party\($0).example", .cosignature, seed: UInt8($0 + 1))
    }

    /// The example of C2SP tlog-policy with keys in place of `<vkey>`.
    private static let example: String = {
        let keys = parties.map(\.key.text)
        return """
            log \(log?.key.text ?? "")

            witness X1 \(keys[0])
            witness X2 \(keys[1])
            witness X3 \(keys[2])
            group X-witnesses 2 X1 X2 X3

            witness Y1 \(keys[3])
            witness Y2 \(keys[4])
            witness Y3 \(keys[5])
            group Y-witnesses any Y1 Y2 Y3

            group X-and-Y all X-witnesses Y-witnesses
            quorum X-and-Y

            """
    }()

    private func policy(_ text: String) throws -> WitnessPolicy {
        try WitnessPolicy(parsing: ascii(text), using: H.self)
    }

    private func head(_ origin: UTF8Text = "log.example", signedBy signers: [Int], log: Bool = true) throws
        -> SignedCheckpoint
    {
        let checkpoint = try #require(Checkpoint(origin: origin, size: 3, root: Digest(1, 2, 3, 4)))
        var head = try SignedCheckpoint(checkpoint)
        if log { head.add(try #require(Self.log).sign(checkpoint.text)) }
        for signer in signers { head.add(try Self.parties[signer].sign(checkpoint.text, time: UInt64(signer))) }
        return head
    }

    @Test(arguments: [
        ([0, 1, 3], true, ["X3", "Y2", "Y3"]), ([0, 2, 5], true, ["X2", "Y1", "Y2"]),
        ([0, 1, 2], false, ["Y1", "Y2", "Y3"]),
        ([0, 3, 4, 5], false, ["X2", "X3"]), ([], false, ["X1", "X2", "X3", "Y1", "Y2", "Y3"]),
        ([0, 1, 2, 3, 4, 5], true, []),
    ])
    func theExampleAsksForTwoXAndOneY(signers: [Int], enough: Bool, missing: [String]) throws {
        let policy = try policy(Self.example)
        let head = try SignedCheckpoint(parsing: head(signedBy: signers + [9]).bytes)
        let evaluation = try policy.evaluate(head, using: CryptoEd25519.self)
        #expect(evaluation.isQuorumSatisfied == enough)
        #expect(evaluation.missing.map(\.description) == missing)
        #expect(evaluation.cosigned.map(\.time) == signers.map { UInt64($0) })
        #expect(evaluation.log?.description == "log.example")
        #expect(policy.isQuorum(evaluation.cosigned.map(\.witness)) == enough)
        if enough {
            #expect(try policy.require(head, using: CryptoEd25519.self) == evaluation)
        } else {
            #expect(throws: PolicyError.quorumMissing(evaluation.missing)) {
                try policy.require(head, using: CryptoEd25519.self)
            }
        }
    }

    @Test func logAndOriginAreChecked() throws {
        let policy = try policy(Self.example)
        let logName = try #require(Self.log).key.name
        #expect(throws: PolicyError.unknownOrigin("other.example")) {
            try policy.evaluate(head("other.example", signedBy: [0, 1, 3]), using: CryptoEd25519.self)
        }
        #expect(throws: PolicyError.logSignatureMissing([logName])) {
            try policy.evaluate(head(signedBy: [0, 1, 3], log: false), using: CryptoEd25519.self)
        }
        #expect(throws: PolicyError.unknownOrigin("log.example")) {
            try policy.evaluate(head(signedBy: [0]), origin: "other.example", using: CryptoEd25519.self)
        }
        // A signature moved from another text is no signature, and spoils the note.
        let checkpoint = try #require(Checkpoint(origin: "log.example", size: 4, root: .zero))
        var moved = try SignedCheckpoint(checkpoint)
        moved.add(try #require(Self.log).sign(checkpoint.text))
        moved.add(try Self.parties[0].sign(head(signedBy: []).checkpoint.text))
        #expect(throws: PolicyError.invalidSignature(Self.parties[0].key.name)) {
            try policy.evaluate(moved, using: CryptoEd25519.self)
        }
    }

    @Test func withoutLogsTheOriginIsGivenFromOutside() throws {
        let text = "witness A \(Self.parties[0].key.text)\nquorum A\n"
        let policy = try policy(text)
        let head = try head(signedBy: [0], log: false)
        #expect(throws: PolicyError.unknownOrigin("log.example")) {
            try policy.evaluate(head, using: CryptoEd25519.self)
        }
        #expect(throws: PolicyError.unknownOrigin("log.example")) {
            try policy.evaluate(head, origin: "else", using: CryptoEd25519.self)
        }
        let evaluation = try policy.require(head, origin: "log.example", using: CryptoEd25519.self)
        #expect(evaluation.log == nil)
        #expect(evaluation.isQuorumSatisfied)
    }

    @Test func writingAndReadingGiveTheSamePolicy() throws {
        let key = Self.parties[0].key.text
        let texts = [
            Self.example, "quorum none\n", "# only a comment\n \t# another\n\n\t quorum \t none \n",
            "log \(Self.log?.key.text ?? "") https://log.example/\nwitness 甲 \(key) https://a.example/\ngroup g 1 甲\nquorum g\n",
        ]
        for text in texts {
            let first = try policy(text)
            #expect(try WitnessPolicy(parsing: first.bytes, using: H.self) == first)
        }
        #expect(try policy(Self.example).bytes == ascii(Self.example.replacing("\n\n", with: "\n")).sortedLines())
    }

    @Test func refusalsNameTheirReason() throws {
        let key = Self.parties.map(\.key.text)
        let logKey = try #require(Self.log).key
        func name(_ text: String) throws -> PolicyName { try #require(PolicyName(text)) }
        let a = "witness a \(key[0])\n"
        let b = "witness b \(key[1])\n"
        let cases: [(String, PolicyError)] = [
            ("", .noQuorum), (a, .noQuorum), ("quorum none", .malformedLine(1)), ("quorum\n", .malformedLine(1)),
            ("quorum none x\n", .malformedLine(1)), ("quorum none\nquorum none\n", .quorumTwice),
            ("Quorum none\n", .malformedLine(1)), ("\nquorum\rnone\n", .malformedLine(2)),
            ("witness a\n", .malformedLine(1)),
            ("witness a \(key[0]) u v\n", .malformedLine(1)), ("quorum a\n", .unknownName(try name("a"))),
            ("witness a x+y+z\n", .badKey(line: 1, .malformed)),
            ("witness a \(logKey.text)\n", .wrongKeyType(logKey.name)),
            (a + "witness b \(key[0])\n", .duplicateKey(Self.parties[0].key.name)),
            ("log \(logKey.text)\nlog \(logKey.text)\n", .duplicateKey(logKey.name)),
            (a + "witness a \(key[1])\n", .nameTwice(try name("a"))),
            ("witness none \(key[0])\n", .nameTwice(try name("none"))),
            (a + "group none any a\n", .nameTwice(try name("none"))),
            (a + "group g any\n", .badThreshold(try name("g"))),
            (a + "group g 0 a\n", .badThreshold(try name("g"))), (a + "group g 2 a\n", .badThreshold(try name("g"))),
            (a + "group g some a\n", .malformedLine(2)), (a + "group g 01 a\n", .malformedLine(2)),
            (a + "group g any a a\n", .memberTwice(try name("a"))),
            (a + "group g any none\n", .unknownName(try name("none"))),
            (a + b + "group g any a\ngroup h all a b\n", .memberTwice(try name("a"))),
            (a + "group g any g\n", .unknownName(try name("g"))),
        ]
        for (text, error) in cases { #expect(throws: error, "\(text)") { try policy(text) } }
        #expect(throws: PolicyError.tooLarge) { try policy(String(repeating: "\n", count: 65_537)) }
        let k = Self.parties[0].key.text
        #expect(throws: PolicyError.malformedLine(1)) {
            try WitnessPolicy(parsing: ascii("witness a ") + [0x7F] + ascii(k + "\n"), using: H.self)
        }
    }

    @Test func quorumsIntersectExactlyWhenNoTwoAreDisjoint() throws {
        var random = SeededRandom(seed: 50)
        var yes = 0
        for _ in 0..<400 {
            var policy = WitnessPolicy()
            let count = 1 + random.below(8)
            var free: [PolicyName] = []
            for index in 0..<count {
                let name = try #require(PolicyName("w\(index)"))
                try policy.addWitness(name, Self.parties[index].key)
                free.append(name)
            }
            var groups = 0
            while free.count > 1 || groups == 0 {
                let size = 1 + random.below(free.count)
                free.shuffle(using: &random)
                let members = Array(free.prefix(size))
                free.removeFirst(size)
                let group = try #require(PolicyName("g\(groups)"))
                groups += 1
                let thresholds: [WitnessPolicy.Threshold] = [
                    .any, .all, .count(1 + random.below(size)), .count(size / 2 + 1),
                ]
                try policy.addGroup(group, thresholds[random.below(4)], of: members)
                free.append(group)
            }
            try policy.setQuorum(free[0])
            let names = policy.witnesses.map(\.name)
            let hasDisjoint = (0..<(1 << count)).contains { mask in
                let chosen = (0..<count).filter { mask >> $0 & 1 == 1 }.map { names[$0] }
                let others = (0..<count).filter { mask >> $0 & 1 == 0 }.map { names[$0] }
                return policy.isQuorum(chosen) && policy.isQuorum(others)
            }
            #expect(policy.quorumsIntersect() == !hasDisjoint, "\(String(decoding: policy.bytes, as: UTF8.self))")
            if !hasDisjoint { yes += 1 }
        }
        #expect(yes > 50 && yes < 350)
        #expect(try !policy("quorum none\n").quorumsIntersect())
        #expect(!WitnessPolicy().quorumsIntersect())
    }
}

extension [UInt8] {
    /// The lines in the order in which a policy is written: logs, witnesses, groups, quorum.
    fileprivate func sortedLines() -> [UInt8] {
        let lines = String(decoding: self, as: UTF8.self).split(separator: "\n")
        let order = ["log", "witness", "group", "quorum"]
        return ascii(order.flatMap { word in lines.filter { $0.hasPrefix(word) } }.map { $0 + "\n" }.joined())
    }
}
