package import ContractKit
package import Primitives

/// `__name__.record`: a note under an id of its own.
package struct Record__Name__Note: Command {
    package static let type: StaticString = "__name__.record"
    package static let callers = Callers.anyStaff
    /// The note's id.
    package var id: String
    /// The note.
    package var text: String

    /// A note to record.
    package init(id: String, text: String) {
        self.id = id
        self.text = text
    }

    /// Reads the body.
    package init(_ fields: inout Fields) throws(Reason) {
        id = try fields.identifier("id")
        text = try fields.text("text", bytes: __Name__Limits.text)
    }

    /// Writes the body.
    package func write(to fields: inout JSONWriter) {
        fields.field("id", id)
        fields.field("text", text)
    }
}
