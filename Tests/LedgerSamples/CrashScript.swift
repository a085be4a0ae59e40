package import LedgerCore
package import Primitives

/// What a node is given to do in crash tests: the same transactions each time for the same numbers, so that whoever
/// looks at the ledger afterwards can make them again.
package enum CrashScript {
    /// The party that runs the node.
    package static let party = "office"

    /// The transactions that open the keys, the same in each run: only the first time are they accepted.
    package static func founding() throws -> [TransactionText] {
        var signer = SampleSigner(first: 1_000_000)
        return [
            try signer.join(try SampleSigner.key(1)), try signer.join(try SampleSigner.p256Key(2)),
            try signer.join(try SampleSigner.key(3), party: party),
        ]
    }

    /// Transactions of run number `run`, in groups that are handed over together; among them are refused ones, due
    /// actions, and some that stand in two groups.
    package static func groups(run: Int, count: Int) throws -> [[TransactionText]] {
        var signer = SampleSigner(first: UInt64(run) * 10_000)
        let resident = try SampleSigner.key(1)
        let phone = try SampleSigner.p256Key(2)
        let clerk = try SampleSigner.key(3)
        var groups: [[TransactionText]] = []
        for number in 0..<count {
            var group: [TransactionText] = []
            for place in 0...number % 4 {
                let id = "r\(run)-\(number)-\(place)"
                group.append(try signer.sign(Post(id: id, title: "note"), by: [place == 1 ? phone : resident]))
            }
            if number % 5 == 2 {
                group.append(try signer.sign(Misbehave(id: "m\(number)", way: .spoil), by: [resident]))
                let time = SampleSigner.start.advanced(byMilliseconds: Int64(run * 20 + number))
                let plan = Plan(id: "alarm-\(run)-\(number)", kind: number % 2 == 0 ? .ring : .fail, at: time)
                group.append(try signer.sign(plan, as: .party(party), by: [clerk]))
            }
            if number % 7 == 3, let earlier = groups.last?.first { group.append(earlier) }
            groups.append(group)
        }
        return groups
    }

    /// The id of a signed text.
    package static func id(_ text: TransactionText) -> Digest { CryptoSHA256.hash(text.signedBytes) }
}
