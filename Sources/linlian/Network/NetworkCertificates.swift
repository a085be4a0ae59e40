import Crypto
import Foundation
import SwiftASN1
import X509

/// The certificates in a network's folder.
struct NetworkCertificates {
    /// One certificate file.
    struct Entry {
        /// Path within the folder.
        let name: String
        let certificate: Certificate

        /// The last moment at which it is valid.
        var end: Date { certificate.notValidAfter }

        /// Days until it ends, rounded down; negative after its end.
        func daysLeft(at now: Date) -> Int {
            Int((end.timeIntervalSince(now) / 86_400).rounded(.down))
        }

        /// The name of whom it was made for.
        var subject: String { certificate.subject.description }
    }

    let folder: NetworkFolder
    let entries: [Entry]

    /// Below so many days a certificate is a warning.
    static let warningDays = 30

    /// Reads every certificate with a private key beside it, of one party or of all; `authority/` counts as all.
    init(_ folder: NetworkFolder, party: String?) throws {
        self.folder = folder
        let root = party.map { folder.file($0) } ?? folder.path
        guard let walk = FileManager.default.enumerator(atPath: root) else {
            throw Complaint("\(root) cannot be read")
        }
        let prefix = party.map { $0 + "/" } ?? ""
        var names: [String] = []
        for case let name as String in walk where name.hasSuffix(".pem") {
            let key = root + "/" + name.dropLast(4) + ".key"
            if FileManager.default.fileExists(atPath: key) { names.append(prefix + name) }
        }
        entries = try names.sorted().map { name in
            Entry(name: name, certificate: try NetworkCertificates.read(folder.file(name)))
        }
        guard !entries.isEmpty else { throw Complaint("there is no certificate in \(root)") }
    }

    /// Makes all of them anew but the authorities', with new keys, in the same places. The authorities' keys are needed.
    func renew(days: Int) throws -> Int {
        let authorities = try ["ca", "members"].map { name in
            let stem = folder.file("authority/\(name)")
            guard let key = FileManager.default.contents(atPath: stem + ".key") else {
                throw Complaint(
                    "\(stem).key is not here: renew where the authorities' keys are kept, then copy the tls folders")
            }
            let secret = try P256.Signing.PrivateKey(pemRepresentation: String(decoding: key, as: UTF8.self))
            return CertificateAuthority(
                TLSIdentity(certificate: try NetworkCertificates.read(stem + ".pem"), key: secret))
        }
        var count = 0
        for entry in entries where !entry.name.hasPrefix("authority/") {
            let issuer = authorities.first { $0.identity.certificate.subject == entry.certificate.issuer }
            guard let issuer else { throw Complaint("\(entry.name) is of another authority") }
            let identity = try issuer.issue(CertificateRequest(renewing: entry.certificate), days: days)
            try folder.write(identity, to: String(entry.name.dropLast(4)))
            count += 1
        }
        return count
    }

    private static func read(_ path: String) throws -> Certificate {
        guard let data = FileManager.default.contents(atPath: path),
            let certificate = try? Certificate(pemEncoded: String(decoding: data, as: UTF8.self))
        else { throw Complaint("\(path) is not a certificate") }
        return certificate
    }
}
