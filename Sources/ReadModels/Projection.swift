package import GRDB
package import LedgerCore

/// Turns events into SQL tables that pages and the API query. It can be thrown away and rebuilt from the log at any
/// time, so it holds nothing that the log does not.
package protocol Projection: Sendable {
    /// Stable name; its tables begin with it.
    var name: String { get }
    /// Raised whenever the tables or their meaning change: the projection is then rebuilt.
    var version: Int { get }
    /// The events it wants.
    var events: Set<String> { get }
    /// The tables it owns, dropped before a rebuild.
    var tables: [String] { get }
    /// Creates the tables.
    func prepare(_ database: Database) throws
    /// Follows one event. Events come in log order, each exactly once.
    func apply(_ event: RecordedEvent, _ database: Database) throws
}
