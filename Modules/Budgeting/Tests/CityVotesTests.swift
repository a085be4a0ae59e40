import BigInt
import BudgetingContract
import Pabulib
import Testing

/// Real city votes lie beside the project in `shared/data`; a missing file fails the test.
let cityVotes: String = {
    // Modules/Budgeting/Tests/CityVotesTests.swift → package root → beside it.
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return "/\(root)/../shared/data/pabulib"
}()

@Suite("Real city votes: our count is the city's decision")
struct CityVotesTests {
    @Test(
        "Every file",
        arguments: [
            ("Netherlands_Assen_2024.pb", 84, "equalshares/add1"),
            ("Poland_Swiecie_2023.pb", 2_553, "equalshares/add1"),
            ("Poland_Gdynia_2024_Babie_Doly__small.pb", 391, "greedy-no-skip"),
            ("Poland_Gdynia_2024_Chylonia__large.pb", 1_166, "greedy-no-skip"),
            ("Poland_Warszawa_2026_Brodno.pb", 1_446, "greedy-threshold"),
            ("Poland_Wroclaw_2015_150_-_500.pb", 131_778, "greedy-no-skip"),
        ])
    func sameWinners(file: String, ballots: Int, rule: String) throws {
        let election = try PabulibReader.read(path: "\(cityVotes)/\(file)")
        #expect(election.ballotCount == ballots)
        #expect(election.rule.name == rule)
        let profile = try election.profile()
        let result = try election.count()
        let official = try #require(election.officialWinners)
        #expect(result.winnerIDs.sorted() == official.sorted())
        #expect(result.totalCost <= election.budget)
        let same = result.winnerIDs.sorted() == official.sorted()
        print(
            "\(file) | \(ballots) ballots, \(profile.groupCount) groups | \(rule) | \(official.count) winners | \(same)"
        )
        // One ballot in Bródno names project 1379 twice and the city's column counts it twice; a set counts it once.
        let repeated = file.contains("Brodno") ? 1 : 0
        #expect(election.repetitions.count == repeated)
        #expect(election.differingVotes(profile).map { $0.stated - $0.counted } == Array(repeating: 1, count: repeated))
    }

    @Test("Projects funded in another way are not winners of the rule")
    func fundedOtherwise() throws {
        let election = try PabulibReader.read(path: "\(cityVotes)/Poland_Gdynia_2024_Babie_Doly__small.pb")
        #expect(election.fundedOtherwise == ["2024/BAD/0007"])
        #expect(election.value("comment")?.contains("\"Projekt +1\"") == true)
    }

    @Test("The start of the deciding count in Świecie and Assen")
    func starts() throws {
        for (file, rounds, start, next) in [
            ("Poland_Swiecie_2023.pb", 242, ExactFraction(1_687_826, 2_553), Int64(1_120_337)),
            ("Netherlands_Assen_2024.pb", 843, ExactFraction(42_703, 21), 105_700),
        ] {
            let result = try PabulibReader.read(path: "\(cityVotes)/\(file)").count()
            guard case .equalShares(let trace) = result.trace else {
                Issue.record("\(file) is counted by Equal Shares")
                continue
            }
            #expect(trace.rounds == rounds)
            #expect(trace.start == start)
            #expect(trace.ending == .nextRoundTooDear(totalCost: next))
        }
    }
}
