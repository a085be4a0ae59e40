package import Finality
import Foundation
import LedgerCore
package import Primitives

/// Evidence against parties that have signed two histories: `evidence/<SHA-256>.txt` in the node's folder, kept for ever.
package struct EvidenceFolder: Sendable {
    /// Most files about one party; more show nothing new.
    static let mostPerParty = 16

    private let path: String

    /// The folder in a node's folder.
    package init(_ directory: NodeDirectory) { path = directory.file("evidence") }

    /// One file.
    package struct File: Sendable {
        /// SHA-256 of the text; names the file.
        package let digest: Digest
        /// The party that it is about.
        package let party: String
        /// The evidence, a text of the form `linlian/evidence/v1`.
        package let text: [UInt8]

        /// A file.
        package init(digest: Digest, party: String, text: [UInt8]) {
            self.digest = digest
            self.party = party
            self.text = text
        }
    }

    /// All files that can be read, in the order of their names.
    package func files() -> [File] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted().compactMap { name in
            guard name.hasSuffix(".txt"), let digest = Digest(hex: String(name.dropLast(4))) else { return nil }
            return file(digest)
        }
    }

    /// The file with this digest; nil if there is none.
    package func file(_ digest: Digest) -> File? {
        guard let data = FileManager.default.contents(atPath: "\(path)/\(digest.hex).txt") else { return nil }
        let text = [UInt8](data)
        guard CryptoSHA256.hash(text) == digest, let evidence = Evidence(parsing: text) else { return nil }
        return File(digest: digest, party: evidence.party, text: text)
    }

    /// Keeps a text; nothing happens if it is there already, or if there is enough about the party.
    package func keep(_ evidence: Evidence) throws {
        let text = evidence.text
        let digest = CryptoSHA256.hash(text)
        let known = files()
        guard !known.contains(where: { $0.digest == digest }),
            known.count(where: { $0.party == evidence.party }) < EvidenceFolder.mostPerParty
        else { return }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data(text).write(to: URL(fileURLWithPath: "\(path)/\(digest.hex).txt"), options: .atomic)
    }
}
