import ArgumentParser
import Finality
import Foundation
import MerkleLog
import Primitives

/// `linlian verify` of a file `linlian/evidence/v1`: says in words what it shows. Exit code 0 when the evidence holds, 2
/// when it shows nothing.
struct EvidenceCheck {
    let bytes: [UInt8]
    let path: String
    let policy: WitnessPolicy
    let json: Bool

    func run() throws {
        guard let evidence = Evidence(parsing: bytes) else {
            throw refusal(nil, "malformed", "\(path) is not a whole file of the form linlian/evidence/v1")
        }
        do throws(Evidence.Failure) {
            tell(evidence, try evidence.check(policy: policy))
        } catch {
            throw refusal(evidence, error.rawValue, EvidenceCheck.words(error, evidence))
        }
    }

    private func tell(_ evidence: Evidence, _ finding: Evidence.Finding) {
        let first = evidence.first.checkpoint
        let second = evidence.second.checkpoint
        let against: [String] =
            switch finding {
            case .signedBoth: [evidence.party]
            case .againstQuorum(let parties): parties
            }
        if json {
            let names = against.map { "\"\($0)\"" }.joined(separator: ",")
            print(
                "{\"against\":[\(names)],\"holds\":true,\"origin\":\"\(first.origin)\",\"party\":\"\(evidence.party)\","
                    + "\"sizes\":[\(first.size),\(second.size)]}")
            return
        }
        let who =
            finding == .signedBoth
            ? "and \(evidence.party) has signed this one too:"
            : "and these parties, who are enough to make it final, have signed this one: \(against.joined(separator: ", "))"
        let why =
            first.size == second.size
            ? "Both are of \(first.size) entries, and their roots differ: the entries are not the same."
            : """
            The second log had the root \(evidence.root.hex)
            at \(first.size) entries, as the proof in the file shows, and not the one that \(evidence.party) has signed.
            """
        print(
            """
            the evidence holds: \(evidence.party) has signed a history that is not the ledger's
              ledger     \(first.origin)
              \(evidence.party) has signed this checkpoint:
              size       \(first.size)
              root       \(first.root.hex)
              \(who)
              size       \(second.size)
              root       \(second.root.hex)
            The signatures are valid under the keys in the policy. \(why)
            A log only grows, so the two cannot both be true.
            """)
    }

    private func refusal(_ evidence: Evidence?, _ code: String, _ words: String) -> ExitCode {
        if json {
            print("{\"code\":\"evidence.\(code)\",\"holds\":false}")
        } else {
            print("the evidence shows nothing: \(words)")
        }
        return ExitCode(2)
    }

    private static func words(_ failure: Evidence.Failure, _ evidence: Evidence) -> String {
        switch failure {
        case .unknownParty: "the policy names no party \(evidence.party)"
        case .otherLedger: "the two checkpoints are of different ledgers"
        case .notSigned: "the first checkpoint is not signed by the key of \(evidence.party) in the policy"
        case .noQuorum:
            "the second checkpoint is signed neither by \(evidence.party) nor by enough other parties of the policy"
        case .badProof: "the proof does not show which root the second log had at the size of the first"
        case .consistent: "the two checkpoints do not contradict each other"
        }
    }
}
