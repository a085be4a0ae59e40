import Foundation
package import Primitives
import SwiftASN1
import Synchronization
import X509

/// When the certificates of a node end: those that `network.json` names, and that of its pages.
package final class CertificateDates: Sendable {
    private let files: Mutex<Set<String>>

    /// The certificates for etcd's client port and for the listener, with the authorities that signed them, and those of the
    /// party's etcd member.
    init(_ directory: NodeDirectory, _ network: NetworkFile?) {
        let identities = [network?.etcd?.identity, network?.listener?.identity].compactMap { $0 }
        let own = identities.map { directory.resolved($0) }.flatMap { [$0.certificate, $0.authority] }
        files = Mutex(Set(own + (network?.certificates ?? []).map { directory.resolved($0) }))
    }

    /// One more file.
    func watch(_ file: String) { files.withLock { _ = $0.insert(file) } }

    /// The end of the one that ends first; nil where there are none, or none can be read.
    func soonestEnd() -> Instant? { files.withLock { $0 }.flatMap(CertificateDates.ends(ofFile:)).min() }

    private static func ends(ofFile path: String) -> [Instant] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return ends(in: String(decoding: data, as: UTF8.self))
    }

    /// The ends of all certificates of a PEM file.
    package static func ends(in pem: String) -> [Instant] {
        guard let documents = try? PEMDocument.parseMultiple(pemString: pem) else { return [] }
        return documents.compactMap { document in
            (try? Certificate(pemDocument: document)).map {
                Instant(milliseconds: Int64($0.notValidAfter.timeIntervalSince1970) * 1_000)
            }
        }
    }
}
