import Foundation

/// The access key of an object store, in a file that only its owner may read. `archive.json` names the file and never holds
/// the key. Lines as in the files that Amazon's tools read: `aws_access_key_id = …`, `aws_secret_access_key = …`, and
/// `aws_session_token = …` where there is one; other lines are passed over.
struct ArchiveCredentials: Sendable {
    let keyID: String
    let secret: String
    let sessionToken: String?

    /// Largest file in bytes.
    private static let largest = 16_384

    /// Reads the file. Throws `NodeError` `archive.credentials`; no message says anything of what the file holds.
    init(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ArchiveCredentials.failure(
                "the file with the access key of the archive, \(path), cannot be opened: \(String(cString: strerror(errno)))"
            )
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // What was opened is what is asked about: nobody can put another file in its place in between.
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ArchiveCredentials.failure("\(path) is not a file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw NodeError(
                "archive.credentials", "others can read the access key of the archive in \(path)",
                help: "chmod 600 \(path), and if others use this machine, replace the key")
        }
        let data = try handle.read(upToCount: ArchiveCredentials.largest) ?? Data()
        var values: [Substring: String] = [:]
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard let mark = line.firstIndex(of: "=") else { continue }
            let name = line[..<mark].trimmingCharacters(in: .whitespaces)
            values[name[...]] = line[line.index(after: mark)...].trimmingCharacters(in: .whitespaces)
        }
        guard let keyID = values["aws_access_key_id"], let secret = values["aws_secret_access_key"],
            !keyID.isEmpty, !secret.isEmpty, ([keyID, values["aws_session_token"] ?? ""]).allSatisfy(Self.isPlain)
        else { throw ArchiveCredentials.failure("\(path) does not hold an access key") }
        self.keyID = keyID
        self.secret = secret
        sessionToken = values["aws_session_token"]
    }

    /// Whether a text can stand in a header.
    private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy { (0x21...0x7E).contains($0) } }

    private static func failure(_ message: String) -> NodeError {
        NodeError(
            "archive.credentials", message,
            help: "write aws_access_key_id = … and aws_secret_access_key = … into it, and chmod 600")
    }
}
