import ConstitutionContract
import ContractKit
import Primitives

/// The changes of a proposal as one column: an object with the member `changes`.
struct ProposedChanges: Record {
    let changes: [ConstitutionChange]

    init(_ changes: [ConstitutionChange]) { self.changes = changes }

    init(_ fields: inout Fields) throws(Reason) {
        changes = try fields.list("changes", count: 0...ConstitutionLimits.changes, ConstitutionChange.init)
    }

    func write(to fields: inout JSONWriter) {
        fields.field("changes", array: changes) { writer, change in writer.object { change.write(to: &$0) } }
    }

    /// The column.
    var text: String { String(decoding: canonicalJSON, as: UTF8.self) }

    /// Reads the column.
    init(text: String) throws(Reason) {
        try self.init(json: Array(text.utf8), limits: JSONLimits(depth: 16, bytes: 1 << 20, allowsNewlines: false))
    }
}
