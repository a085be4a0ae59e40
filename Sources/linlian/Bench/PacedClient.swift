import Foundation

/// Sends requests at a steady rate whatever the answers take, to several nodes in turn: what a quiet neighbourhood does.
struct PacedClient {
    let ports: [Int]
    /// Requests per second.
    let rate: Int

    /// Connections to each node; a request waits for a free one, and the wait counts.
    private static let connections = 32

    /// Seconds from when each request was due until its answer, sorted.
    func run(_ requests: [[UInt8]]) async throws -> [Double] {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<[Double], any Error>) in
            Thread.detachNewThread { done.resume(with: Result { try send(requests) }) }
        }
    }

    private func send(_ requests: [[UInt8]]) throws -> [Double] {
        let open = try (0..<PacedClient.connections * ports.count).map {
            try LoopbackConnection(port: ports[$0 % ports.count])
        }
        var polls = open.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        var due = [Double?](repeating: nil, count: open.count)
        var free = Array(open.indices.reversed())
        var times: [Double] = []
        var next = 0
        let start = ProcessInfo.processInfo.systemUptime
        while times.count < requests.count {
            let now = ProcessInfo.processInfo.systemUptime - start
            while next < requests.count, Double(next) / Double(rate) <= now, let place = free.popLast() {
                due[place] = Double(next) / Double(rate)
                try open[place].begin(requests[next])
                next += 1
            }
            guard now < Double(requests.count) / Double(rate) + 30 else {
                throw LoopbackConnection.Failure(what: "\(requests.count - times.count) answers are missing")
            }
            _ = poll(&polls, UInt(polls.count), 1)
            for place in open.indices where polls[place].revents != 0 && due[place] != nil {
                guard try open[place].takeAnswer(), let began = due[place] else { continue }
                times.append(ProcessInfo.processInfo.systemUptime - start - began)
                due[place] = nil
                free.insert(place, at: 0)
            }
        }
        return times.sorted()
    }
}
