import HTTPTypes
import LedgerCore
import PageKit
import Primitives

/// How the API writes what became of a transaction.
struct TransactionJSON {
    /// The texts of refusals.
    let catalog: MessageCatalog
    /// The reader's language; looked at only where there is something to say.
    let language: () -> Language

    /// `{"code"?,"final","height","help"?,"id","index","message"?,"receipt","status"}` into `writer`.
    func write(_ status: TransactionStatus, to writer: inout JSONWriter) {
        writer.object { fields in
            let problem = refusal(status.outcome)
            if let problem { fields.field("code", problem.code) }
            fields.field("final", status.isFinal)
            fields.field("height", Int64(clamping: status.height))
            if let problem { fields.field("help", problem.help) }
            writeIdentity(status, problem?.message, to: &fields)
        }
    }

    /// A transaction that is recorded here and waits for the others: `{"final":false,"help","id","message","status":"waiting"}`.
    func write(waiting id: Digest, to writer: inout JSONWriter) {
        let problem = Problem(.accepted, code: "node.waiting")
        let language = language()
        writer.object { fields in
            fields.field("final", false)
            fields.field("help", problem.help(catalog, language))
            fields.field("id", id.hex)
            fields.field("message", problem.message(catalog, language))
            fields.field("status", literal: "waiting")
        }
    }

    /// A refusal, as beside the answers of a batch: `{"error":{…},"status":"refused"}`.
    func write(_ problem: Problem, to writer: inout JSONWriter) {
        let language = language()
        writer.object { fields in
            fields.field("error") { error in
                error.field("code", problem.code)
                if let field = problem.field { error.field("field", field) }
                error.field("help", problem.help(catalog, language))
                error.field("message", problem.message(catalog, language))
            }
            fields.field("status", literal: "refused")
        }
    }

    /// Code, message and help of a rejected transaction; nil for an accepted one.
    func refusal(_ outcome: Outcome) -> (code: String, message: String, help: String)? {
        guard case .rejected(let code) = outcome else { return nil }
        let problem = Problem(.ok, code: code)
        let language = language()
        return (code, problem.message(catalog, language), problem.help(catalog, language))
    }

    private func writeIdentity(_ status: TransactionStatus, _ message: String?, to fields: inout JSONWriter) {
        let id = status.id.hex
        fields.field("id", id)
        fields.field("index", Int64(clamping: status.leaf))
        if let message { fields.field("message", message) }
        fields.field("receipt", "/api/v1/receipts/" + id)
        fields.field("status", literal: status.outcome == .accepted ? "accepted" : "rejected")
    }
}
