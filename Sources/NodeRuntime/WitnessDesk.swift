import LedgerCore
import Logging
import MerkleLog
import Primitives
import Storage
import Synchronization
import Witness

/// Asks the witnesses of `network.json` to cosign the newest final checkpoint (C2SP tlog-witness).
///
/// Each witness has a task of its own, asks about the newest checkpoint only, and at most once a second: a slow or dead one
/// holds nothing and nobody up.
final class WitnessDesk: Sendable {
    /// How it stands with one witness.
    struct Record: Sendable {
        /// Its name in `network.json`.
        let name: String
        /// When it cosigned last, in seconds since 1970 UTC by its own clock; 0 before it has.
        var lastCosigned: UInt64 = 0
        /// How many requests have failed since the node started.
        var failures: UInt64 = 0
        /// Whether the last request failed.
        var isFailing = false
    }

    private let clients: [(name: String, client: WitnessClient)]
    private let records: Mutex<[Record]>
    private let hub: BlockHub
    private let tiles: LedgerTiles
    private let logger: Logger

    /// Between two requests to a witness.
    private static let pause = Duration.seconds(1)
    /// Longest pause after failures.
    private static let longestPause = Duration.seconds(60)

    /// A desk for these witnesses. Throws `NodeError` `network.witness` where a key is not one for cosignatures.
    init(_ witnesses: [NetworkFile.Witness], hub: BlockHub, tiles: LedgerTiles, logger: Logger) throws {
        clients = try witnesses.map { witness in
            guard let key = try? VerifierKey(parsing: Array(witness.key.utf8), using: CryptoSHA256.self),
                key.type == .cosignature
            else {
                throw NodeError(
                    "network.witness", "the key of the witness \(witness.name) in network.json is no cosigner's key",
                    help: "ask the witness for its verifier key: linlian witness init prints it")
            }
            return (witness.name, WitnessClient(key: key, url: witness.url))
        }
        records = Mutex(witnesses.map { Record(name: $0.name) })
        self.hub = hub
        self.tiles = tiles
        self.logger = logger
    }

    /// How it stands with each witness.
    var report: [Record] { records.withLock { $0 } }

    /// Asks until the task is cancelled. `keep` is given each new cosignature with the checkpoint that it is of.
    func run(_ keep: @escaping @Sendable (NoteSignature, VerifierKey, SignedCheckpoint, UInt64) async throws -> Void)
        async
    {
        await withTaskGroup(of: Void.self) { group in
            for place in clients.indices { group.addTask { await self.follow(place, keep) } }
        }
    }

    private func follow(
        _ place: Int, _ keep: @Sendable (NoteSignature, VerifierKey, SignedCheckpoint, UInt64) async throws -> Void
    ) async {
        let client = clients[place].client
        var pause = WitnessDesk.pause
        var done: UInt64 = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: pause)
            guard !Task.isCancelled, let latest = hub.latest, latest.size > done,
                let head = try? SignedCheckpoint(parsing: latest.checkpoint)
            else { continue }
            if case .valid(let time) = head.note.status(of: client.key, using: CryptoEd25519.self) {
                // Cosigned before the node was started again.
                done = latest.size
                succeeded(place, at: time ?? 0)
                continue
            }
            do {
                let tiles = tiles
                let size = head.checkpoint.size
                let cosignature = try await client.cosign(head) { known in
                    try ConsistencyProof(
                        firstSize: known, secondSize: size, tiles: tiles, using: CryptoSHA256.self
                    ).hashes
                }
                try await keep(cosignature, client.key, head, latest.height)
                done = size
                pause = WitnessDesk.pause
                succeeded(place, at: Cosignature(bytes: cosignature.bytes)?.time ?? 0)
            } catch is CancellationError {
                return
            } catch {
                failed(place, "\(error)")
                pause = min(pause * 2, WitnessDesk.longestPause)
            }
        }
    }

    private func succeeded(_ place: Int, at time: UInt64) {
        let wasFailing = records.withLock { records in
            defer { (records[place].isFailing, records[place].lastCosigned) = (false, time) }
            return records[place].isFailing
        }
        if wasFailing { logger.notice("a witness cosigns again", metadata: ["witness": "\(clients[place].name)"]) }
    }

    /// Told once, until it succeeds again.
    private func failed(_ place: Int, _ error: String) {
        let isNew = records.withLock { records in
            defer {
                records[place].isFailing = true
                records[place].failures += 1
            }
            return !records[place].isFailing
        }
        guard isNew else { return }
        logger.warning(
            "a witness does not cosign; it is asked again",
            metadata: ["witness": "\(clients[place].name)", "error": "\(error)"])
    }
}

extension BlockPipeline {
    /// A witness has cosigned the checkpoint of the block at `height`: it stands with that block, and if the block is still
    /// the newest, whoever asks for the checkpoint is given it.
    func keep(
        _ cosignature: NoteSignature, by key: VerifierKey, on checkpoint: SignedCheckpoint, ofBlock height: UInt64
    ) throws {
        guard let row = try parts.store.blocks(upTo: height, count: 1).first, row.height == height,
            var head = try? SignedCheckpoint(parsing: row.checkpoint), head.checkpoint == checkpoint.checkpoint,
            case .absent = head.note.status(of: key, using: CryptoEd25519.self)
        else { return }
        head.add(cosignature)
        try parts.store.replaceCheckpoint(ofBlock: height, by: head.bytes)
        if parts.hub.latest?.height == height { parts.hub.publish([], checkpoint: head.bytes) }
    }
}
