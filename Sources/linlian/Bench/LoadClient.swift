import Foundation

/// Sends requests over many keep-alive connections from one thread: each connection has one request under way, and gets
/// its next when the answer is there.
enum LoadClient {
    /// Sends all requests over `connections` connections; seconds until the last answer. Any answer but 200 is thrown; with
    /// `mayWait` 202 is taken, too: a node has it and will hand it on.
    static func run(
        _ requests: [[UInt8]], port: Int, connections: Int, mayWait: Bool = false
    ) async throws -> Double {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Double, any Error>) in
            Thread.detachNewThread {
                done.resume(with: Result { try send(requests, port: port, connections: connections, mayWait: mayWait) })
            }
        }
    }

    private static func send(
        _ requests: [[UInt8]], port: Int, connections: Int, mayWait: Bool
    ) throws -> Double {
        let open = try (0..<min(connections, requests.count)).map { _ in try LoopbackConnection(port: port) }
        let start = ProcessInfo.processInfo.systemUptime
        var next = 0
        for connection in open {
            try connection.begin(requests[next])
            next += 1
        }
        var waiting = open.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        var answered = 0
        while answered < requests.count {
            guard LoopbackConnection.again({ poll(&waiting, UInt(waiting.count), 30_000) }) > 0 else {
                throw LoopbackConnection.Failure(what: "no answer within 30 s")
            }
            for (place, connection) in open.enumerated() where waiting[place].revents != 0 {
                guard try connection.takeAnswer() else { continue }
                guard mayWait || connection.status == 200 else {
                    throw LoopbackConnection.Failure(what: connection.answer)
                }
                answered += 1
                if next < requests.count {
                    try connection.begin(requests[next])
                    next += 1
                }
            }
        }
        return ProcessInfo.processInfo.systemUptime - start
    }
}
