import Foundation

/// One etcd member of its own on loopback, without TLS, ended with the object.
final class EtcdProcess: @unchecked Sendable {
    // Set once before anyone else sees the object; the process is ended in one place.
    let endpoint: String
    private let process = Process()
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "etcd-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let ports = try (EtcdProcess.freePort(), EtcdProcess.freePort())
        endpoint = "127.0.0.1:\(ports.0)"
        process.executableURL = URL(fileURLWithPath: "/usr/bin/etcd")
        process.arguments = [
            "--data-dir", folder, "--listen-client-urls", "http://\(endpoint)", "--advertise-client-urls",
            "http://\(endpoint)", "--listen-peer-urls", "http://127.0.0.1:\(ports.1)",
            "--initial-advertise-peer-urls", "http://127.0.0.1:\(ports.1)", "--initial-cluster",
            "default=http://127.0.0.1:\(ports.1)", "--max-request-bytes", "4194304", "--log-level", "error",
        ]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
    }

    func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    deinit { stop() }

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
