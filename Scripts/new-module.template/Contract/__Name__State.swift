package import ContractKit
package import Primitives

/// A note: row `__name__/note/<id>`.
package struct __Name__Note: Record, Hashable {
    /// The party whose staff recorded it.
    package let party: String
    /// The note.
    package let text: String
    /// Time of the block that recorded it.
    package let time: Instant

    /// A note.
    package init(party: String, text: String, time: Instant) {
        self.party = party
        self.text = text
        self.time = time
    }

    /// Reads the row.
    package init(_ fields: inout Fields) throws(Reason) {
        party = try fields.identifier("party")
        text = try fields.text("text", bytes: __Name__Limits.text)
        time = try fields.instant("time")
    }

    /// Writes the row.
    package func write(to fields: inout JSONWriter) {
        fields.field("party", party)
        fields.field("text", text)
        fields.field("time", time.milliseconds)
    }
}

/// The tables of the notes.
package enum __Name__Tables {
    /// Notes by id.
    package static let notes = Table<__Name__Note>("__name__", "note")
}
