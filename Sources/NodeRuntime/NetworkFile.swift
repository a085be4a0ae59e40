import Foundation

/// How a node reaches the others: `network.json` in its folder, absent where one party keeps the ledger alone. Paths are
/// relative to the folder.
package struct NetworkFile: Codable, Sendable {
    /// PEM files of one TLS identity.
    package struct Identity: Codable, Sendable {
        /// The authority that the other side's certificate must come from.
        package var authority: String
        /// Own certificate chain.
        package var certificate: String
        /// Its private key.
        package var key: String

        /// Names the files.
        package init(authority: String, certificate: String, key: String) {
            self.authority = authority
            self.certificate = certificate
            self.key = key
        }
    }

    /// The etcd members that this node talks to, its own first.
    package struct Etcd: Codable, Sendable {
        /// `host:port` of client ports.
        package var endpoints: [String]
        /// The client identity; its common name is the party, which is the etcd user.
        package var identity: Identity

        /// Names the members.
        package init(endpoints: [String], identity: Identity) {
            self.endpoints = endpoints
            self.identity = identity
        }
    }

    /// Where this node listens for the other nodes.
    package struct Listener: Codable, Sendable {
        /// Address to listen on.
        package var host: String
        /// Port to listen on.
        package var port: Int
        /// The server identity; clients must show a certificate of the same authority.
        package var identity: Identity

        /// Describes a listener.
        package init(host: String, port: Int, identity: Identity) {
            self.host = host
            self.port = port
            self.identity = identity
        }
    }

    /// Another party's node.
    package struct Peer: Codable, Sendable {
        /// The party.
        package var party: String
        /// `https://host:port` of its listener for nodes.
        package var address: String

        /// Names a peer.
        package init(party: String, address: String) {
            self.party = party
            self.address = address
        }
    }

    /// A witness that is asked to cosign (C2SP tlog-witness).
    package struct Witness: Codable, Sendable {
        /// Its name in the policy file.
        package var name: String
        /// Verifier key of its cosignatures.
        package var key: String
        /// Prefix of its addresses; `/add-checkpoint` is appended.
        package var url: String

        /// Names a witness.
        package init(name: String, key: String, url: String) {
            self.name = name
            self.key = key
            self.url = url
        }
    }

    /// The ordering engine; nil orders alone.
    package var etcd: Etcd?
    /// The listener for other nodes.
    package var listener: Listener?
    /// The other nodes.
    package var peers: [Peer]
    /// Witnesses.
    package var witnesses: [Witness]
    /// Certificates that others use, such as the party's etcd member: the node only tells when they end.
    package var certificates: [String]?

    /// A network.
    package init(
        etcd: Etcd?, listener: Listener?, peers: [Peer], witnesses: [Witness] = [], certificates: [String]? = nil
    ) {
        self.certificates = certificates
        self.etcd = etcd
        self.listener = listener
        self.peers = peers
        self.witnesses = witnesses
    }
}

extension NodeDirectory {
    /// Reads `network.json`; nil if there is none. Refuses with `data.network` one that cannot be read.
    package func network() throws -> NetworkFile? {
        guard let data = FileManager.default.contents(atPath: file("network.json")) else { return nil }
        do {
            return try JSONDecoder().decode(NetworkFile.self, from: data)
        } catch {
            throw NodeError(
                "data.network", "\(file("network.json")) cannot be read: \(error)",
                help: "compare it with docs/network.md, or write it again with `linlian network init`")
        }
    }

    /// Writes `network.json`.
    package func write(_ network: NetworkFile) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try encoder.encode(network).write(to: URL(fileURLWithPath: file("network.json")), options: .atomic)
    }

    /// The identity's files as full paths.
    package func resolved(_ identity: NetworkFile.Identity) -> NetworkFile.Identity {
        NetworkFile.Identity(
            authority: resolved(identity.authority), certificate: resolved(identity.certificate),
            key: resolved(identity.key))
    }

    /// A file of `network.json` as a full path.
    func resolved(_ name: String) -> String { name.hasPrefix("/") ? name : file(name) }
}
