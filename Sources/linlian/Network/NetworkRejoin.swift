import ArgumentParser
import ContractKit
import Foundation
import NodeRuntime
import Verifier

extension NetworkCommand {
    /// `linlian network rejoin`.
    struct Rejoin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Build a node's ledger anew from another party's node, and check all of it.",
            discussion: """
                For a node whose disk was lost or damaged: the folder keeps its keys, certificates and network.json; the \
                ledger comes from the first party of network.json that answers and whose log holds by the policy. What \
                was there is kept beside it as DIR.damaged. Stop the node first, start it afterwards.
                """)

        @OptionGroup var data: DataOption

        @Option(help: "Only from this party's node.")
        var party: String?

        @Option(help: "The policy file by which the log must hold. Default: the one in the folder.")
        var policy: String?

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
                    try await LogDownload(peer: peer, client).run(policyFile: rebuild.trustedPolicy) {
                        try await rebuild.run(fromExport: $0)
                    }
                    let size = try await directory.checkLedger(LocalNode.catalog)
                    print("\(size) leaves from \(peer.party), checked; start the node now")
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
