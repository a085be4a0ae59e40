import AsyncHTTPClient
import Dispatch
import NIOCore
import NIOHTTP1
import NIOSSL
import Primitives
import Synchronization

/// Sends signed requests to an object store and waits for the answers: with limits on time, size and attempts.
///
/// The calling thread waits, and never the threads that the waiting needs: the network runs on threads of its own.
final class S3Client: Sendable {
    /// What the store answered.
    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]

        /// The code in the store's error document, such as `NoSuchKey`; empty if there is none.
        var code: String {
            guard let start = body.prefix(4_096).firstRange(of: "<Code>".utf8)?.upperBound else { return "" }
            let code = body[start...].prefix(64).prefix { (0x41...0x5A).contains($0 & 0xDF) }
            return String(decoding: code, as: UTF8.self)
        }
    }

    private struct Progress {
        var isInterrupted = false
        var underWay: [UInt64: HTTPClient.Task<HTTPClient.Response>] = [:]
        var next: UInt64 = 0
    }

    /// Largest answer in bytes: a bundle of 256 of the largest leaves.
    static let largestAnswer = 20 << 20

    /// `host[:port]`.
    let host: String
    private let endpoint: String
    private let tls: TLSConfiguration?
    private let attempts: Int
    private let patience: TimeAmount
    private let progress = Mutex(Progress())
    /// Signalled when the node stops, so that nobody sleeps on.
    private let wake = DispatchSemaphore(value: 0)

    /// One for the process: it keeps connections, and is never shut down.
    private static let http = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(3), read: .seconds(15)),
            decompression: .disabled))

    /// Between two attempts, in ms; longer each time.
    private static let pauses = [200, 800, 2_000, 5_000]

    /// A client of the store at `endpoint`. Throws `NodeError` `archive.place` or `archive.authority`.
    init(endpoint: String, authority: String?, for use: ArchiveUse) throws {
        let parts = endpoint.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3 || parts.count == 4 && parts[3].isEmpty, parts[0] == "http:" || parts[0] == "https:",
            parts[1].isEmpty, let host = S3Client.host(parts[2], isPlain: parts[0] == "http:")
        else {
            throw NodeError(
                "archive.place", "\(endpoint) is not the address of an object store",
                help: "give --endpoint https://HOST:PORT, without a path or a name")
        }
        self.host = host
        self.endpoint = "\(parts[0])//\(host)"
        (attempts, patience) = use == .reading ? (2, .seconds(8)) : (4, .seconds(60))
        var tls: TLSConfiguration?
        if let authority {
            tls = .makeClientConfiguration()
            do {
                tls?.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority))
            } catch {
                throw NodeError(
                    "archive.authority", "the certificate of the archive's authority cannot be read (\(authority))",
                    help: "archive.json names a PEM file under authority, or none for the system's authorities")
            }
        }
        self.tls = tls
    }

    /// `host[:port]` without the scheme's own port, as it stands in the `Host` header; nil if it cannot be one.
    private static func host(_ text: Substring, isPlain: Bool) -> String? {
        guard !text.isEmpty, text.utf8.count <= 255,
            text.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || ".-:[]".utf8.contains($0)
            })
        else { return nil }
        let standard = isPlain ? ":80" : ":443"
        return text.lowercased().hasSuffix(standard)
            ? String(text.lowercased().dropLast(standard.count)) : text.lowercased()
    }

    /// Sends a request, again while the store is not reached or says that it cannot answer now. `name` is the archive's, for
    /// messages. Throws `NodeError` `archive.unreachable` or `archive.answer`, or what `sign` throws.
    func send(
        _ request: S3Signature.Request, _ body: [UInt8], name: String, sign: () throws -> S3Signature
    ) throws -> Answer {
        var failure = ""
        for attempt in 0..<attempts {
            if attempt > 0 { try pause(S3Client.pauses[min(attempt, S3Client.pauses.count) - 1]) }
            do {
                let answer = try once(request, body, try sign())
                guard answer.status == 429 || answer.status >= 500 && answer.status != 501 else { return answer }
                failure = "status \(answer.status) \(answer.code)"
            } catch let error as ResponseAccumulator.ResponseTooBigError {
                throw NodeError(
                    "archive.answer", "\(name) answers with more than \(error.maxBodySize) bytes",
                    help: ArchiveFailure.kept)
            } catch let error as NodeError {
                throw error
            } catch {
                if progress.withLock({ $0.isInterrupted }) { throw ArchiveInterrupted() }
                failure = "\(error)"
            }
        }
        throw NodeError(
            "archive.unreachable", "\(name) is not reached at \(endpoint): \(failure)",
            help: "old records can be read again when it is; " + ArchiveFailure.kept)
    }

    private func once(_ request: S3Signature.Request, _ body: [UInt8], _ signature: S3Signature) throws -> Answer {
        var headers = HTTPHeaders()
        for (name, value) in signature.headers(for: request, at: SystemClock.now) {
            headers.add(name: name, value: value)
        }
        let message = try HTTPClient.Request(
            url: endpoint + S3Signature.target(request), method: HTTPMethod(rawValue: request.method), headers: headers,
            body: request.method == "PUT" ? .byteBuffer(ByteBuffer(bytes: body)) : nil, tlsConfiguration: tls)
        let task = S3Client.http.execute(
            request: message,
            delegate: ResponseAccumulator(request: message, maxBodySize: S3Client.largestAnswer),
            deadline: .now() + patience)
        let number = progress.withLock { progress in
            progress.next += 1
            progress.underWay[progress.next] = task
            return progress.next
        }
        defer { progress.withLock { $0.underWay[number] = nil } }
        if progress.withLock({ $0.isInterrupted }) { task.cancel() }
        let response = try task.wait()
        var buffer = response.body ?? ByteBuffer()
        return Answer(status: Int(response.status.code), body: buffer.readBytes(length: buffer.readableBytes) ?? [])
    }

    /// Ends what is under way and refuses the rest.
    func interrupt() {
        let tasks = progress.withLock { progress in
            progress.isInterrupted = true
            return progress.underWay.values.map { $0 }
        }
        for task in tasks { task.cancel() }
        wake.signal()
    }

    private func pause(_ milliseconds: Int) throws {
        // A little by chance, so that several nodes do not come back all at once.
        let some = milliseconds + Int.random(in: 0...milliseconds / 2)
        if wake.wait(timeout: .now() + .milliseconds(some)) == .success { wake.signal() }
        if progress.withLock({ $0.isInterrupted }) { throw ArchiveInterrupted() }
    }
}
