package import PageKit

/// How a node is reached.
package struct ServerOptions: Sendable {
    /// Certificate chain and private key for TLS, PEM files.
    package struct TLSFiles: Sendable {
        /// The certificate chain, the server's own first.
        package var certificate: String
        /// The private key.
        package var key: String

        /// Names the two files.
        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// The address to listen on; the loopback address unless the operator opens it.
    package var host = "127.0.0.1"
    /// The port; 0 takes any free one.
    package var port = 8_080
    /// Serves TLS with these files; nil serves plain HTTP, for loopback or behind a proxy.
    package var tls: TLSFiles?
    /// Where readers reach the site, such as `https://example.org`; nil derives it from host and port.
    package var publicAddress: String?
    /// The neighbourhood's name on the pages.
    package var siteName = "Linlian"
    /// The telephone number of the people who help, for care mode; empty where there is none.
    package var helpPhone = ""
    /// Zone of all times shown, minutes east of UTC.
    package var offsetMinutes: Int64 = 480
    /// Says on every page that this is a demonstration.
    package var isDemonstration = false

    /// Most connections at a time; more wait to be accepted.
    package var mostConnections = 4_096
    /// A connection on which nothing happens is closed after so many seconds.
    package var idleSeconds: Int64 = 60
    /// A request must have arrived whole after so many seconds, however slowly its parts drip in.
    package var requestSeconds: Int64 = 60
    /// Largest request head in bytes.
    package var largestHead = 16_384
    /// Requests in progress when the node is asked to stop get so many seconds.
    package var stopSeconds: Int64 = 20

    /// The defaults.
    package init() {}

    /// Whether readers come over TLS, here or at a proxy in front.
    package var isSecure: Bool { tls != nil || publicAddress?.hasPrefix("https://") == true }

    /// What the pages say about the site.
    package var site: Site {
        Site(
            name: siteName, secure: isSecure, offsetMinutes: offsetMinutes, demonstration: isDemonstration,
            helpPhone: helpPhone)
    }

    /// The site's address for readers; `port` is the one taken.
    package func address(port: Int) -> String {
        if let publicAddress { return publicAddress }
        let name = host.contains(":") ? "[\(host)]" : host == "0.0.0.0" ? "127.0.0.1" : host
        return "\(tls == nil ? "http" : "https")://\(name):\(port)"
    }
}
