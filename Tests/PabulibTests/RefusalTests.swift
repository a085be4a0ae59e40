import Pabulib
import Testing

@Suite("Pabulib reader: what it refuses, and where")
struct RefusalTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
        let code: PabulibError.Code
        var line = 0
        var column = 0
        var field = ""

        init(
            _ name: String, _ text: String, _ code: PabulibError.Code, line: Int = 0, column: Int = 0,
            field: String = ""
        ) {
            testDescription = name
            self.text = text
            self.code = code
            self.line = line
            self.column = column
            self.field = field
        }
    }

    static let base = "budget;100\nvote_type;approval\nrule;greedy\n"
    static let header = "project_id;cost;votes;name;selected"

    static let cases: [Case] = [
        Case("empty", "", .section),
        Case("not Pabulib", "<html>\n", .section, line: 1, column: 1),
        Case("no votes", "META\nkey;value\n\(base)", .section),
        Case("vote header missing", "META\nkey;value\n\(base)PROJECTS\n\(header)\nVOTES\n", .section),
        Case("no budget", sample(meta: "vote_type;approval\nrule;greedy\n"), .missingKey, line: 5, field: "budget"),
        Case("key twice", sample(meta: base + "rule;greedy\n"), .duplicate, line: 6, column: 1, field: "rule"),
        Case(
            "vote type", sample(meta: "budget;1\nvote_type;ordinal\nrule;greedy\n"), .voteType, line: 4, column: 11,
            field: "vote_type"),
        Case(
            "rule", sample(meta: "budget;1\nvote_type;approval\nrule;phragmen\n"), .rule, line: 5, column: 6,
            field: "rule"),
        Case(
            "threshold missing", sample(meta: "budget;1\nvote_type;approval\nrule;greedy-threshold\n"), .missingKey,
            line: 5, field: "min_project_score_threshold"),
        Case(
            "budget in words", sample(meta: "budget;1 000\nvote_type;approval\nrule;greedy\n"), .number, line: 3,
            column: 8, field: "budget"),
        Case("rows missing", sample(meta: base + "num_votes;3\n"), .rowCount, line: 6, column: 11, field: "num_votes"),
        Case(
            "projects missing", sample(meta: base + "num_projects;4\n"), .rowCount, line: 6, column: 14,
            field: "num_projects"),
        Case(
            "cost column missing", sample(projectHeader: "project_id;price;votes;name;selected"), .header, line: 9,
            column: 1, field: "cost"),
        Case(
            "column twice", sample(projectHeader: "project_id;cost;cost;name;selected"), .header, line: 9, column: 17,
            field: "cost"),
        Case("cost zero", sample(projects: "a;0;1;x;0\n"), .number, line: 10, column: 3, field: "cost"),
        Case("cost negative", sample(projects: "ł;-5;1;x;0\n"), .number, line: 10, column: 3, field: "cost"),
        Case("cost with exponent", sample(projects: "a;1e3;1;x;0\n"), .number, line: 10, column: 3, field: "cost"),
        Case(
            "cost too large", sample(projects: "a;99999999999999999999;1;x;0\n"), .number, line: 10, column: 3,
            field: "cost"),
        Case(
            "cost too large once scaled", sample(projects: "a;9223372036854775807;1;x;0\nb;1.5;0;y;0\nc;1;0;z;0\n"),
            .number, line: 10, field: "cost"),
        Case(
            "too many decimals",
            sample(
                meta: base,
                projects: "a;1.0000001;1;x;0\nb;1;1;x;0\nc;1;1;x;0\n"), .number, field: "cost"),
        Case("selected 4", sample(projects: "a;5;1;x;4\n"), .number, line: 10, column: 9, field: "selected"),
        Case("votes broken", sample(projects: "a;5;1.5;x;1\n"), .number, line: 10, column: 5, field: "votes"),
        Case(
            "project twice", sample(projects: "a;5;1;x;1\na;6;1;x;1\n"), .duplicate, line: 11, column: 1,
            field: "project_id"),
        Case(
            "project without identifier", sample(projects: ";5;1;x;1\n"), .number, line: 10, column: 1,
            field: "project_id"),
        Case("stray semicolon", sample(projects: "a;5;1;x;y;1\n"), .fieldCount, line: 10, column: 9),
        Case("field missing", sample(projects: "a;5;1\n"), .fieldCount, line: 10, column: 5),
        Case("quote left open", sample(projects: "a;5;1;\"x;1\n"), .quoting, line: 10, column: 7),
        Case("text after quote", sample(projects: "a;5;1;\"x\"y;1\n"), .quoting, line: 10, column: 10),
        Case(
            "unknown project", sample(votes: "v1;a,b\nv2;a,zzz\n"), .unknownProject, line: 16, column: 6, field: "vote"),
        Case(
            "empty name in ballot", sample(votes: "v1;a,,b\nv2;a\n"), .unknownProject, line: 15, column: 6,
            field: "vote"),
        Case(
            "unknown project after letters beyond ASCII", sample(votes: "łódź;a,x\nv2;a\n"), .unknownProject, line: 15,
            column: 8, field: "vote"),
        Case("voter twice", sample(votes: "v1;a\nv1;b\n"), .duplicate, line: 16, column: 1, field: "voter_id"),
        Case("voter missing", sample(votes: "v1;a\n;b\n"), .ballot, line: 16, column: 1, field: "voter_id"),
        Case(
            "choose-1 with two", sample(meta: "budget;1\nvote_type;choose-1\nrule;greedy\n", votes: "v1;a,b\n"),
            .ballot, line: 13, column: 4, field: "vote"),
        Case(
            "choose-1 with none", sample(meta: "budget;1\nvote_type;choose-1\nrule;greedy\n", votes: "v1;\n"),
            .ballot, line: 13, column: 4, field: "vote"),
    ]

    @Test("Malformed files", arguments: cases)
    func refused(example: Case) {
        let error = #expect(throws: PabulibError.self) { try read(example.text) }
        #expect(error?.code == example.code, "\(String(describing: error))")
        #expect(error?.line == example.line, "\(String(describing: error))")
        #expect(error?.column == example.column, "\(String(describing: error))")
        #expect(error?.field == example.field, "\(String(describing: error))")
        #expect(error?.description.contains("\n") == false)
    }

    @Test("Bytes that are not UTF-8")
    func notUTF8() {
        // 0xC3 begins a letter of two bytes; the e after it does not go on with it.
        let parts = sample().split(separator: "On", maxSplits: 1).map { Array($0.utf8) }
        let error = #expect(throws: PabulibError.self) { try PabulibReader.read(bytes: parts[0] + [0xC3] + parts[1]) }
        #expect(error?.code == .notUTF8)
        #expect(error?.line == 10)
        #expect(error?.column == 8)
    }

    @Test(
        "Limits",
        arguments: [
            PabulibLimits(bytes: 50), PabulibLimits(rowBytes: 5), PabulibLimits(fields: 3), PabulibLimits(metaRows: 2),
            PabulibLimits(projects: 2), PabulibLimits(ballots: 1),
        ])
    func limits(limits: PabulibLimits) {
        let error = #expect(throws: PabulibError.self) {
            try PabulibReader.read(bytes: Array(sample().utf8), limits: limits)
        }
        #expect(error?.code == .tooLarge)
    }

    @Test("A file that is not there")
    func missing() {
        let error = #expect(throws: PabulibError.self) { try PabulibReader.read(path: "/nowhere/at/all.pb") }
        #expect(error?.code == .unreadable)
    }

    @Test("Seeded damage: an election or an error, never a trap", arguments: [UInt64(1), 2, 3])
    func damage(seed: UInt64) {
        print("RefusalTests damage seed \(seed)")
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let alphabet = Array("\"\";;,,\n\r.0123456789abcv\u{FEFF}ł".utf8) + [0, 0xFF, 0x80]
        let whole = Array(sample().utf8)
        var codes: Set<PabulibError.Code> = []
        var accepted = 0
        for _ in 0..<4_000 {
            var bytes = whole
            for _ in 0...random(3) {
                let place = random(max(1, bytes.count))
                switch random(4) {
                case 0: bytes.insert(alphabet[random(alphabet.count)], at: place)
                case 1 where !bytes.isEmpty: bytes.remove(at: place)
                case 2: bytes.removeLast(random(min(30, bytes.count + 1)))
                default: if !bytes.isEmpty { bytes[place % bytes.count] = alphabet[random(alphabet.count)] }
                }
            }
            do {
                let election = try PabulibReader.read(bytes: bytes)
                // What is accepted can be counted or is refused with a reason.
                _ = try? election.count()
                accepted += 1
            } catch {
                codes.insert(error.code)
            }
        }
        #expect(accepted > 100, "seed \(seed)")
        #expect(codes.count >= 8, "seed \(seed): \(codes)")
    }
}
