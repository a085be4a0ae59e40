import Foundation
import MerkleLog
package import Storage

/// Where a node's archived leaves are: `archive.json` in its folder.
package struct ArchiveFile: Codable, Sendable {
    /// A folder, on this machine or one that is mounted.
    package var folder: String

    /// Names an archive.
    package init(folder: String) { self.folder = folder }

    /// The archive itself.
    package func open() -> any LeafArchive { FolderArchive(folder) }
}

extension NodeDirectory {
    /// Reads `archive.json`; nil if there is none. Refuses with `data.archive` one that cannot be read.
    package func archive() throws -> ArchiveFile? {
        guard let data = FileManager.default.contents(atPath: file("archive.json")) else { return nil }
        do {
            return try JSONDecoder().decode(ArchiveFile.self, from: data)
        } catch {
            throw NodeError(
                "data.archive", "\(file("archive.json")) cannot be read: \(error)",
                help: "it holds {\"folder\": \"...\"}: where linlian archive has put the old leaves")
        }
    }

    /// Writes `archive.json`.
    package func write(_ archive: ArchiveFile) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try encoder.encode(archive).write(to: URL(fileURLWithPath: file("archive.json")), options: .atomic)
    }
}

/// Entry bundles in a folder, under their public paths: any web server can give them out.
package struct FolderArchive: LeafArchive {
    private let folder: String

    /// An archive in `folder`.
    package init(_ folder: String) { self.folder = folder }

    /// The bytes of a bundle; nil if there is no such file.
    package func bundle(_ index: UInt64) -> [UInt8]? {
        FileManager.default.contents(atPath: path(index)).map { [UInt8]($0) }
    }

    /// Writes a bundle and reads it back. One that is there already must be the same. Throws `NodeError` `archive.write`.
    package func keep(_ bytes: [UInt8], _ index: UInt64) throws {
        if let present = bundle(index) {
            guard present == bytes else { throw failure("\(path(index)) is of another ledger, or damaged") }
            return
        }
        let url = URL(fileURLWithPath: path(index))
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            let handle = try create(url.path + ".part")
            try handle.write(contentsOf: bytes)
            // The only other copy is deleted afterwards: it must be on disk, not on its way there.
            try handle.synchronize()
            try handle.close()
            guard rename(url.path + ".part", url.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            throw failure("\(path(index)) could not be written: \(error)")
        }
        guard bundle(index) == bytes else { throw failure("\(path(index)) reads back otherwise than it was written") }
    }

    private func create(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw CocoaError(.fileWriteUnknown) }
        return handle
    }

    private func path(_ index: UInt64) -> String {
        folder + "/" + TilePath.entries(index: index, width: Tiles.width).text
    }

    private func failure(_ message: String) -> NodeError {
        NodeError("archive.write", message, help: "nothing was deleted; check the folder and run it again")
    }
}
