import ArgumentParser
import Finality
import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Verifier

/// `linlian verify`: checks a receipt, a node's folder, an export or a running ledger, alone.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check a receipt or a whole ledger. Exit 0 only if everything holds.")

    @Argument(help: "A receipt file (.tlog-proof), or evidence against a party (linlian/evidence/v1).")
    var receipt: String?

    @Option(name: .customLong("data"), help: "A node's folder.")
    var data: String?

    @Option(help: "The address of a running node, such as http://127.0.0.1:8080.")
    var url: String?

    @Option(name: .customLong("export"), help: "A folder that `linlian export` wrote.")
    var export: String?

    @Option(help: "The policy file: whose signatures count. Default: the one in the folder that is checked.")
    var policy: String?

    @Flag(help: "Print one JSON line.")
    var json = false

    func validate() throws {
        let given = [receipt, data, url, export].compactMap { $0 }.count
        guard given == 1 else { throw ValidationError("give one of: a receipt, --data, --url, --export") }
    }

    func run() async throws {
        if let receipt { return try checkReceipt(receipt) }
        let start = ProcessInfo.processInfo.systemUptime
        let report: LedgerAudit.Report
        var folder: FolderAudit.Report?
        if let data {
            let found = try await FolderAudit(directory: NodeDirectory(data), policy: policy).run()
            (folder, report) = (found, found.ledger)
        } else if let export {
            report = try await ExportAudit(folder: export, policyFile: policy).run()
        } else {
            report = try await URLAudit(address: url ?? "", policyFile: policy).run()
        }
        tell(report, folder, seconds: ProcessInfo.processInfo.systemUptime - start)
    }

    private func tell(_ report: LedgerAudit.Report, _ folder: FolderAudit.Report?, seconds: Double) {
        let final = folder?.final ?? report.blocks - 1
        if json {
            print(
                "{\"final\":\(final),\"open\":\(folder?.open ?? 0),\"leaves\":\(report.leaves),"
                    + "\"transactions\":\(report.transactions),\"signatures\":\(report.signatures),"
                    + "\"blocks\":\(report.blocks),\"stateKeys\":\(report.stateKeys),\"root\":\"\(report.root.hex)\","
                    + "\"stateRoot\":\"\(report.stateRoot.hex)\",\"seconds\":\(String(format: "%.3f", seconds))}")
        } else {
            print(
                """
                everything holds
                  \(report.transactions) transactions, \(report.signatures) signatures, \(report.blocks) blocks, \
                \(report.leaves) leaves, \(report.stateKeys) keys of state
                  log root   \(report.root.hex)
                  state root \(report.stateRoot.hex)
                  \(String(format: "%.1f", seconds)) s
                """)
            if let folder, folder.open > 0 {
                print(
                    "final up to block \(final); the \(folder.open) blocks after it are executed and not final: the other "
                        + "parties have not agreed to them yet, and they may still be taken back")
            }
            if folder?.isFoundingOpen == true {
                print("block \(final) brought the parties together, and not enough of them have cosigned it yet")
            }
        }
    }

    private func checkReceipt(_ path: String) throws {
        guard let file = FileManager.default.contents(atPath: path) else { throw Complaint("\(path) cannot be read") }
        let policyPath = policy ?? URL(fileURLWithPath: path).deletingLastPathComponent().path + "/policy"
        guard FileManager.default.fileExists(atPath: policyPath) else {
            throw Complaint(
                "--policy FILE is needed: the file that says whose signatures count; any party has it at /policy")
        }
        let rules = try PolicyFiles.read(policyPath)
        if Evidence.isEvidence([UInt8](file)) {
            return try EvidenceCheck(bytes: [UInt8](file), path: path, policy: rules, json: json).run()
        }
        let report = try ReceiptAudit.check([UInt8](file), policy: rules)
        guard case .transaction(let text, let outcome, let events) = report.leaf else {
            print("the receipt holds: leaf \(report.index) of \(report.origin)")
            return
        }
        if json {
            let id = CryptoSHA256.hash(text.signedBytes)
            print(
                "{\"id\":\"\(id.hex)\",\"index\":\(report.index),\"origin\":\"\(report.origin)\","
                    + "\"outcome\":\"\(outcome.line)\",\"size\":\(report.size),\"valid\":true}")
        } else {
            print(
                """
                the receipt holds
                  ledger     \(report.origin), leaf \(report.index) of \(report.size)
                  cosigned   \(report.witnesses.joined(separator: ", "))
                  outcome    \(outcome.line)
                  signed     \(String(decoding: text.payload, as: UTF8.self))
                  events     \(String(decoding: events, as: UTF8.self))
                """)
        }
    }
}

/// Reads policy files.
enum PolicyFiles {
    static func read(_ path: String) throws -> WitnessPolicy {
        guard let data = FileManager.default.contents(atPath: path) else { throw Complaint("\(path) cannot be read") }
        return try parse([UInt8](data), from: path)
    }

    static func parse(_ bytes: [UInt8], from source: String) throws -> WitnessPolicy {
        do {
            return try WitnessPolicy(parsing: bytes, using: CryptoSHA256.self)
        } catch {
            throw Complaint("\(source) is not a policy: \(error.code) \(error)")
        }
    }
}
