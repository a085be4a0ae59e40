import ArgumentParser
import Foundation
import NodeRuntime

/// How an archive in an object store is reached.
struct ObjectStoreOptions: ParsableArguments {
    @Option(help: "Of an object store: its address, such as https://s3.example.org:9000.")
    var endpoint: String?

    @Option(help: "Of an object store: the region that requests are signed for. Default: us-east-1.")
    var region: String?

    @Option(
        help: """
            Of an object store: the file with the access key, which only you may read. Default: keys/archive-credentials in \
            the node's folder. Lines: aws_access_key_id = …, aws_secret_access_key = …
            """)
    var credentials: String?

    @Option(help: "Of an object store: certificates (PEM) of the authority that its certificate comes from.")
    var authority: String?

    /// Whether any of them was given.
    var areGiven: Bool { endpoint != nil || region != nil || credentials != nil || authority != nil }

    /// What `archive.json` would say of the archive at `place`, which `option` gave: what is not given is as in `known`.
    func file(_ place: String, option: String, _ known: ArchiveFile?) throws -> ArchiveFile {
        if place.hasPrefix("s3://") { return ArchiveFile(s3: try objectStore(place, option, known?.s3)) }
        guard !areGiven else {
            throw Complaint("--endpoint, --region, --credentials and --authority are for \(option) s3://BUCKET/PREFIX")
        }
        return ArchiveFile(folder: ObjectStoreOptions.full(place))
    }

    private func objectStore(
        _ place: String, _ option: String, _ known: ArchiveFile.ObjectStore?
    ) throws -> ArchiveFile.ObjectStore {
        let parts = place.dropFirst("s3://".count).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bucket = parts.first, !bucket.isEmpty else { throw Complaint("\(option) s3://BUCKET/PREFIX") }
        guard let endpoint = endpoint ?? known?.endpoint else {
            throw Complaint("give the object store's address: --endpoint https://HOST:PORT")
        }
        var prefix = parts.count > 1 ? String(parts[1]) : ""
        while prefix.hasSuffix("/") { prefix.removeLast() }
        return ArchiveFile.ObjectStore(
            bucket: String(bucket), prefix: prefix, endpoint: endpoint, region: region ?? known?.region ?? "us-east-1",
            credentials: credentials.map(ObjectStoreOptions.full) ?? known?.credentials ?? "keys/archive-credentials",
            authority: authority.map(ObjectStoreOptions.full) ?? known?.authority)
    }

    private static func full(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
