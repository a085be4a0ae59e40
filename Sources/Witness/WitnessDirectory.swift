import Crypto
import Foundation
import LedgerCore
import MerkleLog

/// The folder of a witness, as `--data DIR` names it.
///
/// `witness.vkey` (its verifier key, for everyone), `witness.key` (its secret, for the owner only) and `witness.sqlite`
/// (what it watches and has cosigned).
package struct WitnessDirectory: Sendable {
    /// The folder.
    package let path: String

    /// Names a folder; nothing is read yet.
    package init(_ path: String) { self.path = path }

    private var verifierFile: String { path + "/witness.vkey" }
    private var keyFile: String { path + "/witness.key" }
    private var storeFile: String { path + "/witness.sqlite" }

    /// Makes a witness called `name` with a new key. Refuses with `witness.exists` or `witness.name`.
    package func create(name: String) throws -> WitnessKey {
        let files = FileManager.default
        guard !files.fileExists(atPath: verifierFile), !files.fileExists(atPath: keyFile) else {
            throw WitnessError("witness.exists", "\(path) already holds a witness", help: "choose another folder")
        }
        let secret = Curve25519.Signing.PrivateKey()
        guard let name = SignerName(name), let key = WitnessKey(name: name, secret: secret) else {
            throw WitnessError(
                "witness.name", "\(name) cannot name a key",
                help: "take an address without https:// that is yours, such as example.org/district")
        }
        try files.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try WitnessStore(path: storeFile).close()
        try write(SigningKey.edDSA(secret).text, to: keyFile, permissions: 0o600)
        // Last: with it the witness is whole.
        try write(key.verifier.text, to: verifierFile, permissions: 0o644)
        return key
    }

    /// Opens key and record. Refuses with `witness.missing`, `witness.lost` or `witness.key`.
    package func open() throws -> (key: WitnessKey, store: WitnessStore) {
        guard let verifierText = text(verifierFile) else {
            throw WitnessError(
                "witness.missing", "there is no witness in \(path)",
                help: "create one with: linlian witness init --data \(path) --name NAME")
        }
        guard FileManager.default.fileExists(atPath: storeFile) else {
            throw WitnessError("witness.lost", "\(storeFile) is gone", help: WitnessStore.lost)
        }
        guard let verifier = try? VerifierKey(parsing: verifierText, using: CryptoSHA256.self),
            case .edDSA(let secret)? = text(keyFile).flatMap(SigningKey.init(text:)),
            let key = WitnessKey(name: verifier.name, secret: secret), key.verifier == verifier
        else {
            throw WitnessError(
                "witness.key", "\(keyFile) and \(verifierFile) do not belong together or cannot be read",
                help: "restore them from a backup; they never change")
        }
        return (key, try WitnessStore(path: storeFile))
    }

    private func text(_ file: String) -> String? {
        FileManager.default.contents(atPath: file).map {
            String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    private func write(_ text: String, to file: String, permissions: Int) throws {
        let written = FileManager.default.createFile(
            atPath: file, contents: Data((text + "\n").utf8), attributes: [.posixPermissions: permissions])
        guard written else {
            throw WitnessError("witness.write", "\(file) could not be written", help: "check the folder")
        }
    }
}
