package import ContractKit

/// The rules of the notes.
package enum __Name__Contract: Contract {
    package static let name = "__name__"
    package static let commands: [any Command.Type] = [Record__Name__Note.self]
    package static let reasons = __Name__Reason.all
}

/// Technical limits that keep every row and transaction small; they are not rule values.
package enum __Name__Limits {
    /// Length of a note in UTF-8 bytes.
    package static let text = 1...600
}
