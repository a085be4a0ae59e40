import Foundation
import LedgerCore
import NodeRuntime
import Primitives
import Testing
import UnixSignals

@Suite("The server on a socket", .serialized)
struct ServerTests {
    @Test("A block becomes an event, and a reader who comes back gets what it missed")
    func events() async throws {
        try await TestNode.serving { test, port in
            let reader = try RawConnection(port: port)
            reader.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await reader.receive(until: "retry: 2000"))
            #expect(reader.text.contains("text/event-stream"))
            try await test.write(3, block: 1)
            let height = try #require(test.node.hub.latest?.height)
            #expect(try await reader.receive(until: "id: \(height)\nevent: block\ndata: {\"height\":\(height),"))
            #expect(reader.text.contains("\"transactions\":1"))

            let late = try RawConnection(port: port)
            late.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: \(height - 2)\r\n\r\n")
            #expect(try await late.receive(until: "id: \(height)\n"))
            #expect(late.text.contains("id: \(height - 1)\n"))
            #expect(!late.text.contains("id: \(height - 2)\n"))

            let wrong = try RawConnection(port: port)
            wrong.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: x\r\n\r\n")
            #expect(try await wrong.receive(until: "query.number"))
        }
    }

    @Test("Asked to stop, the server ends streams, answers what is under way and closes the ledger whole")
    func gracefulStop() async throws {
        try await TestNode.serving(stopOn: [.sigusr1]) { test, port in
            let reader = try RawConnection(port: port)
            reader.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await reader.receive(until: "retry: 2000"))
            let text = try test.note("last")
            let writer = try RawConnection(port: port)
            writer.send(
                "POST /api/v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(text.bytes.count)\r\n\r\n"
                    + String(decoding: text.bytes, as: UTF8.self))
            #expect(try await writer.receive(until: "\"accepted\""))
            kill(getpid(), SIGUSR1)
            #expect(try await reader.receiveUntilClosed())
            #expect(try await writer.receiveUntilClosed())
            #expect(try await test.node.status(of: test.id(text)) != nil)
        }
    }

    @Test("A request that drips in is cut off, and so is one with an endless head")
    func slowAndEndless() async throws {
        try await TestNode.serving { _, port in
            let slow = try RawConnection(port: port)
            slow.send("POST /api/v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\n")
            let start = ContinuousClock.now
            while !slow.isClosed, ContinuousClock.now - start < .seconds(10) {
                slow.send("x")
                _ = try await slow.receiveUntilClosed(seconds: 0.2)
            }
            #expect(slow.isClosed)
            #expect(ContinuousClock.now - start < .seconds(9))

            let endless = try RawConnection(port: port)
            endless.send("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
            for _ in 0..<40 { endless.send(String(repeating: "a", count: 1_024)) }
            #expect(try await endless.receiveUntilClosed())

            let broken = try RawConnection(port: port)
            broken.send("NONSENSE\r\n\r\n")
            #expect(try await broken.receive(until: "400"))
        }
    }

    @Test("Several requests go through one connection, and a refused one does not end it")
    func keepAlive() async throws {
        try await TestNode.serving { test, port in
            let connection = try RawConnection(port: port)
            let text = String(decoding: try test.note("k").bytes, as: UTF8.self)
            for (body, answer) in [("rubbish", "envelope.form"), (text, "accepted"), (text, "accepted")] {
                connection.send(
                    "POST /api/v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                        + body)
                #expect(try await connection.receive(until: answer))
            }
            connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await connection.receive(until: "\"status\":\"ok\""))
            #expect(!connection.isClosed)
        }
    }
}
