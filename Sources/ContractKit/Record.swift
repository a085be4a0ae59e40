package import Primitives

/// A value with one JSON form: a row of state, the body of a transaction, an event.
///
/// `init` and `write` name the same fields; `write` names them in UTF-8 order, because the form is canonical.
package protocol Record: Sendable {
    /// Reads the record from an object's fields; the caller refuses fields that were not read.
    init(_ fields: inout Fields) throws(Reason)
    /// Writes the record's fields into an object that the caller opened.
    func write(to fields: inout JSONWriter)
}

extension Record {
    /// The record as canonical JSON.
    package var canonicalJSON: [UInt8] {
        var writer = JSONWriter(capacity: 192)
        writer.object { write(to: &$0) }
        return writer.bytes
    }

    /// Reads a row of the state from its stored bytes. Refuses with `state.damaged`.
    package init(stored bytes: [UInt8]) throws(Reason) {
        do throws(Reason) {
            try self.init(json: bytes, limits: .init(depth: 16, bytes: 1 << 20, allowsNewlines: false))
        } catch {
            throw Reason.stateDamaged
        }
    }

    /// Reads a record from the JSON text of an object.
    package init(json: [UInt8], limits: JSONLimits = .init()) throws(Reason) {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(json, limits: limits)
        } catch {
            throw Reason(error.problem.rawValue)
        }
        var fields = try Fields(document.root)
        try self.init(&fields)
        try fields.finish()
    }
}

/// Something that happened: written into the leaf of the transaction that caused it, and read by projections.
package protocol Event: Record {
    /// `module.whatHappened`, stable.
    static var name: StaticString { get }
}

extension Event {
    /// Reads the event from its object in a leaf, whose member `event` holds the name.
    package init(event value: JSONValue) throws(Reason) {
        var fields = try Fields(value)
        _ = try fields.string("event", bytes: 1...64)
        try self.init(&fields)
    }
}
