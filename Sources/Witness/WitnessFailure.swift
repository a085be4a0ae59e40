/// Why a witness's cosignature could not be had. None of them harms the ledger: it is final without witnesses.
package enum WitnessFailure: Error, Hashable, Sendable {
    /// No answer in time: the network, the witness, or its certificate.
    case unreachable(String)
    /// The witness refuses, with this HTTP status; the text is the beginning of its answer.
    case refused(status: UInt, String)
    /// The witness has cosigned this size, which is more than the checkpoint's: either a newer checkpoint is on its way, or
    /// somebody showed the witness another history.
    case ahead(size: UInt64)
    /// The witness went on naming other sizes.
    case unsettled
    /// The proof from the size that the witness knows could not be made.
    case proofUnavailable(String)
    /// The answer is not one of the protocol.
    case badAnswer
    /// The answer holds no valid cosignature of this checkpoint by the witness's key.
    case badSignature

    /// A stable name for the failure.
    package var code: String {
        switch self {
        case .unreachable: "witness.unreachable"
        case .refused: "witness.refused"
        case .ahead: "witness.ahead"
        case .unsettled: "witness.unsettled"
        case .proofUnavailable: "witness.proof-unavailable"
        case .badAnswer: "witness.bad-answer"
        case .badSignature: "witness.bad-signature"
        }
    }
}
