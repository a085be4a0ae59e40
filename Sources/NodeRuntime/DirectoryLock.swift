import Foundation

/// Keeps a second process from making blocks in the same folder. The system frees the lock when the process ends, however
/// it ends.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Locks the folder, or throws `data.locked`.
    init(_ directory: NodeDirectory) throws {
        let path = directory.file("lock")
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw NodeError("data.write", "\(path) could not be opened", help: "check the folder's permissions")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw NodeError(
                "data.locked", "another process is running the node in \(directory.path)",
                help: "stop it first, or use its HTTP interface")
        }
    }

    deinit { close(descriptor) }
}
