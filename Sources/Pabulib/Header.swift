/// The names of a section's columns; columns may stand in any order.
struct Header {
    private var names: [String] = []

    init() {}

    init(_ row: Row, required: [String]) throws(PabulibError) {
        var names: [String] = []
        for field in 0..<row.count {
            let name = row.text(field)
            if !name.isEmpty, names.contains(name) {
                throw row.error(.header, field, name, "the header has the column \(name) twice; remove one")
            }
            names.append(name)
        }
        for name in required where !names.contains(name) {
            throw row.error(.header, 0, name, "the header lacks the column \(name); add it")
        }
        self.names = names
    }

    /// Where a column stands.
    func column(_ name: String) -> Int? { names.firstIndex(of: name) }

    /// Every row has as many fields as its header; otherwise a stray semicolon has moved the values.
    func check(_ row: Row) throws(PabulibError) {
        guard row.count == names.count else {
            throw row.error(
                .fieldCount, min(row.count, names.count) - 1, "",
                "the row has \(row.count) fields, its header \(names.count); quote fields that contain ;")
        }
    }
}
