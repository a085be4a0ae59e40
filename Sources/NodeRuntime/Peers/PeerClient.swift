import AsyncHTTPClient
import MerkleLog
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// Asks the other parties' nodes over mutual TLS: their public log, and whatever else their listener for nodes offers.
package final class PeerClient: Sendable {
    /// The nodes, in the order of `network.json`.
    package let peers: [NetworkFile.Peer]
    private let identity: NetworkFile.Identity
    private let current: Mutex<Current>
    /// Longest answer read, in bytes: a bundle of 256 of the largest leaves.
    package static let largestAnswer = 20 << 20

    /// A client with this node's own certificate. Throws `NodeError` `network.identity` if its files cannot be used.
    package init(peers: [NetworkFile.Peer], identity: NetworkFile.Identity) throws {
        self.peers = peers
        self.identity = identity
        current = Mutex(try PeerClient.made(identity))
    }

    /// The connections that are made with one state of the certificate's files.
    private struct Current {
        let http: HTTPClient
        let stamps: [FileStamp]
    }

    private static func stamps(_ identity: NetworkFile.Identity) -> [FileStamp] {
        [identity.certificate, identity.key, identity.authority].map(FileStamp.init)
    }

    private static func made(_ identity: NetworkFile.Identity) throws -> Current {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(2), read: .seconds(10)))
        let stamps = stamps(identity)
        configuration.tlsConfiguration = try PeerIdentity(identity).clientConfiguration()
        return Current(
            http: HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration), stamps: stamps)
    }

    /// Longest time that an answer may take, in seconds.
    private static let patience: Int64 = 30

    /// The client of the files as they are now. Files that do not fit together, as while they are being renewed, change
    /// nothing.
    private var http: HTTPClient {
        let stamps = PeerClient.stamps(identity)
        let (http, old) = current.withLock { current -> (HTTPClient, HTTPClient?) in
            guard stamps != current.stamps, let renewed = try? PeerClient.made(identity) else {
                return (current.http, nil)
            }
            defer { current = renewed }
            return (renewed.http, current.http)
        }
        if let old {
            Task {
                // What is under way with the old certificate may end first.
                try? await Task.sleep(for: .seconds(PeerClient.patience + 5))
                try? await old.shutdown()
            }
        }
        return http
    }

    /// What a node answers at `path`. Throws `PeerFailure`.
    package func get(_ path: String, from peer: NetworkFile.Peer, limit: Int = largestAnswer) async throws -> [UInt8] {
        try await ask(path, peer, limit: limit, seconds: PeerClient.patience)
    }

    /// What a node itself holds at `path`: it is told not to ask others for it. Throws `PeerFailure`.
    func getHeld(
        _ path: String, from peer: NetworkFile.Peer, limit: Int, seconds: Int64
    ) async throws -> [UInt8] {
        try await ask(path, peer, limit: limit, seconds: seconds, isHeld: true)
    }

    /// The field of a request by which a node says that the answer must not come from a third one.
    static let heldField = "Linlian-Held"

    private func ask(
        _ path: String, _ peer: NetworkFile.Peer, limit: Int, seconds: Int64, isHeld: Bool = false
    ) async throws -> [UInt8] {
        let base = peer.address.hasSuffix("/") ? String(peer.address.dropLast()) : peer.address
        var request = HTTPClientRequest(url: base + path)
        if isHeld { request.headers.add(name: PeerClient.heldField, value: "1") }
        let answer = try await http.execute(request, timeout: .seconds(seconds))
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

    /// Hands a signed transaction to a node; false if it cannot take it now. What it refuses for good it has taken.
    func hand(_ transaction: [UInt8], to peer: NetworkFile.Peer) async -> Bool {
        let base = peer.address.hasSuffix("/") ? String(peer.address.dropLast()) : peer.address
        var request = HTTPClientRequest(url: base + TransactionIntake.path)
        request.method = .POST
        request.headers.add(name: "content-type", value: TransactionIntake.textType)
        request.body = .bytes(transaction)
        guard let answer = try? await http.execute(request, timeout: .seconds(15)) else { return false }
        _ = try? await answer.body.collect(upTo: 65_536)
        return answer.status.code < 500 && answer.status != .tooManyRequests
    }

    /// Closes the connections.
    package func shutDown() async { try? await current.withLock { $0.http }.shutdown() }
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
