package import ContractKit
package import Primitives

/// A note was recorded.
package struct __Name__NoteRecorded: Event {
    package static let name: StaticString = "__name__.recorded"
    /// The note's id.
    package let id: String
    /// The note.
    package let note: __Name__Note

    init(id: String, note: __Name__Note) {
        self.id = id
        self.note = note
    }

    /// Reads the event.
    package init(_ fields: inout Fields) throws(Reason) {
        id = try fields.identifier("id")
        note = try __Name__Note(&fields)
    }

    /// Writes the event.
    package func write(to fields: inout JSONWriter) {
        fields.field("id", id)
        note.write(to: &fields)
    }
}
