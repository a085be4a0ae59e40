import Foundation
package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOSSL
package import PageKit
import ServiceLifecycle
package import UnixSignals

/// A node on the network: pages, public read interface and API over HTTP/1.1 or TLS.
package struct LinlianServer: Sendable {
    /// The node that is served.
    package let node: Node
    /// How it is reached.
    package let options: ServerOptions
    private let responder: NodeResponder
    private let logger: Logger

    /// Puts the server together; nothing listens yet. Throws `PageMaterialError` or `NodeError` if the material of the
    /// modules does not fit together.
    package init(
        node: Node, modules: [any AppModule], options: ServerOptions = ServerOptions(), logger: Logger
    ) throws {
        self.node = node
        self.options = options
        self.logger = logger
        if let files = options.tls { node.certificates.watch(files.certificate) }
        responder = try SiteMaterial(node: node, modules: modules, options: options).responder(metrics: NodeMetrics())
    }

    /// The HTTP server alone, without the node's pipeline; for `run` and for tests. `onListening` is called with the port
    /// once connections are accepted. Throws `NodeError` `server.tls` if the TLS files cannot be used.
    package func application(
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws -> Application<NodeResponder> {
        return Application(
            responder: responder, server: try pages(),
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port), serverName: "Linlian",
                availableConnectionsDelegate: MaximumAvailableConnections(options.mostConnections, logger: logger)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) }, logger: logger)
    }

    /// The listener for the other parties' nodes, for whoever shows a certificate of the network: the same answers, and what
    /// is not final.
    private func peerApplication(_ listener: NetworkFile.Listener) throws -> Application<NodeResponder> {
        let files = node.directory.resolved(listener.identity)
        let tls = try RenewedTLS(files: [files.certificate, files.key, files.authority], logger: logger) {
            try PeerIdentity(files).serverConfiguration()
        }
        return Application(
            responder: responder.forPeers, server: tls.server(http),
            configuration: ApplicationConfiguration(
                address: .hostname(listener.host, port: listener.port), serverName: "Linlian",
                availableConnectionsDelegate: MaximumAvailableConnections(options.mostConnections, logger: logger)),
            logger: logger)
    }

    private var http: HTTP1Channel.Configuration {
        .init(
            additionalChannelHandlers: [RequestDeadline(seconds: options.requestSeconds)],
            idleTimeout: .seconds(options.idleSeconds),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: options.largestHead, maxHeaderListSize: options.largestHead,
                maxHeaderFieldCount: 100))
    }

    /// Serves until SIGTERM or SIGINT, or until the task is cancelled: then accepts no more connections, finishes what is
    /// under way and the block, and returns. The caller closes the node. Throws `NodeError` `server.port` if the port is
    /// taken or `server.tls`.
    package func run(
        stopOn signals: [UnixSignal] = [.sigterm, .sigint],
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        // Stopped in reverse order: the server first, then the pipeline that its requests wait for.
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: NodeService(node: node, logger: logger))
        ]
        if let listener = try node.directory.network()?.listener {
            services.append(.init(service: try peerApplication(listener)))
        }
        if node.peerClient != nil { services.append(.init(service: ContentService(supply: responder.supply))) }
        services.append(.init(service: try application(onListening: onListening)))
        var configuration = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: signals, logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(options.stopSeconds)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE || error.errnoCode == EACCES {
            throw NodeError(
                "server.port", "the server cannot listen on \(options.host) port \(options.port): \(error)",
                help: "choose another port with --port, or stop the program that uses it")
        }
    }

    private func pages() throws -> HTTPServerBuilder {
        guard let files = options.tls else { return .http1(configuration: http) }
        do {
            return try RenewedTLS(files: [files.certificate, files.key], logger: logger) {
                let chain = try NIOSSLCertificate.fromPEMFile(files.certificate).map {
                    NIOSSLCertificateSource.certificate($0)
                }
                let key = try NIOSSLPrivateKey(file: files.key, format: .pem)
                var configuration = TLSConfiguration.makeServerConfiguration(
                    certificateChain: chain, privateKey: .privateKey(key))
                configuration.minimumTLSVersion = .tlsv12
                return configuration
            }.server(http)
        } catch {
            throw NodeError(
                "server.tls", "the TLS certificate or key cannot be used: \(error)",
                help: "give a PEM certificate chain and its private key with --tls-certificate and --tls-key")
        }
    }
}
