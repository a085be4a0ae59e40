import ArgumentParser
import ConstitutionContract
import ContractKit
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Storage

extension KeysCommand {
    /// `linlian keys rotate`.
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the party's next cosigner key, and print the act that brings it into force.",
            discussion: """
                Also while the node runs. The key is written beside the present one, keys/cosigner-next.key; the node goes on \
                with the present one until the parties have agreed to the act and its block is final, and takes the next one \
                then by itself. Asked again, it makes no second key and prints the act for the constitution in force.
                """)

        @OptionGroup var data: DataOption

        func run() async throws {
            let directory = try data.directory()
            guard try directory.network()?.etcd != nil else {
                throw Complaint(
                    "one party keeps this ledger alone: who checks its receipts goes by its policy file, so its key stays"
                )
            }
            let (row, version) = try await party(directory)
            let next = try CosignerKeyFiles(directory).makeNext().cosignerVerifier.text
            print("next cosigner verifier\t\(next)")
            guard row.party.cosigner != next else {
                print("in force\tthe ledger names it already")
                return
            }
            var changed = row.party
            changed.cosigner = next
            let proposal = ProposeChanges(
                proposal: "key-\(changed.id)-\(version + 1)", version: version, changes: [.changeParty(changed)])
            let body = String(decoding: proposal.canonicalJSON, as: UTF8.self)
            // A quotation mark in a party's name would end the shell's.
            let quoted = body.replacing("'", with: "'\\''")
            print("act\t\(ProposeChanges.type)\t\(body)")
            print(
                """
                sign it as a delegate, hand it to a running node, and have the other parties vote:
                linlian act \(ProposeChanges.type) --data \(data.path) --key \(changed.id) --print --body '\(quoted)' \
                | curl --data-binary @- -H 'Content-Type: text/plain' http://127.0.0.1:PORT/api/v1/transactions
                """)
        }

        /// The party as the ledger describes it after the newest final block, and the constitution's version.
        private func party(_ directory: NodeDirectory) async throws -> (PartyRow, Int64) {
            let store = try directory.openLedger()
            defer { try? store.close() }
            let stored = StoredLedger(directory, store: store, catalog: LocalNode.catalog)
            guard let last = try stored.finalBlock() else { throw Complaint("the ledger in \(data.path) is empty") }
            let machine = try await stored.machine(after: last.height)
            let name = try directory.identity().party
            guard let row = try Parties.find(name, in: machine.state), row.party.cosigner != nil else {
                throw Complaint("the party \(name) has no cosigner key on this ledger")
            }
            return (row, try Parameters.version(in: machine.state))
        }
    }
}
