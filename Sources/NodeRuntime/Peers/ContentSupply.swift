import HTTPTypes
import LedgerCore
import Logging
import PageKit
import Primitives
import Storage

/// Brings texts and files that the ledger names, and that other parties' nodes were given, to this one: when somebody asks
/// for them, and ahead of that once the block that names them is final.
///
/// Nothing is asked for that no act names, nor what is masked. What comes is kept only if its SHA-256 is the one that was
/// named and it could have been brought to this node itself. A node that is asked by another one asks nobody.
actor ContentSupply {
    /// What is named and not here, with when it is asked for again.
    private struct Missing {
        let named: NamedContent
        var attempts = 0
        var next: ContinuousClock.Instant
    }

    /// Most digests that are remembered as missing; the oldest are forgotten first.
    static let mostMissing = 10_000
    /// Records read from the modules at a time.
    static let chunk = 256
    /// Most digests asked for in one pass.
    static let mostAtOnce = 64
    /// Most fetches at a time, for all readers together.
    static let mostFetches = 8
    /// How long nobody is asked again for what nobody had.
    static let pause = Duration.seconds(5)
    /// The longest that the pass waits before it asks again.
    static let longestPause = Duration.seconds(600)

    private let node: Node
    private let client: PeerClient?
    private let modules: [any AppModule]
    private let environment: AppEnvironment
    private var cursors: [Int64]
    private var missing: [Digest: Missing] = [:]
    private var underWay: [Digest: Task<Bool, Never>] = [:]
    private var refused: [Digest: ContinuousClock.Instant] = [:]
    private var turn = 0

    init(node: Node, modules: [any AppModule], environment: AppEnvironment) {
        self.node = node
        self.modules = modules
        self.environment = environment
        client = node.peerClient
        cursors = modules.map { _ in -1 }
    }

    // MARK: When somebody asks

    /// Whether a text that the ledger names, and that is not masked, is here now.
    func text(_ digest: Digest) async -> Bool {
        await ask(for: NamedContent(digest: digest, kind: .text, leaf: 0))
    }

    /// Whether a file that a notice names is here now.
    func file(_ digest: Digest) async -> Bool {
        if missing[digest] == nil { lookForNew() }
        guard let named = missing[digest]?.named, case .file = named.kind else { return false }
        return await ask(for: named)
    }

    /// Whoever reads may ask again and again; the other nodes are asked once in a while.
    private func ask(for named: NamedContent) async -> Bool {
        let now = ContinuousClock.now
        if let last = refused[named.digest], now - last < ContentSupply.pause { return false }
        guard await !supply(named) else { return true }
        if refused.count >= ContentSupply.mostMissing { refused = [:] }
        refused[named.digest] = .now
        return false
    }

    private func supply(_ named: NamedContent) async -> Bool {
        if let task = underWay[named.digest] { return await task.value }
        guard let client, underWay.count < ContentSupply.mostFetches else { return false }
        turn += 1
        let fetch = ContentFetch(client: client, store: node.attachments, logger: node.logger, turn: turn)
        let task = Task { await fetch.bring(named) }
        underWay[named.digest] = task
        let isHere = await task.value
        underWay[named.digest] = nil
        if isHere { missing[named.digest] = nil }
        return isHere
    }

    // MARK: Ahead of that

    /// Fetches what final blocks name until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            lookForNew()
            await fetchMissing()
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Reads from the modules what the ledger names since the last look, from its beginning after a start.
    private func lookForNew() {
        for (place, module) in modules.enumerated() {
            while let found = try? module.contents(after: cursors[place], limit: ContentSupply.chunk, environment),
                found.end > cursors[place]
            {
                for named in found.contents where (try? node.attachments.holds(named.digest)) == false { note(named) }
                cursors[place] = found.end
            }
        }
    }

    private func note(_ named: NamedContent) {
        if missing.count >= ContentSupply.mostMissing,
            let oldest = missing.min(by: { $0.value.named.leaf < $1.value.named.leaf })
        {
            missing[oldest.key] = nil
        }
        missing[named.digest] = Missing(named: named, next: .now)
    }

    private func fetchMissing() async {
        let now = ContinuousClock.now
        let due = missing.values.filter { $0.next <= now }.sorted { $0.named.leaf < $1.named.leaf }
        for var entry in due.prefix(ContentSupply.mostAtOnce) where !Task.isCancelled {
            let digest = entry.named.digest
            // Whoever wrote it may have brought it meanwhile; and what was masked since is not asked for.
            if (try? node.attachments.holds(digest)) ?? false {
                missing[digest] = nil
                continue
            }
            entry.attempts += 1
            let seconds = Double(1 << min(entry.attempts, 10))
            entry.next = now.advanced(by: min(.seconds(seconds), ContentSupply.longestPause))
            if missing[digest] != nil { missing[digest] = entry }
            if isShown(entry.named) { _ = await supply(entry.named) }
        }
    }

    private func isShown(_ named: NamedContent) -> Bool {
        guard case .text = named.kind else { return true }
        let found = modules.compactMap { try? $0.standing(ofContent: named.digest, environment) }
        return !found.isEmpty
            && found.allSatisfy { standing in
                if case .shown = standing { true } else { false }
            }
    }
}

/// One fetch: asks the other nodes for what they hold themselves, some at a time where it is a text, so that nodes that are
/// away do not keep a reader waiting for each of them.
private struct ContentFetch: Sendable {
    let client: PeerClient
    let store: AttachmentStore
    let logger: Logger
    /// With whom it begins, so that not all questions go to the same one.
    let turn: Int

    /// Whether the content is here now.
    func bring(_ named: NamedContent) async -> Bool {
        let peers = client.peers.indices.map { client.peers[($0 + turn) % client.peers.count] }
        let width = named.kind == .text ? 4 : 1
        for start in stride(from: 0, to: peers.count, by: width) {
            let isHere = await withTaskGroup(of: Bool.self) { group in
                for peer in peers[start..<min(start + width, peers.count)] {
                    group.addTask { await bring(named, from: peer) }
                }
                for await isHere in group where isHere {
                    group.cancelAll()
                    return true
                }
                return false
            }
            if isHere { return true }
        }
        return false
    }

    private func bring(_ named: NamedContent, from peer: NetworkFile.Peer) async -> Bool {
        let seconds: Int64 = named.kind == .text ? 3 : 15
        guard
            let bytes = try? await client.getHeld(path(named), from: peer, limit: limit(named), seconds: seconds)
        else { return false }
        do {
            try keep(named, bytes)
            return true
        } catch {
            logger.warning(
                "another node gave a content that cannot be kept",
                metadata: ["party": "\(peer.party)", "digest": "\(named.digest.hex)"])
            return false
        }
    }

    private func path(_ named: NamedContent) -> String {
        switch named.kind {
        case .text: "/api/v1/contents/\(named.digest.hex)"
        case .file: "/api/v1/attachments/\(named.digest.hex)"
        }
    }

    private func limit(_ named: NamedContent) -> Int {
        switch named.kind {
        case .text: ContentRoutes.largest
        case .file(_, let size): min(max(0, size), AttachmentStore.largest)
        }
    }

    private func keep(_ named: NamedContent, _ bytes: [UInt8]) throws {
        guard CryptoSHA256.hash(bytes) == named.digest
        else { throw Problem(.unprocessableContent, code: "content.digest") }
        switch named.kind {
        case .text:
            try ContentRoutes.check(bytes)
            _ = try store.put(bytes, mediaType: "text/plain", isPublic: false)
        case .file(let mediaType, let size):
            guard bytes.count == size else { throw Problem(.unprocessableContent, code: "attachment.size") }
            _ = try store.put(bytes, mediaType: mediaType, isPublic: true)
        }
    }
}
