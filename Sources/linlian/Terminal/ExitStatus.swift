import ArgumentParser
import ContractKit
import Foundation
import GRDB
import NodeRuntime
import Storage
import Verifier
import Witness

/// Turns what went wrong into one line and an exit code.
enum ExitStatus {
    /// Ends the process after printing the error.
    static func leave(_ error: any Error) -> Never {
        switch error {
        case let error as AuditFailure: stop("refused: \(error)", 1)
        case let error as NodeError:
            stop("error: \(error)", error.code == "ledger.damaged" ? 2 : 1)
        case let error as StorageError:
            stop(
                "error: \(error); find the place with `linlian verify --data DIR`, then restore from a backup "
                    + "(`linlian restore`) or a peer's export", 2)
        case let error as DatabaseError:
            stop(
                "error: a database file cannot be read (\(error.resultCode): \(error.message ?? "")); restore it from a "
                    + "backup (`linlian restore`) or a peer's export", 2)
        case let error as Reason:
            stop("refused: \(error.code)\(error.field.map { " at \($0)" } ?? "")", 1)
        case let error as WitnessError: stop("error: \(error)", 1)
        case let error as Complaint: stop("error: \(error.line)", 1)
        case is CleanExit, is ValidationError, is ExitCode: Linlian.exit(withError: error)
        default:
            if Linlian.exitCode(for: error) == .validationFailure || Linlian.exitCode(for: error) == .success {
                Linlian.exit(withError: error)
            }
            stop("error: \(error)", 70)
        }
    }

    private static func stop(_ line: String, _ code: Int32) -> Never {
        FileHandle.standardError.write(Data((line + "\n").utf8))
        Foundation.exit(code)
    }
}

/// Something the person at the terminal got wrong, with what to do about it.
struct Complaint: Error {
    let line: String

    init(_ line: String) { self.line = line }
}
