import Foundation
import Ordering
import Synchronization

/// One etcd member of its own on loopback, without TLS, ended with the object.
final class EtcdProcess: Sendable {
    let endpoint: String
    private let process = Mutex<Process?>(nil)
    private let folder: String
    private let peerPort: Int
    private let quota: Int

    /// Starts a member with nothing in it. `quota` is how much it may hold, in bytes; 0 is what etcd thinks right.
    init(quota: Int = 0) throws {
        folder = NSTemporaryDirectory() + "etcd-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        endpoint = try "127.0.0.1:\(EtcdProcess.freePort())"
        peerPort = try EtcdProcess.freePort()
        self.quota = quota
        try start()
    }

    deinit { stop() }

    /// Starts the member with the data that it has.
    func start() throws {
        let started = Process()
        started.executableURL = URL(fileURLWithPath: "/usr/bin/etcd")
        started.arguments = [
            "--data-dir", folder, "--listen-client-urls", "http://\(endpoint)", "--advertise-client-urls",
            "http://\(endpoint)", "--listen-peer-urls", "http://127.0.0.1:\(peerPort)",
            "--initial-advertise-peer-urls", "http://127.0.0.1:\(peerPort)", "--initial-cluster",
            "default=http://127.0.0.1:\(peerPort)", "--max-request-bytes", "4194304", "--log-level", "error",
            "--quota-backend-bytes", "\(quota)",
        ]
        started.standardError = FileHandle.nullDevice
        started.standardOutput = FileHandle.nullDevice
        try started.run()
        process.withLock { $0 = started }
    }

    /// Ends it at once; the data stay.
    func kill() {
        guard let process = process.withLock({ $0 }), process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Ends it at once and starts it again.
    func restart() throws {
        kill()
        try start()
    }

    /// Stops it where it is: connections stay, and nobody answers.
    func pause() { signal(SIGSTOP) }

    func goOn() { signal(SIGCONT) }

    /// A copy of the data of a member that is stopped.
    func copyData() throws -> String {
        let copy = folder + "-copy"
        try FileManager.default.copyItem(atPath: folder, toPath: copy)
        return copy
    }

    /// Replaces the data of a member that is stopped.
    func putBack(_ copy: String) throws {
        try FileManager.default.removeItem(atPath: folder)
        try FileManager.default.moveItem(atPath: copy, toPath: folder)
    }

    /// Ends it; the data go.
    func stop() {
        kill()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Runs `etcdctl`; gives what it prints.
    func control(_ words: String...) throws -> String {
        let control = Process()
        let output = Pipe()
        control.executableURL = URL(fileURLWithPath: "/usr/bin/etcdctl")
        control.arguments = ["--endpoints", "http://\(endpoint)"] + words
        control.environment = ["ETCDCTL_API": "3"]
        control.standardOutput = output
        control.standardError = FileHandle.nullDevice
        try control.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        control.waitUntilExit()
        guard control.terminationStatus == 0 else { throw EtcdControlError(words: words) }
        return String(decoding: said, as: UTF8.self)
    }

    /// Deletes all batches of the ledger, and cuts the history off there.
    func cutHistory(of origin: String) throws {
        _ = try control("del", "--prefix", "/linlian/\(origin)/batches/")
        let status = try control("get", "/", "-w", "json")
        guard let revision = status.firstMatch(of: /"revision":(\d+)/)?.1 else {
            throw EtcdControlError(words: ["get"])
        }
        _ = try control("compact", String(revision))
    }

    /// Begins the order of the ledger anew, as an administrator does.
    func beginAnew(_ start: OrderStart, of origin: String) throws {
        let key = "/linlian/\(origin)/start"
        _ = try control("del", key)
        _ = try control("put", key, String(decoding: start.text(origin: origin), as: UTF8.self))
    }

    private func signal(_ number: Int32) {
        guard let process = process.withLock({ $0 }) else { return }
        Foundation.kill(process.processIdentifier, number)
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Int in
                guard bind(descriptor, address, length) == 0, getsockname(descriptor, address, &length) == 0
                else { return 0 }
                return 0
            }
        }
        guard port == 0, address.sin_port != 0 else { throw CocoaError(.fileNoSuchFile) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// `etcdctl` could not do something.
struct EtcdControlError: Error {
    let words: [String]
}
