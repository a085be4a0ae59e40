package import ContractKit

extension Record__Name__Note {
    /// Records the note, if its id is free.
    package func execute(_ execution: inout Execution) throws(Reason) {
        guard let party = execution.caller.party else { throw Reason.notAllowed.at("as") }
        guard !__Name__Tables.notes.contains(id, in: execution) else { throw __Name__Reason.known.at("id") }
        let note = __Name__Note(party: party, text: text, time: execution.time)
        __Name__Tables.notes.put(id, note, in: &execution)
        execution.emit(__Name__NoteRecorded(id: id, note: note))
    }
}
