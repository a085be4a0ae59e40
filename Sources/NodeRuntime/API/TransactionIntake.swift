import ContractKit
import HTTPTypes
import Hummingbird
import LedgerCore
import PageKit
import Primitives

/// `POST /api/v1/transactions`: takes a signed text, a DSSE envelope or a batch of texts to the gate and has it executed.
///
/// This is the one address that must keep up with a whole town voting at once, so nothing is done here but what the
/// answer needs: no coder, no middleware, no log line.
struct TransactionIntake: Sendable {
    /// The address.
    static let path = "/api/v1/transactions"
    /// Largest body with one transaction, in bytes: a DSSE envelope of the largest text.
    static let largestBody = 100_000
    /// Media types, besides the batch's.
    static let textType = "application/vnd.linlian.tx"

    private let node: Node
    private let catalog: MessageCatalog
    private let metrics: NodeMetrics

    init(node: Node, catalog: MessageCatalog, metrics: NodeMetrics) {
        self.node = node
        self.catalog = catalog
        self.metrics = metrics
    }

    private enum Form { case text, envelope, batch }

    /// What the gate says of one text.
    private enum Gate {
        case admitted(Transaction)
        /// Executed before; sending it again is safe and gives the same answer.
        case known(TransactionStatus)
        case refused(Reason)
    }

    /// The answer, refusals included.
    func respond(to request: Request) async throws -> Response {
        do {
            switch try form(request.headers[.contentType]) {
            case .text:
                return try await single(request) { bytes throws(Reason) in try TransactionText(parsing: bytes) }
            case .envelope:
                let admission = node.admission
                return try await single(request) { bytes throws(Reason) in
                    try DSSEEnvelope.parse(bytes) { admission.algorithm(of: $0) }
                }
            case .batch: return try await batch(request)
            }
        } catch {
            let problem = ReasonStatus.problem(node: error)
            metrics.refused(problem.code)
            var response = Answer.problem(problem, catalog, Language(request: request))
            if problem.status == .serviceUnavailable || problem.status == .tooManyRequests {
                response.headers[.retryAfter] = "2"
            }
            return response
        }
    }

    private func form(_ contentType: String?) throws -> Form {
        guard let contentType else { return .text }
        if contentType == TransactionIntake.textType { return .text }
        switch contentType.prefix(while: { $0 != ";" && $0 != " " }).lowercased() {
        case TransactionIntake.textType, "text/plain", "application/octet-stream": return .text
        case "application/json": return .envelope
        case TransactionBatch.mediaType: return .batch
        default: throw Problem(.unsupportedMediaType, code: "page.mediaType")
        }
    }

    private func single(
        _ request: Request, _ parse: ([UInt8]) throws(Reason) -> TransactionText
    ) async throws -> Response {
        let body = try await RequestReading.body(
            request, limit: TransactionIntake.largestBody, code: "envelope.size")
        let status: TransactionStatus
        let language = { Language(request: request) }
        let json = TransactionJSON(catalog: catalog, language: language)
        switch await gate(try parse(body), now: node.clock()) {
        case .admitted(let transaction):
            let answers: [TransactionStatus]
            do {
                answers = try await node.submit(admitted: [transaction])
            } catch let waiting as WaitingForOthers {
                var writer = JSONWriter(capacity: 256)
                for id in waiting.ids { json.write(waiting: id, to: &writer) }
                return Answer.json(writer.bytes, status: .accepted)
            }
            guard let executed = answers.first
            else { throw NodeError("node.failed", "no answer for a transaction", help: "send it again") }
            metrics.executed(executed.outcome)
            status = executed
        case .known(let executed): status = executed
        case .refused(let reason): throw reason
        }
        var writer = JSONWriter(capacity: 320)
        json.write(status, to: &writer)
        return Answer.json(writer.bytes)
    }

    private func gate(_ text: TransactionText, now: Instant) async -> Gate {
        do throws(Reason) {
            return .admitted(try node.admission.admit(text, now: now))
        } catch {
            // Only what time alone may have changed since: a forged or malformed text is never known.
            guard ["transaction.expired", "account.unknown", "account.role"].contains(error.code),
                let status = try? await node.status(of: CryptoSHA256.hash(text.signedBytes))
            else { return .refused(error) }
            return .known(status)
        }
    }

    private func batch(_ request: Request) async throws -> Response {
        let body = try await RequestReading.body(request, limit: TransactionBatch.largest, code: "batch.size")
        let now = node.clock()
        var gates: [Gate] = []
        for bytes in try TransactionBatch.split(body) {
            do throws(Reason) {
                gates.append(await gate(try TransactionText(parsing: bytes), now: now))
            } catch {
                gates.append(.refused(error))
            }
        }
        var admitted: [Transaction] = []
        for case .admitted(let transaction) in gates { admitted.append(transaction) }
        var isWaiting = false
        var executed: [TransactionStatus] = []
        do {
            if !admitted.isEmpty { executed = try await node.submit(admitted: admitted) }
        } catch is WaitingForOthers {
            isWaiting = true
        }
        guard isWaiting || executed.count == admitted.count
        else { throw NodeError("node.failed", "answers are missing for a batch", help: "send it again") }
        var rest = executed[...]
        let json = TransactionJSON(catalog: catalog) { Language(request: request) }
        var writer = JSONWriter(capacity: 320 * gates.count)
        writer.array(gates) { writer, gate in
            switch gate {
            case .admitted(let transaction):
                if isWaiting { return json.write(waiting: transaction.id, to: &writer) }
                guard let status = rest.popFirst() else { return }
                metrics.executed(status.outcome)
                json.write(status, to: &writer)
            case .known(let status): json.write(status, to: &writer)
            case .refused(let reason):
                metrics.refused(reason.code)
                json.write(ReasonStatus.problem(reason), to: &writer)
            }
        }
        return Answer.json(writer.bytes, status: isWaiting ? .accepted : .ok)
    }
}
