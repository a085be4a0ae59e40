package import ContractKit
package import Primitives

/// A key introduces itself: as a resident, or as clerk of a party.
package struct Join: Command {
    package static let type: StaticString = "board.join"
    package static let callers = Callers.guest
    package let key: PublicKey
    package let party: String?
    package var introducedKey: PublicKey? { key }

    package init(key: PublicKey, party: String? = nil) {
        self.key = key
        self.party = party
    }

    package init(_ fields: inout Fields) throws(Reason) {
        party = try fields.optionalIdentifier("party")
        let bytes = try fields.base64URL("publicKey", bytes: 32...65)
        key = try PublicKey(bytes.count == 65 ? .es256 : .edDSA, bytes)
    }

    package func write(to fields: inout JSONWriter) {
        if let party { fields.field("party", party) }
        fields.field("publicKey", Base64.url.encode(key.bytes))
    }

    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.openKey(key, party: party, roles: [party == nil ? "resident" : "clerk"])
    }
}

/// A resident posts a note once; `details` nest three deep, for the personal-data screen.
package struct Post: Command {
    /// A part of a note.
    package struct Detail: Record {
        package let remark: String

        package init(remark: String) { self.remark = remark }
        package init(_ fields: inout Fields) throws(Reason) { remark = try fields.string("remark", bytes: 0...2_000) }
        package func write(to fields: inout JSONWriter) { fields.field("remark", remark) }
    }

    package static let type: StaticString = "board.post"
    package static let callers = Callers.resident
    package let details: [Detail]
    package let id: String
    package let title: String

    package init(id: String, title: String, details: [Detail] = []) {
        self.id = id
        self.title = title
        self.details = details
    }

    package init(_ fields: inout Fields) throws(Reason) {
        details = try fields.list("details", count: 0...20) { (entry) throws(Reason) in try Detail(&entry) }
        id = try fields.identifier("id")
        title = try fields.string("title", bytes: 0...50_000)
    }

    package func write(to fields: inout JSONWriter) {
        fields.field("details", array: details) { writer, detail in writer.object { detail.write(to: &$0) } }
        fields.field("id", id)
        fields.field("title", title)
    }

    package func execute(_ execution: inout Execution) throws(Reason) {
        guard !BoardContract.notes.contains(id, in: execution) else { throw Reason("board.known") }
        BoardContract.notes.put(id, Note(title: title, author: execution.caller.account), in: &execution)
        execution.emit(Happened(id: id, what: "posted"))
    }
}

/// A clerk takes a note down.
package struct Remove: Command {
    package static let type: StaticString = "board.remove"
    package static let callers = Callers.staff(role: "clerk")
    package let id: String

    package init(id: String) { self.id = id }
    package init(_ fields: inout Fields) throws(Reason) { id = try fields.identifier("id") }
    package func write(to fields: inout JSONWriter) { fields.field("id", id) }

    package func execute(_ execution: inout Execution) throws(Reason) {
        _ = try BoardContract.notes.require(id, in: execution, else: Reason("board.unknown"))
        BoardContract.notes.remove(id, in: &execution)
        execution.emit(Happened(id: id, what: "removed"))
    }
}

/// A resident's transaction that fails: it changes and removes rows, schedules, emits, and then refuses; or it emits
/// more than a leaf holds.
package struct Misbehave: Command {
    /// In what way it fails.
    package enum Way: String, Sendable { case spoil, flood }
    package static let type: StaticString = "board.misbehave"
    package static let callers = Callers.resident
    package let id: String
    package let way: Way

    package init(id: String, way: Way) {
        self.id = id
        self.way = way
    }

    package init(_ fields: inout Fields) throws(Reason) {
        id = try fields.identifier("id")
        way = try fields.word("way")
    }

    package func write(to fields: inout JSONWriter) {
        fields.field("id", id)
        fields.field("way", way.rawValue)
    }

    package func execute(_ execution: inout Execution) throws(Reason) {
        BoardContract.notes.put(id, Note(title: "spoiled", author: "nobody"), in: &execution)
        BoardContract.notes.put(id, Note(title: "spoiled again", author: "nobody"), in: &execution)
        BoardContract.notes.remove("keep", in: &execution)
        BoardContract.notes.put("fresh-\(id)", Note(title: "new", author: "nobody"), in: &execution)
        execution.schedule("board.ring", id: "never-\(id)", at: execution.time)
        execution.emit(Happened(id: id, what: "misbehaved"))
        switch way {
        case .spoil: throw Reason("board.spoiled")
        case .flood: for _ in 0..<700 { execution.emit(Happened(id: id, what: String(repeating: "x", count: 100))) }
        }
    }
}

/// A clerk plans an alarm.
package struct Plan: Command {
    package static let type: StaticString = "board.plan"
    package static let callers = Callers.anyStaff
    package let id: String
    package let alarm: Alarm

    package init(id: String, kind: Alarm.Kind = .ring, other: String? = nil, at time: Instant) {
        self.id = id
        alarm = Alarm(kind: kind, other: other, time: time)
    }

    package init(_ fields: inout Fields) throws(Reason) {
        alarm = try fields.record("alarm")
        id = try fields.identifier("id")
    }

    package func write(to fields: inout JSONWriter) {
        fields.field("alarm", object: { alarm.write(to: &$0) })
        fields.field("id", id)
    }

    package func execute(_ execution: inout Execution) throws(Reason) {
        BoardContract.alarms.put(id, alarm, in: &execution)
        execution.schedule("board.ring", id: id, at: alarm.time)
        execution.emit(Happened(id: id, what: "planned"))
    }
}
