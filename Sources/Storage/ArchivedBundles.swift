import LedgerCore
import MerkleLog
import Synchronization

/// Where leaves are that are no longer in the database: whole entry bundles (C2SP tlog-tiles), by number.
package protocol LeafArchive: Sendable {
    /// The bytes of an entry bundle; nil if it is not there. May take seconds, for which the calling thread waits.
    func bundle(_ index: UInt64) throws -> [UInt8]?
}

/// Reads bundles from the archive, believes only what the ledger's own tiles name, and remembers the last few.
package final class ArchivedBundles: Sendable {
    private struct Memory {
        /// Leaves of bundles that were compared with their tiles, the least recently used first.
        var bundles: [(number: UInt64, entries: [[UInt8]], size: Int)] = []
        var size = 0
        var failures: UInt64 = 0
        /// Until when an archive that could not be read is not asked again.
        var restsUntil: ContinuousClock.Instant?
    }

    /// Most bundles that are remembered, and most bytes: a page of blocks needs one bundle for each.
    private static let mostBundles = 128
    private static let mostBytes = 32 << 20
    /// An archive that does not answer would hold up whoever asks next as long as whoever asked first.
    private static let rest = Duration.seconds(3)

    private let archive: (any LeafArchive)?
    private let memory = Mutex(Memory())

    init(_ archive: (any LeafArchive)?) { self.archive = archive }

    /// How often the archive could not be read since the store was opened.
    package var failures: UInt64 { memory.withLock { $0.failures } }

    /// The leaves of a bundle. `tile` gives the hashes that they must have. Throws `storage.archive`.
    func entries(_ number: UInt64, _ tile: () throws -> [UInt8]?) throws -> [[UInt8]] {
        if let known = remembered(number) { return known }
        guard let archive else {
            throw StorageError("storage.archive", "bundle \(number) is in the archive, and there is no archive.json")
        }
        if let until = memory.withLock({ $0.restsUntil }), until > .now {
            throw StorageError(
                "storage.archive", "bundle \(number) is in the archive, which could not be read just now")
        }
        let bytes: [UInt8]?
        do {
            bytes = try archive.bundle(number)
            memory.withLock { $0.restsUntil = nil }
        } catch {
            memory.withLock { memory in
                memory.failures += 1
                memory.restsUntil = .now + ArchivedBundles.rest
            }
            throw StorageError("storage.archive", "bundle \(number) is in the archive, which cannot be read: \(error)")
        }
        guard let bytes else {
            memory.withLock { $0.failures += 1 }
            throw StorageError(
                "storage.archive", "bundle \(number) is not in the archive that archive.json names")
        }
        guard let entries = EntryBundle.decode(bytes), entries.count == Tiles.width, let tile = try tile(),
            Tiles.decode(tile) == entries.map({ CryptoSHA256.leafHash($0) })
        else {
            memory.withLock { $0.failures += 1 }
            throw StorageError("storage.archive", "bundle \(number) in the archive is not the ledger's")
        }
        remember(number, entries, bytes.count)
        return entries
    }

    private func remembered(_ number: UInt64) -> [[UInt8]]? {
        memory.withLock { memory in
            guard let place = memory.bundles.lastIndex(where: { $0.number == number }) else { return nil }
            let found = memory.bundles.remove(at: place)
            memory.bundles.append(found)
            return found.entries
        }
    }

    private func remember(_ number: UInt64, _ entries: [[UInt8]], _ size: Int) {
        memory.withLock { memory in
            guard !memory.bundles.contains(where: { $0.number == number }) else { return }
            memory.bundles.append((number, entries, size))
            memory.size += size
            while memory.bundles.count > 1,
                memory.size > ArchivedBundles.mostBytes || memory.bundles.count > ArchivedBundles.mostBundles
            {
                memory.size -= memory.bundles.removeFirst().size
            }
        }
    }
}
