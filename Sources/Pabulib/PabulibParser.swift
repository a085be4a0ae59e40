import BudgetingContract

/// Builds an election from the rows of a Pabulib file as they come.
struct PabulibParser {
    private enum Section {
        case start, metaHeader, meta, projectHeader, projects, voteHeader, votes
    }

    private let limits: PabulibLimits
    private var tokens: RowTokenizer
    private var section = Section.start
    private var header = Header()
    private var meta = MetaSection()
    private var projects = ProjectSection()
    private var votes = VoteSection()

    init(limits: PabulibLimits) {
        self.limits = limits
        tokens = RowTokenizer(limits: limits)
    }

    mutating func feed(_ bytes: ArraySlice<UInt8>) throws(PabulibError) {
        for byte in bytes {
            if try tokens.take(byte) { try consume() }
        }
    }

    mutating func finish() throws(PabulibError) -> PabulibElection {
        if try tokens.finish() { try consume() }
        guard section == .votes else {
            throw PabulibError(
                .section, "the file ends before the votes; it needs the sections META, PROJECTS and VOTES with headers")
        }
        try meta.check(projects: projects.count, votes: votes.count)
        let scaled = try projects.scaled(budget: meta.budget, threshold: meta.threshold, limits: limits)
        return PabulibElection(
            meta: meta.rows.map { ($0.key, $0.value) }, voteType: meta.voteType,
            rule: try meta.rule(threshold: scaled.threshold), budget: scaled.budget, decimals: scaled.decimals,
            currencyUnit: scaled.unit, projects: scaled.projects, flatApprovals: votes.approvals,
            offsets: votes.offsets, repetitions: votes.repetitions)
    }

    private mutating func consume() throws(PabulibError) {
        defer { tokens.next() }
        let row = tokens.row
        if row.isBlank { return }
        if row.hasHighBytes { try checkUTF8(row) }
        switch section {
        case .start:
            try expectSection("META", row)
            section = .metaHeader
        case .metaHeader:
            header = try Header(row, required: ["key", "value"])
            section = .meta
        case .meta:
            if row.isSection("PROJECTS") {
                try meta.close(line: row.line)
                section = .projectHeader
            } else {
                try header.check(row)
                try meta.take(row, header: header, limits: limits)
            }
        case .projectHeader:
            header = try Header(row, required: ["project_id", "cost"])
            section = .projects
        case .projects:
            if row.isSection("VOTES") {
                section = .voteHeader
            } else {
                try header.check(row)
                try projects.take(row, header: header, limits: limits)
            }
        case .voteHeader:
            header = try Header(row, required: ["voter_id", "vote"])
            votes.begin(header: header, projects: projects.count, type: meta.voteType)
            section = .votes
        case .votes:
            try header.check(row)
            try votes.take(row, projects: projects.ids, limits: limits)
        }
    }

    private func expectSection(_ name: String, _ row: Row) throws(PabulibError) {
        guard row.isSection(name) else {
            throw PabulibError(
                .section, line: row.line, column: 1, "the file must begin with a line \(name); is it a Pabulib file?")
        }
    }

    private func checkUTF8(_ row: Row) throws(PabulibError) {
        for field in 0..<row.count where String(validating: row.bytes[row.range(field)], as: UTF8.self) == nil {
            throw PabulibError(
                .notUTF8, line: row.places[field].line, column: row.places[field].column,
                "this field is not UTF-8; save the file as UTF-8")
        }
    }
}

extension Row {
    /// Whether the row is the name of a section and nothing else (spreadsheets may add empty fields).
    func isSection(_ name: String) -> Bool {
        bytes.elementsEqual(name.utf8) && count > 0 && ends[0] == bytes.count
    }

    /// A field without spaces around it.
    func trimmed(_ field: Int) -> ArraySlice<UInt8> {
        var slice = bytes[range(field)]
        while let first = slice.first, first == 0x20 || first == 0x09 { slice.removeFirst() }
        while let last = slice.last, last == 0x20 || last == 0x09 { slice.removeLast() }
        return slice
    }

    /// A field as text without spaces around it; ``PabulibParser`` has checked that it is UTF-8.
    func text(_ field: Int) -> String { String(decoding: trimmed(field), as: UTF8.self) }

    /// An error at a field.
    func error(_ code: PabulibError.Code, _ field: Int, _ name: String, _ message: String) -> PabulibError {
        guard places.indices.contains(field) else { return PabulibError(code, line: line, field: name, message) }
        return PabulibError(code, line: places[field].line, column: places[field].column, field: name, message)
    }
}
