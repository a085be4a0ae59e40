import BudgetingContract
import Pabulib
import Testing

/// A small valid file; tests change parts of it.
func sample(
    meta: String = "budget;100\nvote_type;approval\nrule;greedy\nnum_projects;3\nnum_votes;2\n",
    projectHeader: String = "project_id;cost;votes;name;selected",
    projects: String = "a;60;2;One;1\nb;50;1;Two;0\nc;40;1;Three;2\n",
    voteHeader: String = "voter_id;vote", votes: String = "v1;a,b\nv2;a,c\n"
) -> String {
    "META\nkey;value\n\(meta)PROJECTS\n\(projectHeader)\n\(projects)VOTES\n\(voteHeader)\n\(votes)"
}

func read(_ text: String) throws(PabulibError) -> PabulibElection {
    try PabulibReader.read(bytes: Array(text.utf8))
}

@Suite("Pabulib reader: what it accepts")
struct ReaderTests {
    @Test("A plain file")
    func plain() throws {
        let election = try read(sample())
        #expect(election.budget == 100)
        #expect(election.decimals == 0)
        #expect(election.currencyUnit == 1)
        #expect(election.rule == .greedy)
        #expect(election.voteType == .approval)
        #expect(election.projects.map(\.counted.id) == ["a", "b", "c"])
        #expect(election.projects.map(\.counted.cost) == [60, 50, 40])
        #expect(election.projects.map(\.votesStated) == [2, 1, 1])
        #expect(election.officialWinners == ["a"])
        #expect(election.fundedOtherwise == ["c"])
        #expect(election.flatApprovals == [0, 1, 0, 2])
        #expect(election.offsets == [0, 2, 4])
        #expect(try election.count().winnerIDs == ["a", "c"])
        #expect(try election.differingVotes(election.profile()).isEmpty)
    }

    @Test("Line ends, byte order mark, blank lines, no last line end: the same election")
    func lineEnds() throws {
        let plain = try read(sample())
        let variants = [
            sample().replacing("\n", with: "\r\n"), sample().replacing("\n", with: "\r"), "\u{FEFF}" + sample(),
            sample().replacing("PROJECTS", with: "\n\nPROJECTS"), String(sample().dropLast()),
            "\u{FEFF}" + sample().replacing("\n", with: "\r\n") + "\r\n\r\n", sample().replacing(";", with: " ; "),
            sample().replacing("PROJECTS\n", with: "PROJECTS;;\n"),
        ]
        for text in variants {
            let election = try read(text)
            #expect(election.projects == plain.projects)
            #expect(election.flatApprovals == plain.flatApprovals)
            #expect(election.offsets == plain.offsets)
        }
    }

    @Test("Quotes: semicolons, quotes and line ends inside a field")
    func quoting() throws {
        let name = "Say \"\"yes\"\"; then\nbuild"
        let text = sample(projects: "\"a\";60;2;\"\(name)\";1\nb;50;1;Not \"quoted\" here;0\nc;40;1;\"\";2\n")
        for variant in [text, text.replacing("\n", with: "\r\n")] {
            let election = try read(variant)
            #expect(election.projects[0].counted.id == "a")
            #expect(election.projects[0].name.replacing("\r\n", with: "\n") == "Say \"yes\"; then\nbuild")
            #expect(election.projects[1].name == "Not \"quoted\" here")
            #expect(election.projects[2].name == "")
        }
    }

    @Test("Columns in any order, unknown columns ignored")
    func columns() throws {
        let election = try read(
            sample(
                projectHeader: "name;selected;x;cost;project_id", projects: "One;1;?;60;a\nTwo;0;?;50;b\nT;0;;40;c\n",
                voteHeader: "age;vote;voter_id", votes: "20;a,b;v1\n;c;v2\n"))
        #expect(election.projects.map(\.counted.id) == ["a", "b", "c"])
        #expect(election.flatApprovals == [0, 1, 2])
        #expect(election.projects[0].votesStated == nil)
    }

    @Test("Decimals: the smallest unit that makes all amounts whole")
    func decimals() throws {
        let election = try read(
            sample(
                meta: "budget;100,5\nvote_type;approval\nrule;greedy\n",
                projects: "a;60.25;2;One;1\nb;50,00;1;Two;0\nc;40.0;1;Three;0\n"))
        #expect(election.decimals == 2)
        #expect(election.currencyUnit == 100)
        #expect(election.budget == 10_050)
        #expect(election.projects.map(\.counted.cost) == [6_025, 5_000, 4_000])
    }

    @Test("Scores and threshold share one scale")
    func scores() throws {
        let election = try read(
            sample(
                meta: "budget;100\nvote_type;approval\nrule;greedy-threshold\nmin_project_score_threshold;1,5\n",
                projectHeader: "project_id;cost;score", projects: "a;60;1.25\nb;50;1,5\nc;40;20\n"))
        #expect(election.rule == .greedyThreshold(150))
        #expect(election.projects.map(\.counted.score) == [125, 150, 2_000])
        #expect(election.officialWinners == nil)
        #expect(try election.count().winnerIDs == ["c", "b"])
    }

    @Test("A blank approval ballot is a voter; a project named twice counts once and is reported")
    func ballots() throws {
        let election = try read(sample(votes: "v1;\nv2; a , c,a\n"))
        #expect(election.offsets == [0, 0, 2])
        #expect(election.flatApprovals == [0, 2])
        #expect(election.repetitions.count == 1)
        #expect(election.repetitions.places.map(\.line) == [16])
        #expect(election.repetitions.places.map(\.column) == [11])
        #expect(election.repetitions.places.map(\.project) == [0])
        #expect(try election.profile().voters == 2)
    }

    @Test("Pieces of any size give the same rows")
    func pieces() throws {
        // The real file is read in pieces of 256 KiB; its commas and quotes fall on both sides of the cuts.
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(root)/../shared/data/pabulib/Poland_Wroclaw_2015_150_-_500.pb"
        let election = try PabulibReader.read(path: path)
        #expect(election.ballotCount == 131_778)
        #expect(election.flatApprovals.count == 131_778)
        #expect(election.voteType == .chooseOne)
        #expect(try election.differingVotes(election.profile()).isEmpty)
    }
}
