/// How the engine reaches etcd.
package struct EtcdOptions: Sendable {
    /// PEM files of the client's TLS identity.
    package struct Identity: Sendable {
        /// The authority that the members' certificates must come from.
        package var authority: String
        /// The client's certificate chain; its common name is the etcd user.
        package var certificate: String
        /// The client's private key.
        package var key: String

        /// Names the files.
        package init(authority: String, certificate: String, key: String) {
            self.authority = authority
            self.certificate = certificate
            self.key = key
        }
    }

    /// `address:port` of members' client ports, IPv4; one that does not answer is passed over.
    package var endpoints: [String]
    /// The client's identity; nil speaks without TLS, for tests on loopback only.
    package var identity: Identity?
    /// How long one call may take, in ms.
    package var deadline: Int64 = 2_000
    /// Longest wait between two attempts, in ms.
    package var longestPause: Int64 = 1_000
    /// A client closes its own connection after 200 pings in 30 s, and etcd answers small puts with pings (`etcd.md`): a
    /// connection is replaced after so many calls, before that happens.
    package var callsPerConnection = 120

    /// Whether nothing may be written before an order was read: a node writes nothing to an etcd that was put back from an old
    /// copy, also when it has just been started.
    package var readsFirst = false

    /// Options for some members.
    package init(endpoints: [String], identity: Identity?) {
        self.endpoints = endpoints
        self.identity = identity
    }
}
