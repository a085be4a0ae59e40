import Foundation
import NodeRuntime

/// The folder that `linlian network init` writes: one folder for each party, and papers for all.
struct NetworkFolder {
    let path: String

    init(_ path: String) { self.path = path }

    /// Full path of a file.
    func file(_ name: String) -> String { path + "/" + name }
    /// The node's folder of a party.
    func node(_ party: String) -> NodeDirectory { NodeDirectory(file("\(party)/node")) }
    /// The folder of a party's etcd member.
    func etcd(_ party: String) -> String { file("\(party)/etcd") }
    /// The folder of the one who administrates etcd's users.
    func administration(_ founder: String) -> String { file("\(founder)/administration") }

    /// The plan as it was written at the start, or a complaint that the folder is none.
    func plan() throws -> NetworkPlan {
        guard let data = FileManager.default.contents(atPath: file("parties.yaml")) else {
            throw Complaint("--network: \(path) holds no parties.yaml; make a network with: linlian network init")
        }
        return try NetworkPlan(yaml: String(decoding: data, as: UTF8.self), from: file("parties.yaml"), origin: nil)
    }

    /// Makes a folder that only its owner may look into.
    func create(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: file(name), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Writes a file; secrets for its owner only.
    func write(_ text: String, to name: String, mode: Int = 0o644) throws {
        try PrivateFile.write(text, to: file(name), mode: mode)
    }

    /// Writes `<folder>/<name>.pem` and `<name>.key`.
    func write(_ identity: TLSIdentity, to name: String) throws {
        try write(identity.keyPEM, to: name + ".key", mode: 0o600)
        try write(identity.certificatePEM(), to: name + ".pem")
    }
}

/// Files that must never be readable by others, not even while they are written.
enum PrivateFile {
    /// Replaces a file at once: readers see the old text or the new.
    static func write(_ text: String, to path: String, mode: Int) throws {
        let draft = path + ".new"
        let handle = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode_t(mode))
        guard handle >= 0 else { throw Complaint("\(draft) cannot be written: \(String(cString: strerror(errno)))") }
        let file = FileHandle(fileDescriptor: handle, closeOnDealloc: true)
        fchmod(handle, mode_t(mode))
        try file.write(contentsOf: Data(text.utf8))
        try file.synchronize()
        guard rename(draft, path) == 0 else {
            throw Complaint("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
