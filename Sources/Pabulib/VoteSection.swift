/// VOTES: one ballot a row, kept as project numbers in flat arrays.
struct VoteSection {
    private(set) var approvals: [Int32] = []
    private(set) var offsets: [Int] = [0]
    private(set) var repetitions = PabulibElection.Repetitions()
    private var voters = ByteTable()
    private var voterColumn = 0
    private var voteColumn = 0
    private var choosesOne = false
    /// Project → the last ballot that named it, to find repetitions without a set per ballot.
    private var lastBallot: [Int] = []

    var count: Int { offsets.count - 1 }

    mutating func begin(header: Header, projects: Int, type: PabulibElection.VoteType) {
        voterColumn = header.column("voter_id") ?? 0
        voteColumn = header.column("vote") ?? 0
        choosesOne = type == .chooseOne
        lastBallot = Array(repeating: -1, count: projects)
    }

    mutating func take(_ row: Row, projects: ByteTable, limits: PabulibLimits) throws(PabulibError) {
        guard count < limits.ballots else {
            throw row.error(.tooLarge, voterColumn, "voter_id", "there are more than \(limits.ballots) ballots")
        }
        let voter = row.trimmed(voterColumn)
        guard !voter.isEmpty else {
            throw row.error(.ballot, voterColumn, "voter_id", "a ballot needs its voter's identifier")
        }
        guard voter.withUnsafeBytes({ voters.insert($0) }) else {
            throw row.error(.duplicate, voterColumn, "voter_id", "this voter has a ballot already; keep one of the two")
        }
        let range = row.range(voteColumn)
        var names = 0
        if !row.trimmed(voteColumn).isEmpty {
            var start = range.lowerBound
            while start <= range.upperBound {
                var end = start
                while end < range.upperBound, row.bytes[end] != UInt8(ascii: ",") { end += 1 }
                names += 1
                try approve(row, start..<end, projects)
                start = end + 1
            }
        }
        guard !choosesOne || names == 1 else {
            throw row.error(.ballot, voteColumn, "vote", "a choose-1 ballot names exactly one project")
        }
        offsets.append(approvals.count)
    }

    private mutating func approve(_ row: Row, _ range: Range<Int>, _ projects: ByteTable) throws(PabulibError) {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, row.bytes[lower] == 0x20 || row.bytes[lower] == 0x09 { lower += 1 }
        while upper > lower, row.bytes[upper - 1] == 0x20 || row.bytes[upper - 1] == 0x09 { upper -= 1 }
        let found = row.bytes.withUnsafeBytes {
            projects.index(of: UnsafeRawBufferPointer(rebasing: $0[lower..<upper]))
        }
        guard let project = found else {
            let id = String(decoding: row.bytes[lower..<min(upper, lower + 60)], as: UTF8.self)
            throw error(.unknownProject, row, at: lower, "project \"\(id)\" is not in PROJECTS; correct the ballot")
        }
        if lastBallot[project] == count {
            // Happens in real files, even with stated votes that count both. An approval set counts it once.
            let place = error(.ballot, row, at: lower, "")
            repetitions.add(line: place.line, column: place.column, project: project)
            return
        }
        lastBallot[project] = count
        approvals.append(Int32(truncatingIfNeeded: project))
    }

    private func error(_ code: PabulibError.Code, _ row: Row, at byte: Int, _ message: String) -> PabulibError {
        let place = row.places[voteColumn]
        let start = row.range(voteColumn).lowerBound
        let characters = row.bytes[start..<byte].count { $0 & 0xC0 != 0x80 }
        return PabulibError(
            code, line: place.line, column: place.column + characters, field: "vote", message)
    }
}
