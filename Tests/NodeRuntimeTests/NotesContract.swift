import ContractKit
import Primitives

/// The smallest contract that has a guest, residents, staff, a rule that refuses, and state: for tests of the node.
enum NotesContract: Contract {
    static let name = "notes"
    static let commands: [any Command.Type] = [Join.self, Write.self]
    static let reasons = [Note.known]
    static let notes = Table<Note>("notes", "note")
}

/// A note in the state.
struct Note: Record {
    static let known = Reason("notes.known")
    let text: String

    init(text: String) { self.text = text }
    init(_ fields: inout Fields) throws(Reason) { text = try fields.text("text", bytes: 0...50_000) }
    func write(to fields: inout JSONWriter) { fields.field("text", text) }
}

/// A key introduces itself, as a resident or as staff of a party.
struct Join: Command {
    static let type: StaticString = "notes.join"
    static let callers = Callers.guest
    let key: PublicKey
    let party: String?
    var introducedKey: PublicKey? { key }

    init(key: PublicKey, party: String? = nil) {
        self.key = key
        self.party = party
    }

    init(_ fields: inout Fields) throws(Reason) {
        party = try fields.optionalIdentifier("party")
        let bytes = try fields.base64URL("publicKey", bytes: 32...65)
        key = try PublicKey(bytes.count == 65 ? .es256 : .edDSA, bytes)
    }

    func write(to fields: inout JSONWriter) {
        if let party { fields.field("party", party) }
        fields.field("publicKey", Base64.url.encode(key.bytes))
    }

    func execute(_ execution: inout Execution) throws(Reason) {
        try execution.openKey(key, party: party, roles: [party == nil ? "resident" : "clerk"])
    }
}

/// A resident writes a note once.
struct Write: Command {
    static let type: StaticString = "notes.write"
    static let callers = Callers.resident
    let id: String
    let text: String

    init(id: String, text: String) {
        self.id = id
        self.text = text
    }

    init(_ fields: inout Fields) throws(Reason) {
        id = try fields.identifier("id")
        text = try fields.text("text", bytes: 0...50_000)
    }

    func write(to fields: inout JSONWriter) {
        fields.field("id", id)
        fields.field("text", text)
    }

    func execute(_ execution: inout Execution) throws(Reason) {
        guard !NotesContract.notes.contains(id, in: execution) else { throw Note.known }
        NotesContract.notes.put(id, Note(text: text), in: &execution)
        execution.emit(Written(id: id))
    }
}

/// A note was written.
struct Written: Event {
    static let name: StaticString = "notes.written"
    let id: String

    init(id: String) { self.id = id }
    init(_ fields: inout Fields) throws(Reason) { id = try fields.identifier("id") }
    func write(to fields: inout JSONWriter) { fields.field("id", id) }
}
