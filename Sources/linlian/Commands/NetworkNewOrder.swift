import ArgumentParser
import ContractKit
import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Ordering
import Primitives
import Storage

extension NetworkCommand {
    /// `linlian network new-order`.
    struct NewOrder: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "new-order",
            abstract: "After etcd was lost for good: write from where the order begins anew.",
            discussion: """
                Asks every node how far it has executed, and writes a file from which an administrator begins the order \
                anew in the new etcd; the runbook says how. Nothing that was final is lost: the order goes on after the \
                farthest block that any of the nodes has. So many parties must answer as make a block final. Their nodes \
                must run; nothing is changed by this command alone.
                """)

        @OptionGroup var data: DataOption

        @Option(help: "The file to write; it must not exist.")
        var out: String

        @Option(
            help:
                "Pass over what this party's node says, where it stands in the way; its own blocks that are not final are lost."
        )
        var without: [String] = []

        func run() async throws {
            guard !FileManager.default.fileExists(atPath: out) else { throw Complaint("--out: \(out) exists") }
            let directory = try data.directory()
            guard let network = try directory.network(), let identity = network.listener?.identity else {
                throw Complaint("\(data.path)/network.json names no other nodes: one party alone needs no etcd")
            }
            let own = try await self.own(directory)
            let client = try PeerClient(peers: network.peers, identity: directory.resolved(identity))
            var tips = await ask(client)
            let finals = await finalSizes(client)
            await client.shutDown()
            if !without.contains(own.party) { tips[own.party] = own.tip }
            if let (party, size) = finals.max(by: { $0.value < $1.value }), size > own.tip.size {
                throw Complaint(
                    "\(party)'s node has \(size) final leaves and this one \(own.tip.size): who keeps the ledger may have "
                        + "changed since; run this on \(party)'s machine")
            }
            let farthest = try farthest(tips, own.parties)
            let start = OrderStart(
                position: farthest.position, size: farthest.size, root: farthest.root, time: SystemClock.now)
            try Data(start.text(origin: own.origin)).write(to: URL(fileURLWithPath: out), options: .withoutOverwriting)
            print(
                """
                the order goes on after block \(farthest.height), \(farthest.size) leaves
                written: \(out); put it into the new etcd as the runbook says ("Begin the order anew")
                """)
        }

        /// What this node's folder says.
        private struct Own {
            let origin: String
            let party: String
            let tip: OrderTip
            /// Who keeps the ledger after the last final block, and after the last executed one.
            let parties: [NetworkRow]
        }

        /// This node's own ledger; the node may be running.
        private func own(_ directory: NodeDirectory) async throws -> Own {
            let store = try directory.openLedger()
            defer { try? store.close() }
            let stored = StoredLedger(directory, store: store, catalog: LocalNode.catalog)
            guard let final = try stored.finalBlock(), let last = try store.lastBlock(), let head = last.head,
                let leaf = try store.leaf(last.size - 1),
                let now = try await stored.machine(after: final.height).network
            else { throw Complaint("\(data.path) holds no ledger that several parties keep") }
            let tip = OrderTip(
                height: last.height, position: try Seal(parsing: leaf).position, size: last.size, root: head.root)
            let next = last.height == final.height ? now : try await stored.machine(after: last.height).network
            return Own(
                origin: try directory.identity().origin, party: try directory.signer().party, tip: tip,
                parties: [now] + [next].compactMap(\.self))
        }

        private func finalSizes(_ client: PeerClient) async -> [String: UInt64] {
            var sizes: [String: UInt64] = [:]
            for peer in client.peers where !without.contains(peer.party) {
                guard let text = try? await client.get("/checkpoint", from: peer, limit: 65_536),
                    let head = try? SignedCheckpoint(parsing: text)
                else { continue }
                sizes[peer.party] = head.checkpoint.size
            }
            return sizes
        }

        private func ask(_ client: PeerClient) async -> [String: OrderTip] {
            await withTaskGroup(of: (String, OrderTip?).self) { group in
                for peer in client.peers where !without.contains(peer.party) {
                    group.addTask {
                        let text = try? await client.get(OrderTip.path, from: peer, limit: OrderTip.largestText)
                        return (peer.party, text.flatMap { OrderTip(parsing: $0) })
                    }
                }
                var tips: [String: OrderTip] = [:]
                for await (party, tip) in group { tips[party] = tip }
                return tips
            }
        }

        /// Where the node is that has come farthest.
        private func farthest(_ tips: [String: OrderTip], _ networks: [NetworkRow]) throws -> OrderTip {
            let parties = Set(networks.flatMap { $0.members.map(\.party) }).sorted()
            for party in parties {
                let said = tips[party].map { "\($0.size) leaves, root \($0.root.hex.prefix(16))…" }
                print("\(party): \(said ?? (without.contains(party) ? "passed over" : "no answer"))")
            }
            let answered = parties.filter { tips[$0] != nil }
            guard networks.allSatisfy({ $0.isQuorum(answered) }) else {
                throw Complaint(
                    """
                    too few nodes answer: \(answered.isEmpty ? "none" : answered.joined(separator: ", ")); so many are \
                    needed as make a block final, or something final could be lost. Start the others' nodes and try again
                    """)
            }
            let farthest = answered.compactMap { tips[$0] }.max { $0.size < $1.size }
            guard let farthest else { throw Complaint("no node has a ledger") }
            let others = tips.filter { $0.value.size == farthest.size && $0.value.root != farthest.root }
            guard others.isEmpty else {
                throw Complaint(
                    """
                    nodes with as many leaves have different roots: \(others.keys.sorted().joined(separator: ", ")) against \
                    \(tips.filter { $0.value == farthest }.keys.sorted().joined(separator: ", ")). Find the difference with \
                    linlian diff, and pass over the wrong one with --without
                    """)
            }
            return farthest
        }
    }
}
