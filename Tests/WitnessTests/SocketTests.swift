import Foundation
import HummingbirdTesting
import LedgerCore
import Primitives
import Testing
import Witness

@Suite("A witness among strangers", .timeLimit(.minutes(5)))
struct SocketTests {
    /// Sends `parts` with a pause between them, and gives what came back until the other side closed, or nil if it had not
    /// after ten seconds.
    private func exchange(_ port: Int, _ parts: [String], pause: Duration = .zero) async throws -> String? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        #expect(connected == 0)
        var received = ""
        var buffer = [UInt8](repeating: 0, count: 4_096)
        func receive() -> Bool {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 { received += String(decoding: buffer[..<count], as: UTF8.self) }
            return count == 0 || count < 0 && errno != EAGAIN
        }
        let deadline = ContinuousClock.now + .seconds(10)
        for part in parts {
            _ = part.withCString { send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
            if receive() { return received }
            try await Task.sleep(for: pause)
        }
        while ContinuousClock.now < deadline {
            if receive() { return received }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    @Test("Silence, a dripping body, an endless head and too large a body are cut off; the next is served")
    func hostile() async throws {
        let log = SampleLog("example.org/lane", count: 4)
        let witness = try SampleWitness(watching: [log])
        try await witness.server(patience: 1).application().test(.live) { client in
            let port = try #require(client.port)
            let head = "POST /add-checkpoint HTTP/1.1\r\nHost: localhost\r\n"
            #expect(try await exchange(port, [""]) == "")
            let drips = [head + "Content-Length: 50000\r\n\r\n"] + Array(repeating: "o", count: 30)
            #expect(try await exchange(port, drips, pause: .milliseconds(100)) != nil)
            let endless = [head] + Array(repeating: "X-More: \(String(repeating: "x", count: 1_000))\r\n", count: 40)
            let answer = try await exchange(port, endless)
            #expect(answer?.hasPrefix("HTTP/1.1 4") == true || answer == "", "\(answer ?? "still open")")
            let chunk = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
            let chunked = [head + "Transfer-Encoding: chunked\r\n\r\n"] + Array(repeating: chunk, count: 4)
            // The answer may be lost where the connection is cut off while more is still being sent.
            let flooded = try await exchange(port, chunked)
            #expect(flooded?.hasPrefix("HTTP/1.1 413") == true || flooded == "", "\(flooded ?? "still open")")
            let announced = try await exchange(port, [head + "Content-Length: 9000000000\r\n\r\n"])
            #expect(announced?.hasPrefix("HTTP/1.1 413") == true || announced == "", "\(announced ?? "still open")")
            #expect(try witness.record().first?.cosigned == nil)

            let request = try log.request(from: 0)
            let signature = try await WitnessClient(key: witness.key, url: "http://127.0.0.1:\(port)")
                .cosign(request.checkpoint) { _ in [] }
            #expect(witness.accepts(signature, of: request.checkpoint))
        }
    }
}
