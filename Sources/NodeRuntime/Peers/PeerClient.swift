import AsyncHTTPClient
import MerkleLog
import NIOCore
import NIOHTTP1
import NIOSSL

/// Asks the other parties' nodes over mutual TLS: their public log, and whatever else their listener for nodes offers.
package final class PeerClient: Sendable {
    /// The nodes, in the order of `network.json`.
    package let peers: [NetworkFile.Peer]
    private let http: HTTPClient
    /// Longest answer read, in bytes: a bundle of 256 of the largest leaves.
    package static let largestAnswer = 20 << 20

    /// A client with this node's own certificate. Throws `NodeError` `network.identity` if its files cannot be used.
    package init(peers: [NetworkFile.Peer], identity: NetworkFile.Identity) throws {
        self.peers = peers
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(2), read: .seconds(10)))
        configuration.tlsConfiguration = try PeerIdentity(identity).clientConfiguration()
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// What a node answers at `path`. Throws `PeerFailure`.
    package func get(_ path: String, from peer: NetworkFile.Peer, limit: Int = largestAnswer) async throws -> [UInt8] {
        let base = peer.address.hasSuffix("/") ? String(peer.address.dropLast()) : peer.address
        let answer = try await http.execute(HTTPClientRequest(url: base + path), timeout: .seconds(30))
        guard answer.status == .ok else { throw PeerFailure(party: peer.party, status: Int(answer.status.code)) }
        var body = try await answer.body.collect(upTo: limit)
        return body.readBytes(length: body.readableBytes) ?? []
    }

    /// What a node answers at `path`; nil if it has nothing there. Throws `PeerFailure`.
    package func find(_ path: String, from peer: NetworkFile.Peer, limit: Int = largestAnswer) async throws -> [UInt8]?
    {
        do {
            return try await get(path, from: peer, limit: limit)
        } catch let failure as PeerFailure where failure.status == 404 {
            return nil
        }
    }

    /// Closes the connections.
    package func shutDown() async { try? await http.shutdown() }
}

/// A node answered something else than what was asked for.
struct PeerFailure: Error {
    let party: String
    let status: Int
}

/// One TLS identity, read from its files.
struct PeerIdentity {
    private let chain: [NIOSSLCertificateSource]
    private let key: NIOSSLPrivateKey
    private let authority: NIOSSLTrustRoots

    /// Reads the files. Throws `NodeError` `network.identity`.
    init(_ files: NetworkFile.Identity) throws {
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) }
            key = try NIOSSLPrivateKey(file: files.key, format: .pem)
            authority = .certificates(try NIOSSLCertificate.fromPEMFile(files.authority))
        } catch {
            throw NodeError(
                "network.identity", "the certificate for other nodes cannot be used (\(files.certificate)): \(error)",
                help: "renew it with `linlian network certificates --renew`")
        }
    }

    /// For calls to other nodes: their certificate must come from the network's authority and name their host.
    func clientConfiguration() -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = chain
        configuration.privateKey = .privateKey(key)
        configuration.trustRoots = authority
        configuration.minimumTLSVersion = .tlsv12
        return configuration
    }

    /// For the listener: whoever calls must show a certificate of the network's authority.
    func serverConfiguration() -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(key))
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = authority
        configuration.minimumTLSVersion = .tlsv12
        return configuration
    }
}
