import MerkleLog
package import Storage

/// What an archive is opened for: it says how long one may wait for it.
package enum ArchiveUse: Sendable {
    /// Somebody waits for an old record.
    case reading
    /// Leaves are moved, and nobody waits.
    case moving
}

/// A place for files that are written once: a folder or an object store. Everything has the path that C2SP tlog-tiles gives
/// it, so that any web server before the place serves the log.
///
/// All calls wait for the disk or the network: not for a thread that others wait for.
package protocol ArchiveStore: LeafArchive {
    /// The place, for messages.
    var name: String { get }
    /// What is at `path`; nil if there is nothing.
    func read(_ path: String) throws -> [UInt8]?
    /// Writes durably. Unless `replacing`, what is there already may be left as it is: the caller reads it back.
    func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws
    /// Removes what is at `path`, if there is anything.
    func remove(_ path: String) throws
    /// Ends what is under way and refuses the rest: the node is stopping.
    func interrupt()
}

extension ArchiveStore {
    /// The bytes of an entry bundle; nil if it is not there.
    package func bundle(_ index: UInt64) throws -> [UInt8]? {
        try read(TilePath.entries(index: index, width: Tiles.width).text)
    }

    /// Has the archive hold `bytes` at `path`: returns after they were read back from it. What is there already must be the
    /// same. Throws `NodeError` `archive.write`.
    package func keep(_ bytes: [UInt8], at path: String) throws {
        if let present = try read(path) {
            guard present == bytes else {
                throw NodeError(
                    "archive.write", "\(path) in \(name) is of another ledger, or damaged", help: ArchiveFailure.kept)
            }
            return
        }
        try put(bytes, at: path, replacing: false)
    }

    /// Has the archive hold `bytes` at `path` instead of whatever is there.
    package func replace(_ bytes: [UInt8], at path: String) throws {
        if try read(path) == bytes { return }
        try put(bytes, at: path, replacing: true)
    }

    private func put(_ bytes: [UInt8], at path: String, replacing: Bool) throws {
        try write(bytes, to: path, replacing: replacing)
        guard try read(path) == bytes else {
            throw NodeError(
                "archive.write", "\(path) in \(name) reads back otherwise than it was written",
                help: ArchiveFailure.kept)
        }
    }
}

/// What all failures of an archive say.
enum ArchiveFailure {
    /// What to do.
    static let kept = "nothing was deleted that the archive does not hold; check the archive and run it again"
}

/// The node is stopping: the archive goes on at its next start.
struct ArchiveInterrupted: Error {}
