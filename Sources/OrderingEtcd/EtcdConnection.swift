import EtcdProtocol
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOCore
import Synchronization

/// One gRPC client with its connection to one member. It reads the certificate files when it is made, so a renewed
/// certificate is used from the next connection on.
final class EtcdConnection: Sendable {
    private let client: GRPCClient<HTTP2ClientTransport.Posix>
    private let running: Task<Void, any Error>

    var kv: Etcdserverpb_KV.Client<HTTP2ClientTransport.Posix> { .init(wrapping: client) }
    var watch: Etcdserverpb_Watch.Client<HTTP2ClientTransport.Posix> { .init(wrapping: client) }
    var maintenance: Etcdserverpb_Maintenance.Client<HTTP2ClientTransport.Posix> { .init(wrapping: client) }

    /// A connection to the member whose turn it is. To one only: calls to a member that was cut off do not fail, they hang,
    /// and spread over several members some calls always would.
    init(_ options: EtcdOptions, turn: Int) throws {
        var security = HTTP2ClientTransport.Posix.TransportSecurity.plaintext
        if let identity = options.identity {
            security = .mTLS(
                certificateChain: [.file(path: identity.certificate, format: .pem)],
                privateKey: .file(path: identity.key, format: .pem)
            ) { tls in
                tls.trustRoots = .certificates([.file(path: identity.authority, format: .pem)])
            }
        }
        let endpoints = options.endpoints.isEmpty ? [] : [options.endpoints[turn % options.endpoints.count]]
        let addresses = try endpoints.map { endpoint in
            let parts = endpoint.split(separator: ":")
            guard parts.count == 2, let port = Int(parts[1]) else { throw EtcdAddressError(endpoint: endpoint) }
            // A name is looked up anew for each connection.
            let address = try NIOCore.SocketAddress.makeAddressResolvingHost(String(parts[0]), port: port)
            return (host: address.ipAddress ?? String(parts[0]), port: port)
        }
        let transport = try HTTP2ClientTransport.Posix(
            target: .ipv4(pairs: addresses), transportSecurity: security,
            config: .defaults { config in
                // Every member's certificate names localhost: an address cannot be a server name in TLS.
                config.http2.authority = "localhost"
                config.http2.targetWindowSize = 8 << 20
                config.backoff.initial = .milliseconds(50)
                config.backoff.max = .milliseconds(options.longestPause)
                config.connection.keepalive = .init(
                    time: .seconds(10), timeout: .seconds(5), allowWithoutCalls: false)
            },
            serviceConfig: ServiceConfig(loadBalancingConfig: [.roundRobin]))
        let client = GRPCClient(transport: transport)
        self.client = client
        running = Task { try await client.runConnections() }
    }

    /// Takes no more calls; those under way are finished.
    func retire() { client.beginGracefulShutdown() }

    /// Ends at once.
    func close() {
        client.beginGracefulShutdown()
        running.cancel()
    }
}

/// An endpoint that is not `address:port`.
struct EtcdAddressError: Error {
    let endpoint: String
}

/// The connection for short calls, replaced after a number of them.
final class EtcdCalls: Sendable {
    private struct Storage {
        var connection: EtcdConnection?
        /// The next one, made while the present one still serves: a TLS handshake takes as long as some calls.
        var spare: EtcdConnection?
        var calls = 0
        var turn = 0
        var isClosed = false
    }

    private let options: EtcdOptions
    private let storage = Mutex(Storage())

    init(_ options: EtcdOptions) { self.options = options }

    /// The connection to make one call on.
    func next() throws -> EtcdConnection {
        try storage.withLock { storage in
            guard !storage.isClosed else { throw CancellationError() }
            if let connection = storage.connection, storage.calls < options.callsPerConnection {
                storage.calls += 1
                if storage.spare == nil, storage.calls > options.callsPerConnection * 3 / 4 {
                    storage.spare = try EtcdConnection(options, turn: storage.turn)
                }
                return connection
            }
            storage.connection?.retire()
            let connection = try storage.spare ?? EtcdConnection(options, turn: storage.turn)
            storage.spare = nil
            storage.connection = connection
            storage.calls = 1
            return connection
        }
    }

    /// A call failed: the next one takes a new connection, to the next member.
    func replace() {
        storage.withLock { storage in
            storage.connection?.retire()
            storage.spare?.retire()
            storage.connection = nil
            storage.spare = nil
            storage.turn += 1
        }
    }

    func close() {
        storage.withLock { storage in
            storage.isClosed = true
            storage.connection?.close()
            storage.spare?.close()
            storage.connection = nil
            storage.spare = nil
        }
    }
}
