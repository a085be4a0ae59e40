import Crypto
import Foundation
import LedgerCore
import Logging
import MerkleLog
import Primitives
import Testing
import Witness

typealias Digest = Primitives.Digest
typealias H = CryptoSHA256

/// A log as the specification sees it: RFC 6962 written down again, naively, over a list of leaves. Two logs with one key
/// and different leaves are a fork.
struct SampleLog: Sendable {
    let origin: String
    let secret: Curve25519.Signing.PrivateKey
    var leaves: [Digest]

    init(_ origin: String, count: Int = 0, salt: String = "", secret: Curve25519.Signing.PrivateKey = .init()) {
        self.origin = origin
        self.secret = secret
        leaves = []
        grow(count, salt: salt)
    }

    mutating func grow(_ count: Int, salt: String = "") {
        for _ in 0..<count { leaves.append(H.leafHash(Array("\(salt)\(leaves.count)".utf8))) }
    }

    var size: UInt64 { UInt64(leaves.count) }

    var key: VerifierKey {
        get throws {
            let name = try #require(SignerName(origin))
            return try #require(
                VerifierKey(
                    name: name, type: .ed25519, publicKey: Array(secret.publicKey.rawRepresentation), using: H.self))
        }
    }

    /// A policy that asks for the log's signature only.
    var policy: WitnessPolicy {
        get throws {
            var policy = WitnessPolicy()
            try policy.addLog(key)
            try policy.setQuorum(#require(PolicyName("none")))
            return policy
        }
    }

    func root(_ range: Range<Int>) -> Digest {
        guard range.count > 1 else { return range.isEmpty ? H.emptyRoot : leaves[range.lowerBound] }
        let middle = range.lowerBound + Self.split(range.count)
        return H.nodeHash(root(range.lowerBound..<middle), root(middle..<range.upperBound))
    }

    /// PROOF(m, D[n]) of RFC 6962 section 2.1.2.
    func proof(_ old: UInt64, _ size: UInt64? = nil) -> [Digest] {
        old == 0 ? [] : subproof(Int(old), 0..<Int(size ?? self.size), whole: true)
    }

    private func subproof(_ old: Int, _ range: Range<Int>, whole: Bool) -> [Digest] {
        guard old < range.count else { return whole ? [] : [root(range)] }
        let half = Self.split(range.count)
        let (left, right) = (
            range.lowerBound..<range.lowerBound + half, range.lowerBound + half..<range.upperBound
        )
        return old <= half
            ? subproof(old, left, whole: whole) + [root(right)]
            : subproof(old - half, right, whole: false) + [root(left)]
    }

    private static func split(_ count: Int) -> Int { 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount - 1) }

    /// The signed checkpoint of the first `size` leaves.
    func checkpoint(_ size: UInt64? = nil, root: Digest? = nil, extensions: [UTF8Text] = []) throws -> SignedCheckpoint
    {
        let size = size ?? self.size
        let head = try #require(
            Checkpoint(
                origin: UTF8Text(origin), size: size, root: root ?? self.root(0..<Int(size)), extensions: extensions))
        var signed = try SignedCheckpoint(head)
        signed.add(
            try NoteSignature(text: signed.note.text, key: key, time: 0) { try Array(secret.signature(for: $0)) })
        return signed
    }

    /// A request for this log's whole tree.
    func request(from old: UInt64, to size: UInt64? = nil) throws -> AddCheckpointRequest {
        AddCheckpointRequest(oldSize: old, proof: proof(old, size), checkpoint: try checkpoint(size))
    }
}

/// A witness with a folder of its own, which goes with it.
final class SampleWitness: Sendable {
    let time: Int64
    let directory: WitnessDirectory
    let cosigner: Cosigner

    init(watching logs: [SampleLog] = [], time: Int64 = 1_767_225_600) throws {
        self.time = time
        directory = WitnessDirectory(
            FileManager.default.temporaryDirectory.path + "/linlian-witness-\(UUID().uuidString)")
        _ = try directory.create(name: "example.org/district")
        cosigner = try Self.open(directory, time: time)
        try cosigner.store.watch(try logs.map { try $0.policy }, witness: cosigner.key.verifier)
    }

    static func open(_ directory: WitnessDirectory, time: Int64 = 1_767_225_600) throws -> Cosigner {
        let (key, store) = try directory.open()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return Cosigner(key: key, store: store, clock: { Instant(milliseconds: time * 1_000) }, logger: logger)
    }

    deinit {
        try? cosigner.store.close()
        try? FileManager.default.removeItem(atPath: directory.path)
    }

    var key: VerifierKey { cosigner.key.verifier }

    func server(patience: Int64 = 30) -> WitnessServer {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return WitnessServer(cosigner: cosigner, port: 0, patience: patience, logger: logger)
    }

    /// What is on record: size and time of every log.
    func record() throws -> [WatchedLogSummary] { try cosigner.store.list(limit: 10_000) }

    /// Whether `line` is this witness's valid cosignature of `checkpoint`.
    func accepts(_ line: NoteSignature, of checkpoint: SignedCheckpoint) -> Bool {
        var note = checkpoint.note
        note.add(line)
        return note.status(of: key, using: CryptoEd25519.self) == .valid(time: UInt64(time))
    }
}
