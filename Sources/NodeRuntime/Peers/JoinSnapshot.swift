import LedgerCore
import Storage

/// Where the rows of a snapshot lie.
enum SnapshotPlace: Sendable {
    /// At a running node (`SnapshotPaths`).
    case node
    /// In an archive (`SnapshotList`).
    case archive
}

/// The state of a ledger that is copied.
extension LedgerJoin {
    /// Copies the newest snapshot; its height, or nil where there is none yet.
    func copySnapshot(from place: SnapshotPlace, to directory: NodeDirectory) async throws -> UInt64? {
        let snapshots = try SnapshotStore(path: directory.stateFile)
        defer { try? snapshots.close() }
        switch place {
        case .node: return try await copyFromNode(to: snapshots)
        case .archive: return try await copyFromArchive(to: snapshots)
        }
    }

    private func copyFromNode(to snapshots: SnapshotStore) async throws -> UInt64? {
        guard let text = try await fetch(SnapshotPaths.extent, 1_024) else { return nil }
        guard let extent = SnapshotExtent(parsing: text), extent.rows > 0 else { throw JoinFault.badSnapshot }
        var count: UInt64 = 0
        while count < extent.rows {
            let path = SnapshotPaths.rows(after: count, upTo: extent.rows)
            let rows = try await rows(at: path, limit: SnapshotPaths.largestPart)
            count += UInt64(rows.count)
            guard !rows.isEmpty, count <= extent.rows else { throw JoinFault.badSnapshot }
            try snapshots.add(rows, height: extent.height)
        }
        return extent.height
    }

    /// An archive has the snapshot in files. They name their height themselves, and the seal of that block in the log says
    /// whether they are its state: the receipt that lies beside them is for readers who have no log.
    private func copyFromArchive(to snapshots: SnapshotStore) async throws -> UInt64? {
        guard let text = try await fetch(SnapshotList.path, SnapshotList.largest) else { return nil }
        guard let newest = SnapshotList(text).entries.first, newest.parts > 0 else { throw JoinFault.badSnapshot }
        for part in 0..<newest.parts {
            let path = SnapshotList.path(newest.height, part: part)
            try snapshots.add(try await rows(at: path, limit: PeerClient.largestAnswer), height: newest.height)
        }
        return newest.height
    }

    private func rows(at path: String, limit: Int) async throws -> [StateChange] {
        guard let text = try await fetch(path, limit), let rows = try? SnapshotRows.decode(text)
        else { throw JoinFault.badSnapshot }
        return rows
    }
}
