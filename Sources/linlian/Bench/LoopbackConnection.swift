import Foundation

/// A keep-alive connection to a port on this machine: a load client that costs next to nothing, because what it costs is
/// taken from the node that shares the machine.
final class LoopbackConnection {
    /// The socket, to wait on.
    let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var received = 0
    private var wanted: Int?
    /// The answer's status; 202 is a node's word that it has taken something and waits for the others.
    private(set) var status = 0

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
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                Self.again { connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) }
            }
        }
        // A call that a signal interrupted goes on by itself, and asked again says that it has succeeded.
        guard connected == 0 || errno == EISCONN else {
            throw Failure(what: "port \(port): \(String(cString: strerror(errno)))")
        }
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Sends a request and waits for the whole answer, which must be 200: head and body.
    @discardableResult
    func exchange(_ request: [UInt8]) throws -> ArraySlice<UInt8> {
        try begin(request)
        while try !takeAnswer() {}
        guard status == 200 else { throw Failure(what: answer) }
        return buffer[..<received]
    }

    /// The beginning of the answer, to quote.
    var answer: String { String(decoding: buffer[..<received].prefix(400), as: UTF8.self) }

    /// Repeats a call that a signal interrupted, such as the end of a child process.
    static func again<Count: SignedInteger>(_ call: () -> Count) -> Count {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }

    /// Asks for an address.
    @discardableResult
    func get(_ path: String, encoding: String = "gzip") throws -> ArraySlice<UInt8> {
        try exchange(Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: \(encoding)\r\n\r\n".utf8))
    }

    /// Sends a request.
    func begin(_ request: [UInt8]) throws {
        received = 0
        wanted = nil
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes { bytes in
                Self.again {
                    send(descriptor, bytes.baseAddress?.advanced(by: sent), request.count - sent, Int32(MSG_NOSIGNAL))
                }
            }
            guard count > 0 else { throw Failure(what: "send") }
            sent += count
        }
    }

    /// Reads what has come, waiting for at least one byte; true when the answer is complete.
    func takeAnswer() throws -> Bool {
        if received == buffer.count { buffer.append(contentsOf: [UInt8](repeating: 0, count: buffer.count)) }
        let room = buffer.count - received
        let count = buffer.withUnsafeMutableBytes { bytes in
            Self.again { recv(descriptor, bytes.baseAddress?.advanced(by: received), room, 0) }
        }
        guard count > 0 else {
            throw Failure(what: count == 0 ? "the node closed the connection" : String(cString: strerror(errno)))
        }
        received += count
        if wanted == nil { wanted = try answerLength() }
        return wanted.map { received >= $0 } ?? false
    }

    private static let version = Array("HTTP/1.1 ".utf8)
    private static let lengthField = Array("content-length: ".utf8)

    /// Length of head and body together; nil while the head is incomplete.
    private func answerLength() throws -> Int? {
        var length: Int?
        var lineStart = 0
        var at = 0
        while at + 1 < received {
            guard buffer[at] == 0x0D, buffer[at + 1] == 0x0A else {
                at += 1
                continue
            }
            let line = buffer[lineStart..<at]
            if lineStart == 0 {
                status =
                    Int(String(decoding: line.dropFirst(LoopbackConnection.version.count).prefix(3), as: UTF8.self))
                    ?? 0
                guard status == 200 || status == 202 else { throw Failure(what: answer) }
            }
            if line.isEmpty {
                guard let length else { throw Failure(what: "no content-length") }
                return at + 2 + length
            }
            let field = LoopbackConnection.lengthField
            if line.count > field.count, zip(line, field).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) {
                length = Int(String(decoding: line.dropFirst(field.count), as: UTF8.self))
            }
            at += 2
            lineStart = at
        }
        return nil
    }
}
