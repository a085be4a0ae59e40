import Dispatch
import Foundation
import Synchronization

/// A program that runs for this one, with its output in a file.
@MainActor
final class ChildProcess {
    let name: String
    let log: String
    private let process = Process()
    private var isReported = false

    /// Starts `program`, in `folder`. It is told to end when this process dies, however it dies.
    ///
    /// Linux ties that to the thread which starts it, so it is one that stays: those that serve actors, the main actor too,
    /// come and go.
    init(_ name: String, _ program: String, _ arguments: [String], in folder: String, log: String) throws {
        self.name = name
        self.log = log
        let descriptor = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Complaint("\(log) cannot be written") }
        let output = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let tied = try ChildProcess.find("setpriv", package: "util-linux")
        process.executableURL = URL(fileURLWithPath: tied)
        process.arguments = ["--pdeathsig", "TERM", program] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        let starting = process
        try LastingThread.perform { try starting.run() }
    }

    var isRunning: Bool { process.isRunning }
    /// Whether it has ended well.
    var hasSucceeded: Bool {
        !process.isRunning && process.terminationReason == .exit && process.terminationStatus == 0
    }

    /// One line about its end, once.
    func endReport() -> String? {
        guard !process.isRunning, !isReported else { return nil }
        isReported = true
        let how = process.terminationReason == .uncaughtSignal ? "killed by signal" : "ended with exit code"
        return "\(name) \(how) \(process.terminationStatus); its log: \(log)" + (lastLine().map { "\n    \($0)" } ?? "")
    }

    /// The last line that it said.
    func lastLine() -> String? { text().split(separator: "\n").last.map { String($0.prefix(300)) } }

    /// What it has said.
    func text() -> String {
        FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Asks it to end.
    func terminate() {
        isReported = true
        if process.isRunning { process.terminate() }
    }

    /// Ends it without asking.
    func kill() {
        guard process.isRunning else { return }
        // With what it has started itself, where it leads a group of its own.
        let pid = process.processIdentifier
        Foundation.kill(getpgid(pid) == pid ? -pid : pid, SIGKILL)
    }

    /// The path of a program.
    static func find(_ program: String, package: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        for folder in path.split(separator: ":") + ["/usr/sbin", "/usr/bin"] {
            let full = "\(folder)/\(program)"
            if FileManager.default.isExecutableFile(atPath: full) { return full }
        }
        throw Complaint("there is no program \(program) here; install it with: apt-get install \(package)")
    }
}

/// One thread that lives as long as this process.
private enum LastingThread {
    private static let jobs = Mutex<[@Sendable () -> Void]>([])
    private static let wake = DispatchSemaphore(value: 0)
    private static let start: Void = Thread.detachNewThread {
        while true {
            wake.wait()
            let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            job?()
        }
    }

    /// Does the job there, and returns when it is done.
    static func perform(_ job: @escaping @Sendable () throws -> Void) throws {
        _ = start
        let result = Mutex(Result<Void, any Error>.success(()))
        let isDone = DispatchSemaphore(value: 0)
        jobs.withLock { jobs in
            jobs.append {
                result.withLock { $0 = Result { try job() } }
                isDone.signal()
            }
        }
        wake.signal()
        isDone.wait()
        try result.withLock { try $0.get() }
    }
}

/// SIGTERM, SIGINT and SIGHUP, remembered. A program started later gets them as ever.
enum StopSignal {
    private static let received = Atomic(false)

    /// Whether the process was told to stop.
    static var isReceived: Bool { received.load(ordering: .relaxed) }

    /// Begins to remember.
    static func listen() {
        _ = isReceived
        for number in [SIGTERM, SIGINT, SIGHUP] {
            signal(number) { _ in StopSignal.received.store(true, ordering: .relaxed) }
        }
    }
}
