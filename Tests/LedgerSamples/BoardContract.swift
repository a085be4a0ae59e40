package import ContractKit
package import Primitives

/// A notice board: the smallest contract with guests, residents, staff, due actions, and rules that fail in every way
/// a rule can fail. For tests of what lies below the modules.
package enum BoardContract: Contract {
    package static let name = "board"
    package static let commands: [any Command.Type] = [Join.self, Post.self, Remove.self, Misbehave.self, Plan.self]
    package static let reasons = [
        Reason("board.known"), Reason("board.unknown"), Reason("board.spoiled"), Reason("board.late"),
    ]
    package static let dueActions = [DueAction("board.ring", run: ring)]
    package static let notes = Table<Note>("board", "note")
    package static let alarms = Table<Alarm>("board", "alarm")

    private static func ring(_ id: String, _ execution: inout Execution) throws(Reason) {
        let alarm = try alarms.require(id, in: execution, else: Reason("board.unknown"))
        alarms.remove(id, in: &execution)
        execution.emit(Happened(id: id, what: "rang"))
        switch alarm.kind {
        case .ring: break
        case .fail: throw Reason("board.late")
        case .flood: for _ in 0..<700 { execution.emit(Happened(id: id, what: String(repeating: "x", count: 100))) }
        case .silence:
            if let other = alarm.other {
                execution.unschedule("board.ring", id: other, at: execution.time)
                execution.unschedule("board.ring", id: other, at: alarm.time)
            }
        }
    }
}

/// A note in the state.
package struct Note: Record {
    package let title: String
    package let author: String

    package init(title: String, author: String) {
        self.title = title
        self.author = author
    }

    package init(_ fields: inout Fields) throws(Reason) {
        author = try fields.identifier("author")
        title = try fields.string("title", bytes: 0...50_000)
    }

    package func write(to fields: inout JSONWriter) {
        fields.field("author", author)
        fields.field("title", title)
    }
}

/// What is to happen at some time.
package struct Alarm: Record {
    /// How the due action behaves.
    package enum Kind: String, Sendable { case ring, fail, flood, silence }
    package let kind: Kind
    package let other: String?
    package let time: Instant

    package init(kind: Kind, other: String?, time: Instant) {
        self.kind = kind
        self.other = other
        self.time = time
    }

    package init(_ fields: inout Fields) throws(Reason) {
        kind = try fields.word("kind")
        other = try fields.optionalIdentifier("other")
        time = try fields.instant("time")
    }

    package func write(to fields: inout JSONWriter) {
        fields.field("kind", kind.rawValue)
        if let other { fields.field("other", other) }
        fields.field("time", time.milliseconds)
    }
}

/// Something happened on the board.
package struct Happened: Event {
    package static let name: StaticString = "board.happened"
    package let id: String
    package let what: String

    package init(id: String, what: String) {
        self.id = id
        self.what = what
    }

    package init(_ fields: inout Fields) throws(Reason) {
        id = try fields.identifier("id")
        what = try fields.string("what", bytes: 0...200)
    }

    package func write(to fields: inout JSONWriter) {
        fields.field("id", id)
        fields.field("what", what)
    }
}
