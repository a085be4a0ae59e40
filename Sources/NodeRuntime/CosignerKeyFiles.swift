import Crypto
import Foundation
package import LedgerCore
package import Primitives

/// The cosigner keys in a node's folder: `keys/cosigner.key`, and `keys/cosigner-next.key` while the constitution changes it.
///
/// When the next key is in force it takes the place of the present one, which is kept as `keys/cosigner-old-<date>.key`.
/// At no moment is `keys/cosigner.key` missing or half written, so the program may die anywhere and goes on at its next start.
package struct CosignerKeyFiles: Sendable {
    private static let present = "cosigner"
    private static let next = "cosigner-next"

    private let directory: NodeDirectory

    /// The keys in the folder of a node.
    package init(_ directory: NodeDirectory) { self.directory = directory }

    /// The signer with the present key; the key is made on first use.
    package func presentSigner() throws -> NodeSigner { try directory.signer() }

    /// The signer with the next key; nil where there is none. Refuses with `keys.damaged` a file that is no key.
    package func nextSigner() throws -> NodeSigner? {
        guard let key = try directory.signingKey(CosignerKeyFiles.next) else { return nil }
        guard case .edDSA(let secret) = key, let signer = try presentSigner().withCosignerKey(secret) else {
            throw NodeError(
                "keys.damaged", "\(path(CosignerKeyFiles.next)) is not a cosigner key",
                help: "take it away, and make another with linlian keys rotate")
        }
        return signer
    }

    /// What a node starts with. A next key that cannot be used keeps no node from starting: the ledger may never name it.
    package func load() throws -> CosignerKeys { CosignerKeys(try presentSigner(), next: try? nextSigner()) }

    /// Looks at the files again.
    package func reload(_ keys: CosignerKeys) throws { keys.replace(try presentSigner(), next: try nextSigner()) }

    /// Makes the next key, durably and readable by its owner only, or gives the one that is there: whoever asks twice must
    /// not lose a key that the ledger may name already.
    package func makeNext() throws -> NodeSigner {
        if let known = try nextSigner() { return known }
        let draft = path(CosignerKeyFiles.next) + ".new"
        try? FileManager.default.removeItem(atPath: draft)
        let secret = SigningKey.edDSA(Curve25519.Signing.PrivateKey())
        guard
            FileManager.default.createFile(
                atPath: draft, contents: Data((secret.text + "\n").utf8), attributes: [.posixPermissions: 0o600])
        else { throw cannotWrite(draft) }
        try synchronize(draft)
        // Never over a key that somebody else has made meanwhile.
        guard link(draft, path(CosignerKeyFiles.next)) == 0 else { throw cannotWrite(path(CosignerKeyFiles.next)) }
        unlink(draft)
        try synchronize(directory.file("keys"))
        guard let made = try nextSigner() else { throw cannotWrite(path(CosignerKeyFiles.next)) }
        return made
    }

    /// The ledger names the next key now: it takes the present one's place. Does the rest where it was interrupted before.
    package func promote(at time: Instant) throws {
        guard let present = contents(CosignerKeyFiles.present), contents(CosignerKeyFiles.next) != nil else { return }
        // First a second name for the present key, then the next one over its first name.
        for number in 1..<100 {
            let old = CosignerKeyFiles.oldName(at: time, number)
            guard link(path(CosignerKeyFiles.present), path(old)) != 0 else { break }
            guard errno == EEXIST else { throw cannotWrite(path(old)) }
            if contents(old) == present { break }
        }
        try synchronize(directory.file("keys"))
        guard rename(path(CosignerKeyFiles.next), path(CosignerKeyFiles.present)) == 0 else {
            throw cannotWrite(path(CosignerKeyFiles.present))
        }
        try synchronize(directory.file("keys"))
    }

    private static func oldName(at time: Instant, _ number: Int) -> String {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withFullDate]
        let date = formatter.string(from: Date(timeIntervalSince1970: Double(time.milliseconds) / 1_000))
        return "cosigner-old-\(date)" + (number == 1 ? "" : "-\(number)")
    }

    private func path(_ name: String) -> String { directory.file("keys/\(name).key") }

    private func contents(_ name: String) -> Data? { FileManager.default.contents(atPath: path(name)) }

    private func synchronize(_ path: String) throws {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw cannotWrite(path) }
        defer { close(opened) }
        guard fsync(opened) == 0 else { throw cannotWrite(path) }
    }

    private func cannotWrite(_ path: String) -> NodeError {
        NodeError("keys.write", "\(path) could not be written", help: "check the folder and its disk")
    }
}
