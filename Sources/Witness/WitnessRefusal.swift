/// Why a checkpoint is not cosigned. Whatever is refused leaves nothing behind.
package enum WitnessRefusal: Error, Hashable, Sendable {
    /// The body is longer than ``AddCheckpointRequest/maximumByteCount``.
    case tooLarge
    /// The body is not a request; the text says which line, or which rule of the note it breaks.
    case malformed(String)
    /// The old size is larger than the checkpoint's.
    case oldSizeTooLarge
    /// The origin is not watched here.
    case unknownLog
    /// No signature by a key that is trusted for the origin, or one that is not valid; with the policy's code.
    case untrusted(String)
    /// The parties whose cosignatures this witness asks for have not all signed; these are missing.
    case quorumMissing([String])
    /// The old size is not the one on record, which is this.
    case conflict(UInt64)
    /// A checkpoint without leaves whose root is not the empty tree's.
    case notEmptyTree
    /// The size on record with another root: the log shows two histories.
    case otherRoot
    /// The proof does not show that the log only grew.
    case inconsistent

    /// The HTTP status that tlog-witness gives to the refusal; 413 is HTTP's own.
    package var status: Int {
        switch self {
        case .tooLarge: 413
        case .malformed, .oldSizeTooLarge: 400
        case .unknownLog: 404
        case .untrusted, .quorumMissing: 403
        case .conflict: 409
        case .notEmptyTree, .otherRoot, .inconsistent: 422
        }
    }

    /// A stable name for the refusal.
    package var code: String { "witness.\(name)" }

    /// What happened and what to do, for whoever runs the log: Chinese, then English.
    package var sentences: [String] { WitnessWords.text("witness.refusal.\(name)", ["detail": detail]) }

    private var name: String {
        switch self {
        case .tooLarge: "tooLarge"
        case .malformed: "malformed"
        case .oldSizeTooLarge: "oldSize"
        case .unknownLog: "unknownLog"
        case .untrusted: "untrusted"
        case .quorumMissing: "quorum"
        case .conflict: "conflict"
        case .notEmptyTree: "emptyTree"
        case .otherRoot: "otherRoot"
        case .inconsistent: "inconsistent"
        }
    }

    private var detail: String {
        switch self {
        case .malformed(let place): place
        case .untrusted(let reason): reason
        case .quorumMissing(let names): names.joined(separator: ", ")
        case .conflict(let size): "\(size)"
        case .tooLarge, .oldSizeTooLarge, .unknownLog, .notEmptyTree, .otherRoot, .inconsistent: ""
        }
    }
}
