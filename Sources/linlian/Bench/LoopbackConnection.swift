import Foundation
import Synchronization

/// Counts the connections of a load that have ended.
final class LoadTally: Sendable {
    private let state: Mutex<(open: Int, failed: Int)>
    private let done: CheckedContinuation<Int, Never>

    init(connections: Int, done: CheckedContinuation<Int, Never>) {
        state = Mutex((connections, 0))
        self.done = done
    }

    func end(failed: Bool) {
        let failures: Int? = state.withLock { state in
            state.open -= 1
            if failed { state.failed += 1 }
            return state.open == 0 ? state.failed : nil
        }
        if let failures { done.resume(returning: failures) }
    }
}

/// A blocking keep-alive connection to a port on this machine: a load client that costs next to nothing.
final class LoopbackConnection {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    struct Failure: Error {
        let what: String
    }

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure(what: "connect") }
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Sends a request and reads the whole answer, which must be 200.
    func exchange(_ request: [UInt8]) throws {
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes { bytes in
                send(descriptor, bytes.baseAddress?.advanced(by: sent), request.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(what: "send") }
            sent += count
        }
        var received = 0
        var wanted = Int.max
        while received < wanted {
            if received == buffer.count { buffer.append(contentsOf: [UInt8](repeating: 0, count: buffer.count)) }
            let room = buffer.count - received
            let count = buffer.withUnsafeMutableBytes { bytes in
                recv(descriptor, bytes.baseAddress?.advanced(by: received), room, 0)
            }
            guard count > 0 else { throw Failure(what: "receive") }
            received += count
            if wanted == Int.max { wanted = try answerLength(received) ?? Int.max }
        }
    }

    private func answerLength(_ received: Int) throws -> Int? {
        let text = String(decoding: buffer[..<min(received, 4_096)], as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        guard text.hasPrefix("HTTP/1.1 200") else { throw Failure(what: String(text.prefix(400))) }
        let head = text[..<end.lowerBound].lowercased()
        guard let field = head.range(of: "content-length: ") else { throw Failure(what: "no content-length") }
        let length = head[field.upperBound...].prefix { $0.isNumber }
        return text[..<end.upperBound].utf8.count + (Int(length) ?? 0)
    }
}
