import Foundation

/// A TCP connection that sends exactly what it is told, for what a well-behaved client never does.
final class RawConnection {
    private let socket: Int32
    private(set) var received: [UInt8] = []
    private(set) var isClosed = false

    struct Failure: Error {}

    /// Connects to the loopback address.
    init(port: Int) throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure() }
    }

    deinit { close(socket) }

    /// Everything received, as text.
    var text: String { String(decoding: received, as: UTF8.self) }

    /// Sends bytes; a connection that the other side has closed takes no more.
    func send(_ text: String) {
        let bytes = Array(text.utf8)
        if Foundation.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) < 0 { isClosed = true }
    }

    /// Reads until `text` was received, the connection is closed or the time is over; says whether `text` came.
    func receive(until text: String, seconds: Double = 10) async throws -> Bool {
        try await wait(seconds: seconds) { self.text.contains(text) }
        return self.text.contains(text)
    }

    /// Reads until the connection is closed or the time is over; says whether it was closed.
    func receiveUntilClosed(seconds: Double = 10) async throws -> Bool {
        try await wait(seconds: seconds) { false }
        return isClosed
    }

    private func wait(seconds: Double, _ isDone: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !isDone(), !isClosed, ContinuousClock.now < end {
            let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                received.append(contentsOf: buffer[..<count])
            } else if count == 0 || errno != EAGAIN {
                isClosed = true
            } else {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }
}
