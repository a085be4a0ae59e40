import LedgerCore
import Primitives

/// An archive in an object store that speaks Amazon's S3 protocol, addressed by path: `endpoint/bucket/prefix/…`.
package final class S3Archive: ArchiveStore {
    /// `s3://bucket/prefix`.
    package let name: String
    private let base: String
    private let region: String
    private let credentials: String
    private let client: S3Client

    /// An archive; nothing is asked of it yet. Throws `NodeError` `archive.place` where this cannot be one.
    package init(_ place: ArchiveFile.ObjectStore, inFolder folder: String, for use: ArchiveUse) throws {
        func isPlain(_ text: String, _ more: String) -> Bool {
            text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || more.utf8.contains(byte)
            }
        }
        let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        guard (3...63).contains(place.bucket.utf8.count), isPlain(place.bucket, ".-"), place.bucket.first != "." else {
            throw S3Archive.misplaced("\(place.bucket) is not a bucket's name: 3 to 63 of a-z 0-9 . -")
        }
        let parts = place.prefix.split(separator: "/", omittingEmptySubsequences: false)
        guard place.prefix.utf8.count <= 512, isPlain(place.prefix, capitals + "._-/"),
            place.prefix.isEmpty || parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
        else { throw S3Archive.misplaced("\(place.prefix) is not a prefix: A-Z a-z 0-9 . _ - and / between parts") }
        guard (1...64).contains(place.region.utf8.count), isPlain(place.region, "-") else {
            throw S3Archive.misplaced("\(place.region) is not a region's name, such as us-east-1")
        }
        func full(_ name: String) -> String { name.hasPrefix("/") ? name : folder + "/" + name }
        base = "/" + place.bucket + "/" + (place.prefix.isEmpty ? "" : place.prefix + "/")
        name = ArchiveFile(s3: place).name
        region = place.region
        credentials = full(place.credentials)
        client = try S3Client(endpoint: place.endpoint, authority: place.authority.map(full), for: use)
    }

    /// What the object holds; nil if there is none. Throws `NodeError` `archive.…`.
    package func read(_ path: String) throws -> [UInt8]? {
        let answer = try ask("GET", path)
        switch answer.status {
        case 200: return answer.body
        case 404 where answer.code != "NoSuchBucket": return nil
        default: throw refusal(answer)
        }
    }

    /// Writes an object. Throws `NodeError` `archive.…`.
    package func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws {
        var answer = try ask("PUT", path, bytes, onlyIfAbsent: !replacing)
        if answer.status == 501, !replacing {
            // A store that does not know the condition; what is written is read back and compared in any case.
            answer = try ask("PUT", path, bytes)
        }
        switch answer.status {
        case 200, 201, 204: return
        // It is there: another attempt of this write has come through, or somebody else's.
        case 412 where !replacing: return
        default: throw refusal(answer)
        }
    }

    /// Removes an object, if there is one. Throws `NodeError` `archive.…`.
    package func remove(_ path: String) throws {
        let answer = try ask("DELETE", path)
        guard [200, 204, 404].contains(answer.status) else { throw refusal(answer) }
    }

    /// Ends the request under way and refuses the rest.
    package func interrupt() { client.interrupt() }

    private func ask(
        _ method: String, _ path: String, _ body: [UInt8] = [], onlyIfAbsent: Bool = false
    ) throws -> S3Client.Answer {
        var request = S3Signature.Request(
            method: method, host: client.host, path: base + path, payload: CryptoSHA256.hash(body))
        if onlyIfAbsent { request.headers.append(("if-none-match", "*")) }
        // Read anew each time: a key that was replaced counts at once, and none stays in memory.
        let (file, region) = (credentials, region)
        return try client.send(request, body, name: name) {
            let key = try ArchiveCredentials(file)
            return S3Signature(keyID: key.keyID, secret: key.secret, sessionToken: key.sessionToken, region: region)
        }
    }

    private func refusal(_ answer: S3Client.Answer) -> NodeError {
        let code = answer.code.isEmpty ? "status \(answer.status)" : answer.code
        switch (answer.status, answer.code) {
        case (_, "NoSuchBucket"):
            return NodeError(
                "archive.bucket", "there is no such bucket: \(name)", help: "make it, or correct archive.json")
        case (_, "RequestTimeTooSkewed"):
            return NodeError(
                "archive.refused", "\(name) refuses requests because this machine's clock is wrong (\(code))",
                help: "set the clock; " + ArchiveFailure.kept)
        case (401, _), (403, _):
            return NodeError(
                "archive.refused", "\(name) refuses this access key (\(code))",
                help: "check the key in \(credentials), the region \(region) and what the key may do in the bucket; "
                    + ArchiveFailure.kept)
        default:
            return NodeError(
                "archive.answer", "\(name) answers with \(code)", help: ArchiveFailure.kept)
        }
    }

    private static func misplaced(_ message: String) -> NodeError {
        NodeError("archive.place", message, help: "give --to s3://BUCKET/PREFIX --endpoint https://HOST:PORT")
    }
}
