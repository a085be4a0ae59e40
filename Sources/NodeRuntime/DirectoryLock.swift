import Foundation
import Synchronization

/// Keeps a second process from making blocks in the same folder. The system frees the lock when the process ends, however
/// it ends.
final class DirectoryLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Locks the folder, or throws `data.locked`.
    init(_ directory: NodeDirectory) throws {
        let path = directory.file("lock")
        let opened = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw NodeError("data.write", "\(path) could not be opened", help: "check the folder's permissions")
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            throw NodeError(
                "data.locked", "another process is running the node in \(directory.path)",
                help: "stop it first, or use its HTTP interface")
        }
        descriptor = Mutex(opened)
    }

    /// Frees the lock now: whoever still holds a node that was closed must not keep the next one out. Unlocking, not only
    /// closing, because a process that is being started holds a copy of the descriptor for a moment.
    func release() {
        descriptor.withLock { descriptor in
            guard let opened = descriptor else { return }
            flock(opened, LOCK_UN)
            close(opened)
            descriptor = nil
        }
    }

    deinit { release() }
}
