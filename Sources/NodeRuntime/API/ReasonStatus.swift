import ContractKit
import HTTPTypes
import PageKit
import Storage

/// Which HTTP status tells of which refusal. The code says what is wrong; the status says whose turn it is.
enum ReasonStatus {
    private static let whole: [String: HTTPResponse.Status] = [
        "envelope.size": .contentTooLarge, "json.size": .contentTooLarge, "batch.size": .contentTooLarge,
        "attachment.size": .contentTooLarge, "attachment.mediaType": .unsupportedMediaType,
        "signature.invalid": .unauthorized, "signature.highS": .unauthorized,
        "account.unknown": .unauthorized, "account.role": .forbidden, "account.keyKnown": .conflict,
        "attachment.digest": .unprocessableContent, "attachment.form": .unprocessableContent,
        "attachment.expired": .unprocessableContent, "node.busy": .tooManyRequests,
    ]
    private static let parts: [Substring: HTTPResponse.Status] = [
        "envelope": .badRequest, "json": .badRequest, "signature": .badRequest, "batch": .badRequest,
        "attachment": .badRequest, "query": .badRequest, "node": .serviceUnavailable,
    ]

    /// The status of a refusal: 400 for a broken form, 401 for a signature or an unknown key, 403 for a role, 409 for a
    /// clash with what is known, 413 for size, 415 for a media type, 503 for the node itself, 422 for the content.
    static func status(of code: String) -> HTTPResponse.Status {
        whole[code] ?? parts[code.prefix { $0 != "." }] ?? .unprocessableContent
    }

    /// A reason of the gate as an answer.
    static func problem(_ reason: Reason) -> Problem {
        Problem(status(of: reason.code), code: reason.code, field: reason.field)
    }

    /// Why the node could not take something: its own code if it has one, otherwise `node.failed`.
    static func problem(node error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let reason as Reason: Self.problem(reason)
        case let error as NodeError where error.code.hasPrefix("node."):
            Problem(whole[error.code] ?? .serviceUnavailable, code: error.code)
        case let error as StorageError where error.code.hasPrefix("attachment."):
            Problem(status(of: error.code), code: error.code)
        case let error as StorageError where error.code == "storage.archive":
            Problem(.serviceUnavailable, code: "archive.away")
        default: Problem(.serviceUnavailable, code: "node.failed")
        }
    }
}
