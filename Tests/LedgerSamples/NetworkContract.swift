package import ContractKit
import LedgerCore
package import Primitives

/// Lets a clerk say who keeps the ledger, as the constitution does in a real one.
package enum NetworkContract: Contract {
    package static let name = "network"
    package static let commands: [any Command.Type] = [Arrange.self]
    package static let reasons: [Reason] = []

    /// These parties keep the ledger from now on.
    package struct Arrange: Command {
        package static let type: StaticString = "network.arrange"
        package static let callers = Callers.staff(role: "clerk")
        package let row: NetworkRow

        package init(row: NetworkRow) { self.row = row }
        package init(_ fields: inout Fields) throws(Reason) { row = try fields.record("row") }
        package func write(to fields: inout JSONWriter) { fields.field("row", object: { row.write(to: &$0) }) }
        package func execute(_ execution: inout Execution) throws(Reason) {
            LedgerTables.network.put("current", row, in: &execution)
        }
    }
}
