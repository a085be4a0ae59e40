import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate with its private key (P-256).
struct TLSIdentity {
    let certificate: Certificate
    let key: P256.Signing.PrivateKey

    /// The certificate as PEM.
    func certificatePEM() throws -> String { try certificate.serializeAsPEM().pemString + "\n" }
    /// The key as PKCS #8 in PEM.
    var keyPEM: String { key.pemRepresentation + "\n" }
}

/// What a certificate is for.
struct CertificateRequest {
    var subject: DistinguishedName
    var usages: [ExtendedKeyUsage.Usage]
    var names: [GeneralName]

    /// A certificate of `name` for these uses; `hosts` are names and addresses under which others reach it.
    init(_ name: String, _ usages: [ExtendedKeyUsage.Usage], hosts: [String] = []) throws {
        subject = try DistinguishedName { CommonName(name) }
        self.usages = usages
        names = hosts.map { host in
            guard let bytes = NetworkAddress.bytes(host) else { return .dnsName(host) }
            return .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
        }
    }

    /// The same again.
    init(renewing certificate: Certificate) throws {
        subject = certificate.subject
        usages = try certificate.extensions.extendedKeyUsage.map { Array($0) } ?? []
        names = try certificate.extensions.subjectAlternativeNames.map { Array($0) } ?? []
    }
}

/// Signs the certificates of one network (RFC 5280).
struct CertificateAuthority {
    let identity: TLSIdentity

    /// How long an authority's own certificate lasts, in days: ten years.
    static let days = 3_650
    /// How long the others last, in days, if nobody says otherwise: a year and a month to renew in.
    static let leafDays = 397
    /// Clocks of machines differ a little: a certificate holds from an hour ago.
    private static let early: TimeInterval = 3_600

    /// An authority that exists.
    init(_ identity: TLSIdentity) { self.identity = identity }

    /// A new authority.
    init(name: String) throws {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        let subject = try DistinguishedName { CommonName(name) }
        let certificate = try CertificateAuthority.sign(
            subject: subject, publicKey: publicKey, days: CertificateAuthority.days,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: publicKey)
            }, issuer: subject, by: key)
        identity = TLSIdentity(certificate: certificate, key: key)
    }

    /// A certificate with a new key.
    func issue(_ request: CertificateRequest, days: Int) throws -> TLSIdentity {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        let own = SubjectKeyIdentifier(hash: Certificate.PublicKey(identity.key.publicKey))
        let extensions = try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage(request.usages)
            if !request.names.isEmpty { SubjectAlternativeNames(request.names) }
            SubjectKeyIdentifier(hash: publicKey)
            AuthorityKeyIdentifier(keyIdentifier: own.keyIdentifier)
        }
        let certificate = try CertificateAuthority.sign(
            subject: request.subject, publicKey: publicKey, days: days, extensions: extensions,
            issuer: identity.certificate.subject, by: identity.key)
        return TLSIdentity(certificate: certificate, key: key)
    }

    private static func sign(
        subject: DistinguishedName, publicKey: Certificate.PublicKey, days: Int,
        extensions: Certificate.Extensions, issuer: DistinguishedName, by key: P256.Signing.PrivateKey
    ) throws -> Certificate {
        let now = Date()
        return try Certificate(
            version: .v3, serialNumber: serialNumber(), publicKey: publicKey,
            notValidBefore: now.addingTimeInterval(-early),
            notValidAfter: now.addingTimeInterval(TimeInterval(days) * 86_400), issuer: issuer, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions, issuerPrivateKey: Certificate.PrivateKey(key))
    }

    /// 127 random bits: positive, and within the 20 bytes that RFC 5280 allows.
    private static func serialNumber() -> Certificate.SerialNumber {
        var bytes = Randomness.bytes(16)
        bytes[0] &= 0x7F
        return Certificate.SerialNumber(bytes: bytes)
    }
}
