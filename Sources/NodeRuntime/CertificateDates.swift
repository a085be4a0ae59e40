import Foundation
package import Primitives
import SwiftASN1
import X509

/// When the certificates that `network.json` names end.
package struct CertificateDates: Sendable {
    private let files: [String]

    /// The certificates for etcd's client port and for the listener, with the authorities that signed them.
    init(_ directory: NodeDirectory, _ network: NetworkFile?) {
        let identities = [network?.etcd?.identity, network?.listener?.identity].compactMap { $0 }
        files = Set(
            identities.map(directory.resolved).flatMap { [$0.certificate, $0.authority] }
        ).sorted()
    }

    /// The end of the one that ends first; nil where there are none, or none can be read.
    func soonestEnd() -> Instant? { files.flatMap(CertificateDates.ends(ofFile:)).min() }

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
