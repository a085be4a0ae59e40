import MerkleLog
import Primitives
import Testing
import Witness

@Suite("Never two inconsistent checkpoints")
struct ConsistencyTests {
    @Test("Of two histories posted at the same time exactly one is cosigned")
    func race() async throws {
        let common = SampleLog("example.org/lane", count: 1)
        let witness = try SampleWitness(watching: [common])
        var log = common
        for round in 0..<25 {
            let old = round == 0 ? 0 : log.size
            var (left, right) = (log, log)
            left.grow(3, salt: "left")
            right.grow(3, salt: "right")
            let requests = [try left.request(from: old), try right.request(from: old)]
            let cosigner = witness.cosigner
            let winners = await withTaskGroup(of: (Int, Bool).self) { group in
                for task in 0..<8 {
                    group.addTask { (task % 2, (try? await cosigner.cosign(requests[task % 2])) != nil) }
                }
                return await group.reduce(into: [Int]()) { won, result in if result.1 { won.append(result.0) } }
            }
            // The others of the same history come too late as well: their old size is no longer on record.
            #expect(winners.count == 1, "round \(round): \(winners)")
            log = winners.first == 0 ? left : right
            #expect(try witness.record().first?.size == log.size)
        }
    }

    @Test("A late request never takes the record back")
    func noRollback() async throws {
        let log = SampleLog("example.org/lane", count: 40)
        let witness = try SampleWitness(watching: [log])
        let cosigner = witness.cosigner
        for round in 0..<6 {
            let old = UInt64(round * 6)
            let requests = try (1...6).map { try log.request(from: old, to: old + UInt64($0)) }
            let won = await withTaskGroup(of: UInt64?.self) { group in
                for request in requests {
                    group.addTask {
                        (try? await cosigner.cosign(request)) == nil ? nil : request.checkpoint.checkpoint.size
                    }
                }
                return await group.reduce(into: [UInt64]()) { won, size in if let size { won.append(size) } }
            }
            #expect(won.count == 1)
            #expect(try witness.record().first?.size == won.first)
            let reached = won.first ?? 0
            if reached < old + 6 { _ = try await cosigner.cosign(log.request(from: reached, to: old + 6)) }
        }
    }

    /// A second, simple model: a cosigned tree is a list of leaves, and of every two cosigned lists of one log one must be
    /// the beginning of the other.
    @Test("Random growth with forks: all that is cosigned is one history", arguments: [11, 12, 13, 14] as [UInt64])
    func property(seed: UInt64) async throws {
        print("seed \(seed)")
        var random = SplitMix(seed: seed)
        let origins = (0..<3).map { SampleLog("example.org/lane\($0)") }
        let witness = try SampleWitness(watching: origins)
        var branches = origins.map { [$0] }
        var histories = [[Digest]](repeating: [], count: origins.count)
        var (cosigned, refused) = (0, 0)
        for step in 0..<300 {
            let which = random.below(origins.count)
            // Grow what was cosigned or another branch, or fork off a new one somewhere in its past.
            var branch = branches[which][random.below(branches[which].count)]
            if random.below(2) == 0 { branch.leaves = histories[which] }
            if random.below(5) == 0 { branch.leaves.removeLast(random.below(branch.leaves.count + 1)) }
            branch.grow(random.below(6), salt: "\(step)")
            branches[which].append(branch)
            if branches[which].count > 6 { branches[which].remove(at: random.below(6)) }

            let recorded = UInt64(histories[which].count)
            let size = random.below(3) == 0 ? UInt64(random.below(branch.leaves.count + 1)) : branch.size
            let old = random.below(3) == 0 ? UInt64(random.below(Int(size) + 1)) : min(recorded, size)
            var proof = branch.proof(old, size)
            if random.below(6) == 0, !proof.isEmpty { proof[random.below(proof.count)] = .zero }
            let request = AddCheckpointRequest(oldSize: old, proof: proof, checkpoint: try branch.checkpoint(size))
            let leaves = Array(branch.leaves.prefix(Int(size)))
            let expected = old == recorded && leaves.starts(with: histories[which]) && !proof.contains(.zero)
            do {
                let signature = try await witness.cosigner.cosign(request)
                #expect(expected, "seed \(seed), step \(step): cosigned what the model refuses")
                #expect(witness.accepts(signature, of: request.checkpoint))
                #expect(leaves.starts(with: histories[which]), "seed \(seed), step \(step): two histories")
                histories[which] = leaves
                cosigned += 1
            } catch is WitnessRefusal {
                #expect(!expected, "seed \(seed), step \(step): refused what the model cosigns")
                refused += 1
            }
            #expect(try witness.record()[which].size == UInt64(histories[which].count))
        }
        #expect(cosigned > 20 && refused > 20, "seed \(seed): \(cosigned) cosigned, \(refused) refused")
    }
}
