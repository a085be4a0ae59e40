import Foundation

/// An archive in a folder, on this machine or one that is mounted.
package struct FolderArchive: ArchiveStore {
    private let folder: String

    /// An archive in `folder`.
    package init(_ folder: String) { self.folder = folder }

    /// The folder.
    package var name: String { folder }

    /// What is in the file; nil if there is none.
    package func read(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: full(path)).map { [UInt8]($0) }
    }

    /// Writes a file: whole or not at all, and on disk when this returns. Throws `NodeError` `archive.write`.
    package func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws {
        let target = URL(fileURLWithPath: full(path))
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            let handle = try create(target.path + ".part")
            try handle.write(contentsOf: bytes)
            // The only other copy may be deleted afterwards: it must be on disk, not on its way there.
            try handle.synchronize()
            try handle.close()
            guard rename(target.path + ".part", target.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
            try synchronize(folderAt: target.deletingLastPathComponent().path)
        } catch {
            throw NodeError(
                "archive.write", "\(full(path)) could not be written: \(error)", help: ArchiveFailure.kept)
        }
    }

    /// Removes a file, if there is one.
    package func remove(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: full(path)) else { return }
        do {
            try FileManager.default.removeItem(atPath: full(path))
        } catch {
            throw NodeError(
                "archive.write", "\(full(path)) could not be removed: \(error)", help: ArchiveFailure.kept)
        }
    }

    /// A file is written in no time.
    package func interrupt() {}

    private func create(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw CocoaError(.fileWriteUnknown) }
        return handle
    }

    /// A file's new name is on disk when its folder is.
    private func synchronize(folderAt path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw CocoaError(.fileReadUnknown) }
        defer { close(descriptor) }
        // Some mounted file systems know no such thing and say so; they write through.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw CocoaError(.fileWriteUnknown) }
    }

    private func full(_ path: String) -> String { folder + "/" + path }
}
