import Foundation
import Primitives

/// Where a node's archived leaves are, and when they go there: `archive.json` in its folder.
package struct ArchiveFile: Codable, Sendable, Equatable {
    /// A place in an object store that speaks Amazon's S3 protocol.
    package struct ObjectStore: Codable, Sendable, Equatable {
        /// The bucket; it must exist.
        package var bucket: String
        /// What the names of all objects begin with, without a slash at the end; may be empty.
        package var prefix: String
        /// `http(s)://host[:port]`.
        package var endpoint: String
        /// The region that requests are signed for.
        package var region: String
        /// The file with the access key, never in here itself; relative to the node's folder.
        package var credentials: String
        /// Certificates (PEM) of the authority that the store's certificate comes from; nil for the system's.
        package var authority: String?

        /// Names a place.
        package init(
            bucket: String, prefix: String, endpoint: String, region: String, credentials: String,
            authority: String? = nil
        ) {
            self.bucket = bucket
            self.prefix = prefix
            self.endpoint = endpoint
            self.region = region
            self.credentials = credentials
            self.authority = authority
        }
    }

    /// A folder, on this machine or one that is mounted.
    package var folder: String?
    /// An object store; one of the two.
    package var s3: ObjectStore?
    /// A running node moves what is older than so many days into the archive by itself; nil leaves it to `linlian archive`.
    package var keepDays: Int?

    /// Names an archive.
    package init(folder: String? = nil, s3: ObjectStore? = nil, keepDays: Int? = nil) {
        self.folder = folder
        self.s3 = s3
        self.keepDays = keepDays
    }

    /// The archive as `--to` names it.
    package var name: String {
        guard let s3 else { return folder ?? "" }
        return "s3://\(s3.bucket)" + (s3.prefix.isEmpty ? "" : "/\(s3.prefix)")
    }

    /// A transaction may be sent again for a day, and its answer is read from its leaf: that must not be far away.
    package static let fewestDays = 1
}

extension NodeDirectory {
    /// Reads `archive.json`; nil if there is none. Refuses with `data.archive` one that cannot be read.
    package func archive() throws -> ArchiveFile? {
        guard let data = FileManager.default.contents(atPath: file("archive.json")) else { return nil }
        let found: ArchiveFile
        do {
            found = try JSONDecoder().decode(ArchiveFile.self, from: data)
        } catch {
            throw unreadable("\(error)")
        }
        guard (found.folder == nil) != (found.s3 == nil) else { throw unreadable("it names not one archive") }
        guard found.keepDays.map({ (ArchiveFile.fewestDays...36_500).contains($0) }) ?? true else {
            throw unreadable("keepDays is not \(ArchiveFile.fewestDays) to 36500")
        }
        return found
    }

    private func unreadable(_ why: String) -> NodeError {
        NodeError(
            "data.archive", "\(file("archive.json")) cannot be read: \(why)",
            help: "it says where linlian archive has put the old leaves: {\"folder\": \"...\"} or {\"s3\": {...}}")
    }

    /// Writes `archive.json`.
    package func write(_ archive: ArchiveFile) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try encoder.encode(archive).write(to: URL(fileURLWithPath: file("archive.json")), options: .atomic)
    }

    /// Opens an archive; nothing is asked of it yet. Throws `NodeError` `archive.place` where it cannot be one.
    package func open(_ archive: ArchiveFile, for use: ArchiveUse) throws -> any ArchiveStore {
        guard let s3 = archive.s3 else { return FolderArchive(archive.folder ?? "") }
        return try S3Archive(s3, inFolder: path, for: use)
    }
}
