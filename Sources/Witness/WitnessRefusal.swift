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
    package var code: String {
        switch self {
        case .tooLarge: "witness.too-large"
        case .malformed: "witness.malformed"
        case .oldSizeTooLarge: "witness.old-size"
        case .unknownLog: "witness.unknown-log"
        case .untrusted: "witness.untrusted"
        case .quorumMissing: "witness.quorum"
        case .conflict: "witness.conflict"
        case .notEmptyTree: "witness.empty-tree"
        case .otherRoot: "witness.other-root"
        case .inconsistent: "witness.inconsistent"
        }
    }

    /// What happened and what to do, for whoever runs the log: Chinese, then English.
    package var sentences: [String] {
        switch self {
        case .tooLarge: ["请求太长。请减少签名。", "The request is too long. Send fewer signatures."]
        case .malformed(let place):
            [
                "请求格式不对（\(place)）。请按 c2sp.org/tlog-witness 发送。",
                "Not an add-checkpoint request (\(place)); see c2sp.org/tlog-witness.",
            ]
        case .oldSizeTooLarge:
            ["旧大小比新的大。请从较小的大小开始证明。", "The old size is larger than the checkpoint's. Prove from a smaller one."]
        case .unknownLog:
            ["本见证不看护这本账。请联系见证人登记。", "This log is not watched here. Ask the witness's operator to add it."]
        case .untrusted(let reason):
            ["没有受信任的账本签名（\(reason)）。", "No valid signature by a key trusted for this log (\(reason))."]
        case .quorumMissing(let names):
            [
                "还缺这些参与方的签名：\(names.joined(separator: "、"))。签齐后再来。",
                "These parties have not signed yet: \(names.joined(separator: ", ")). Come again when they have.",
            ]
        case .conflict(let size): ["登记的大小是 \(size)。", "The size on record is \(size)."]
        case .notEmptyTree: ["空账本的根不对。", "The root is not that of an empty tree."]
        case .otherRoot:
            [
                "同一大小却有另一个根：账本出现两种历史。请停下查明。",
                "Another root for the size on record: two histories. Stop and find out why.",
            ]
        case .inconsistent:
            ["证明不成立：不能说明账本只增不改。", "The proof does not show that the log only grew."]
        }
    }
}
