import HTTPTypes
package import Hummingbird
import HummingbirdCore
package import Logging
import MerkleLog
import NIOCore
import Primitives

/// A witness on the network: `add-checkpoint` and the monitors' `checkpoint` of C2SP tlog-witness, and a page that tells
/// people what is watched.
package struct WitnessServer: Sendable {
    private let cosigner: Cosigner
    private let host: String
    private let port: Int
    private let patience: Int64
    private let logger: Logger

    /// Most connections at a time; more wait to be accepted.
    private static let mostConnections = 4_096
    /// Largest request head in bytes.
    private static let largestHead = 8_192

    /// Puts the server together; nothing listens yet.
    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - patience: a connection on which nothing happens, and a request that drips in, are cut off after so many seconds.
    package init(
        cosigner: Cosigner, host: String = "127.0.0.1", port: Int, patience: Int64 = 30, logger: Logger
    ) {
        self.cosigner = cosigner
        self.host = host
        self.port = port
        self.patience = patience
        self.logger = logger
    }

    /// The HTTP server, for `run` and for tests. `onListening` gets the port once connections are accepted.
    package func application(
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> Application<RouterResponder<BasicRequestContext>> {
        Application(
            responder: router().buildResponder(),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [RequestDeadline(.seconds(patience))],
                    idleTimeout: .seconds(patience),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: Self.largestHead, maxHeaderListSize: Self.largestHead,
                        maxHeaderFieldCount: 50))),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: "Linlian witness",
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections, logger: logger)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) }, logger: logger)
    }

    /// Serves until SIGTERM or SIGINT; requests under way are answered first.
    package func run(onListening: @escaping @Sendable (String) async -> Void = { _ in }) async throws {
        let name = host.contains(":") ? "[\(host)]" : host == "0.0.0.0" ? "127.0.0.1" : host
        do {
            try await application { port in await onListening("http://\(name):\(port)") }.runService()
        } catch let error as IOError {
            throw WitnessError(
                "witness.port", "the witness cannot listen on \(host) port \(port): \(error)",
                help: "choose another port with --port, or stop the program that uses it")
        }
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.post("/add-checkpoint") { request, _ in await addCheckpoint(request) }
        router.get("/") { request, _ in try page(request) }
        router.get("/logs") { request, _ in try list(request) }
        router.get("/{digest}/checkpoint") { _, context in
            let digest = context.parameters.get("digest") ?? ""
            guard let text = try await cosigner.store.checkpoint(digest: digest) else {
                return Self.answer(.unknownLog)
            }
            return Self.answer(.ok, Self.plain, Array(text.utf8))
        }
        return router
    }

    private func addCheckpoint(_ request: Request) async -> Response {
        do {
            let asked = try AddCheckpointRequest(parsing: try await Self.body(request))
            let signature = try await cosigner.cosign(asked)
            return Self.answer(.ok, Self.plain, signature.line)
        } catch let refusal as WitnessRefusal {
            logger.info("refused", metadata: ["code": "\(refusal.code)"])
            return Self.answer(refusal)
        } catch {
            // The disk or the clock. Nothing was signed for this request, and the next may fare better.
            logger.error("a checkpoint could not be recorded", metadata: ["error": "\(error)"])
            let lines = ["witness.failed"] + WitnessWords.text("witness.refusal.failed")
            var response = Self.answer(.serviceUnavailable, Self.plain, Self.text(lines))
            response.headers[.retryAfter] = "5"
            return response
        }
    }

    /// The whole body, without reading on beyond its limit.
    private static func body(_ request: Request) async throws(WitnessRefusal) -> [UInt8] {
        let limit = AddCheckpointRequest.maximumByteCount
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw .tooLarge }
        var bytes: [UInt8] = []
        do {
            for try await buffer in request.body {
                guard bytes.count + buffer.readableBytes <= limit else { throw WitnessRefusal.tooLarge }
                bytes.append(contentsOf: buffer.readableBytesView)
            }
        } catch let refusal as WitnessRefusal {
            throw refusal
        } catch {
            throw .malformed("body")
        }
        return bytes
    }

    private func page(_ request: Request) throws -> Response {
        let logs = try cosigner.store.list(after: Self.after(request), limit: WitnessPage.rows + 1)
        let page = WitnessPage(
            key: cosigner.key.verifier.text, count: try cosigner.store.count(), logs: logs,
            isFirst: request.uri.queryParameters["after"] == nil)
        var response = Self.answer(.ok, "text/html; charset=utf-8", Array(page.html.utf8))
        response.headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        return response
    }

    /// One line a log: size, time of the last cosignature, origin. The next thousand lines follow `?after=ORIGIN`.
    private func list(_ request: Request) throws -> Response {
        var text = ""
        for log in try cosigner.store.list(after: Self.after(request), limit: 1_000) where log.isWatched {
            text += "\(log.size)\t\(log.cosignedText)\t\(log.origin)\n"
        }
        return Self.answer(.ok, Self.plain, Array(text.utf8))
    }

    private static func after(_ request: Request) -> String {
        request.uri.queryParameters["after"].map { String($0) } ?? ""
    }

    private static let plain = "text/plain; charset=utf-8"

    private static func answer(_ refusal: WitnessRefusal) -> Response {
        let status = HTTPResponse.Status(code: refusal.status)
        if case .conflict(let size) = refusal {
            return answer(status, "text/x.tlog.size", Array("\(size)\n".utf8))
        }
        return answer(status, plain, text([refusal.code] + refusal.sentences))
    }

    private static func text(_ lines: [String]) -> [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

    private static func answer(_ status: HTTPResponse.Status, _ type: String, _ bytes: [UInt8]) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: type, .contentLength: "\(bytes.count)", .xContentTypeOptions: "nosniff",
                .cacheControl: "no-store",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
