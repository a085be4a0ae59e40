import ConstitutionContract
import ContractKit
import LedgerTesting
import Primitives
import Testing

/// A second, simple reckoning: tries every way of splitting the parties p1…pn.
enum Apart {
    /// Whether two sets of parties without a common member can both reach all groups.
    static func isPossible(_ groups: [NetworkRow.Group], parties count: Int) -> Bool {
        let masks = groups.map { group in
            (group.needed, group.members.reduce(0) { $0 | 1 << ((Int($1.dropFirst()) ?? 1) - 1) })
        }
        func isEnough(_ set: Int) -> Bool {
            masks.allSatisfy { needed, members in (set & members).nonzeroBitCount >= needed }
        }
        let enough = (0..<1 << count).filter(isEnough)
        return enough.contains { one in enough.contains { one & $0 == 0 } }
    }
}

@Suite struct NetworkPropertyTests {
    /// Random groups of disjoint parties: accepted exactly when no two quorums can do without a common party.
    @Test(arguments: [UInt64(1), 2, 3]) func acceptedJustWhenQuorumsIntersect(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var accepted = 0
        var refused = 0
        for round in 0..<300 {
            let count = Int.random(in: 2...7, using: &random)
            let groups = randomGroups(of: count, &random)
            let command = Constitution.shared(parties: count, groups: groups)
            let apart = Apart.isPossible(groups, parties: count)
            do {
                let constitution = try Constitution(command)
                let network = try #require(try constitution.network)
                #expect(!apart, "seed \(seed) round \(round): \(groups)")
                #expect(network.groups == groups)
                accepted += 1
            } catch let reason as Reason {
                #expect(reason.code == ConstitutionReason.quorumApart.code)
                #expect(apart, "seed \(seed) round \(round): \(groups)")
                refused += 1
            }
        }
        #expect(accepted > 50 && refused > 50, "seed \(seed): both must be reached (\(accepted), \(refused))")
    }

    private func randomGroups(of count: Int, _ random: inout SeededGenerator) -> [NetworkRow.Group] {
        var left = Array(1...count).shuffled(using: &random)
        var groups: [NetworkRow.Group] = []
        repeat {
            let size = Int.random(in: 1...left.count, using: &random)
            let needed = Int64.random(in: 1...Int64(size), using: &random)
            groups.append(group("g\(groups.count)", needed, of: Array(left.prefix(size))))
            left.removeFirst(size)
        } while !left.isEmpty && random.chance(60)
        return groups
    }

    /// Whatever the share and the number of parties, the rule without groups is one that groups could set.
    @Test func theRuleWithoutGroupsIsSafe() throws {
        for count in 2...8 {
            for (numerator, denominator) in [(1, 2), (2, 3), (3, 4), (999, 1_000)] as [(Int64, Int64)] {
                var command = Constitution.shared(parties: count)
                command.parameters = [
                    ParameterSetting(
                        name: "constitution.quorum.numerator", value: .integer(numerator), source: "test"),
                    ParameterSetting(
                        name: "constitution.quorum.denominator", value: .integer(denominator), source: "test"),
                ]
                let constitution = try Constitution(command)
                let network = try #require(try constitution.network)
                #expect(network.groups.map(\.name) == ["parties"])
                #expect(network.groups.map(\.members) == [network.members.map(\.party)])
                #expect(try network.groups.map { Int($0.needed) } == [Parties.quorum(in: constitution.bench.state)])
                #expect(!Apart.isPossible(network.groups, parties: count))
            }
        }
    }
}
