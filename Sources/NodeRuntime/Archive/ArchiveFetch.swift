import Dispatch

/// Reads from an archive for whoever must not wait with a thread: every read waits for the disk or the network, and here on
/// threads that are there for it.
package struct ArchiveFetch: Sendable {
    private let archive: any ArchiveStore
    private let queue = DispatchQueue(label: "linlian.archive-fetch", attributes: .concurrent)

    /// A reader of an archive.
    package init(_ archive: any ArchiveStore) { self.archive = archive }

    /// What is at `path`; nil if there is nothing. Throws `NodeError` `archive.…`, also where it is larger than `limit`.
    package func find(_ path: String, limit: Int) async throws -> [UInt8]? {
        let bytes = try await withCheckedThrowingContinuation { answer in
            queue.async { answer.resume(with: Result { try archive.read(path) }) }
        }
        guard bytes?.count ?? 0 <= limit else {
            throw NodeError(
                "archive.answer", "\(path) in \(archive.name) is larger than it may be",
                help: "it was not written by this program")
        }
        return bytes
    }
}
