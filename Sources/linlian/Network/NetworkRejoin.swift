import ArgumentParser
import ContractKit
import Foundation
import NodeRuntime
import Storage
import Verifier

extension NetworkCommand {
    /// `linlian network rejoin`.
    struct Rejoin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Get a node's ledger from another party's node.",
            discussion: """
                For a node that joins, or whose disk was lost or damaged: the folder keeps its keys, certificates and \
                network.json; the ledger comes from the first party of network.json that answers and whose log holds by \
                the policy. Every leaf is held to the root that the parties have cosigned, and the state to the root in \
                its seal; what they vouch for is not worked out again, unless --replay asks for it. What was there is \
                kept beside it as DIR.damaged. Stop the node first, start it afterwards.
                """)

        @OptionGroup var data: DataOption

        @Option(help: "Only from this party's node.")
        var party: String?

        @Option(help: "The policy file by which the log must hold. Default: the one in the folder.")
        var policy: String?

        @Flag(help: "Take no snapshot: check every signature and execute every transaction.")
        var replay = false

        func run() async throws {
            let directory = try data.directory()
            guard let network = try directory.network(), let identity = network.listener?.identity else {
                throw Complaint("\(data.path)/network.json names no other nodes; use linlian restore --from-url URL")
            }
            let peers = network.peers.filter { party == nil || $0.party == party }
            guard !peers.isEmpty else {
                throw Complaint("--party: network.json knows \(network.peers.map(\.party).joined(separator: ", "))")
            }
            let client = try PeerClient(peers: peers, identity: directory.resolved(identity))
            do {
                try await rejoin(directory, client)
            } catch {
                await client.shutDown()
                throw error
            }
            await client.shutDown()
        }

        private func rejoin(_ directory: NodeDirectory, _ client: PeerClient) async throws {
            let rebuild = LedgerRebuild(data: data.path, policyFile: policy)
            var refusals: [String] = []
            for peer in client.peers {
                do {
                    if replay {
                        try await LogDownload(peer: peer, client).run(policyFile: rebuild.trustedPolicy) {
                            try await rebuild.run(fromExport: $0)
                        }
                    } else {
                        try await rebuild.run(LedgerJoin(peer: peer, client))
                    }
                    let store = try directory.openLedger()
                    defer { try? store.close() }
                    let how = replay ? "checked and executed" : "checked against the parties' cosignatures"
                    print("\(try store.leafCount()) leaves from \(peer.party), \(how); start the node now")
                    return
                } catch let refusal as AuditFailure {
                    refusals.append("\(peer.party): \(refusal)")
                } catch let refusal as Complaint {
                    throw refusal
                } catch {
                    refusals.append("\(peer.party): \(error)")
                }
            }
            throw Complaint("no other node could give the ledger:\n  " + refusals.joined(separator: "\n  "))
        }
    }
}

extension LedgerJoin {
    /// From another party's node, over the network of the nodes.
    fileprivate init(peer: NetworkFile.Peer, _ client: PeerClient) {
        let progress = ProgressBar("join", total: 1_000)
        self.init(
            fetch: { try await client.find("/" + $0, from: peer, limit: $1) },
            progress: { progress.reach(Int($0 * 1_000 / max(1, $1))) })
    }
}
