import Foundation
import Synchronization

/// A progress bar on a terminal's error output; silent in a pipe.
final class ProgressBar: Sendable {
    private struct Storage {
        var done = 0
        var shown = 0.0
    }

    private let label: String
    private let total: Int
    private let isTerminal: Bool
    private let start = ProcessInfo.processInfo.systemUptime
    private let storage = Mutex(Storage())

    init(_ label: String, total: Int) {
        self.label = label
        self.total = max(1, total)
        isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
    }

    /// More was done.
    func advance(by count: Int = 1) {
        guard isTerminal else { return }
        storage.withLock { storage in
            storage.done += count
            show(&storage, force: false)
        }
    }

    /// So much is done in all.
    func reach(_ done: Int) {
        guard isTerminal else { return }
        storage.withLock { storage in
            storage.done = done
            show(&storage, force: false)
        }
    }

    /// Everything is done; the bar's line is ended.
    func finish() {
        guard isTerminal else { return }
        storage.withLock { storage in
            storage.done = total
            show(&storage, force: true)
        }
        FileHandle.standardError.write(Data("\n".utf8))
    }

    private func show(_ storage: inout Storage, force: Bool) {
        let now = ProcessInfo.processInfo.systemUptime
        guard force || now - storage.shown > 0.1 else { return }
        storage.shown = now
        let share = min(1, Double(storage.done) / Double(total))
        let width = 30
        let filled = Int(share * Double(width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        let seconds = now - start
        let left = share > 0.02 && share < 1 ? "  \(Int(seconds / share - seconds) + 1) s left" : ""
        let line = "\r\(label) \(bar) \(Int(share * 100)) %  \(storage.done)/\(total)\(left)\u{1B}[K"
        FileHandle.standardError.write(Data(line.utf8))
    }
}
