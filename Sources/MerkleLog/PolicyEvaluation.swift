public import Primitives

/// Who has signed a tree head.
public struct PolicyEvaluation: Hashable, Sendable {
    /// A witness that cosigned, and when.
    public struct Cosigned: Hashable, Sendable {
        /// The witness's name in the policy.
        public let witness: PolicyName
        /// Its time, in seconds since 1970 UTC.
        public let time: UInt64
    }

    /// The name of the log key that signed; nil when the policy names no logs.
    public let log: SignerName?
    /// The witnesses with a valid cosignature, in the policy's order.
    public let cosigned: [Cosigned]
    /// The witnesses the quorum counts that have not signed, in the policy's order.
    public let missing: [PolicyName]
    /// Whether those that signed are enough.
    public let isQuorumSatisfied: Bool
}

extension WitnessPolicy {
    /// Checks every known signature of a tree head and says who signed.
    /// - Parameter origin: the only origin to accept. Needed when the policy names no logs, and then the log's own
    ///   signature is not asked for: the cosignatures speak for the tree head.
    /// - Throws: ``PolicyError/unknownOrigin(_:)``, ``PolicyError/logSignatureMissing(_:)``,
    ///   ``PolicyError/invalidSignature(_:)`` or ``PolicyError/noQuorum``. A quorum not reached is not thrown.
    public func evaluate<Verifier: Ed25519Verification>(
        _ head: SignedCheckpoint, origin: UTF8Text? = nil, using verifier: Verifier.Type
    ) throws(PolicyError) -> PolicyEvaluation {
        guard let quorum else { throw .noQuorum }
        if let origin, origin != head.checkpoint.origin { throw .unknownOrigin(head.checkpoint.origin) }
        if origin == nil, logs.isEmpty { throw .unknownOrigin(head.checkpoint.origin) }
        let log = logs.isEmpty ? nil : try signingLog(of: head, using: verifier)
        var cosigned: [PolicyEvaluation.Cosigned] = []
        var signed = [Bool](repeating: false, count: witnesses.count)
        for (index, witness) in witnesses.enumerated() {
            switch head.note.status(of: witness.key, using: verifier) {
            case .absent: continue
            case .invalid: throw .invalidSignature(witness.key.name)
            case .valid(let time):
                signed[index] = true
                cosigned.append(PolicyEvaluation.Cosigned(witness: witness.name, time: time ?? 0))
            }
        }
        var counted = [Bool](repeating: false, count: witnesses.count)
        markCounted(quorum, &counted)
        return PolicyEvaluation(
            log: log, cosigned: cosigned,
            missing: witnesses.indices.filter { counted[$0] && !signed[$0] }.map { witnesses[$0].name },
            isQuorumSatisfied: isSatisfied(quorum, by: signed))
    }

    /// As ``evaluate(_:origin:using:)``, and the quorum must be reached.
    /// - Throws: also ``PolicyError/quorumMissing(_:)``.
    @discardableResult
    public func require<Verifier: Ed25519Verification>(
        _ head: SignedCheckpoint, origin: UTF8Text? = nil, using verifier: Verifier.Type
    ) throws(PolicyError) -> PolicyEvaluation {
        let evaluation = try evaluate(head, origin: origin, using: verifier)
        guard evaluation.isQuorumSatisfied else { throw .quorumMissing(evaluation.missing) }
        return evaluation
    }

    /// Whether this set of witnesses is enough. Unknown names do not count.
    public func isQuorum(_ names: [PolicyName]) -> Bool {
        guard let quorum else { return false }
        return isSatisfied(quorum, by: witnesses.map { names.contains($0.name) })
    }

    /// Whether every two sets of witnesses that are enough share a witness. If not, two inconsistent tree heads could
    /// both have a quorum although nobody signed both.
    ///
    /// Exact: a witness counts in one place only, so two disjoint quorums of a group exist just when its members can
    /// be shared out to reach the threshold twice, and a member that itself has two disjoint quorums serves both.
    public func quorumsIntersect() -> Bool {
        guard let quorum else { return false }
        return !hasDisjointQuorums(quorum)
    }

    private func hasDisjointQuorums(_ party: Party) -> Bool {
        switch party {
        case .nobody: return true
        case .witness: return false
        case .group(let index):
            let group = groups[index]
            let servingBoth = group.parties.filter { hasDisjointQuorums($0) }.count
            return 2 * group.needed <= group.parties.count + servingBoth
        }
    }

    private func isSatisfied(_ party: Party, by signed: [Bool]) -> Bool {
        switch party {
        case .nobody: true
        case .witness(let index): signed[index]
        case .group(let index):
            groups[index].parties.filter { isSatisfied($0, by: signed) }.count >= groups[index].needed
        }
    }

    private func markCounted(_ party: Party, _ counted: inout [Bool]) {
        switch party {
        case .nobody: break
        case .witness(let index): counted[index] = true
        case .group(let index): for member in groups[index].parties { markCounted(member, &counted) }
        }
    }

    private func signingLog<Verifier: Ed25519Verification>(
        of head: SignedCheckpoint, using verifier: Verifier.Type
    ) throws(PolicyError) -> SignerName {
        let candidates = logs.filter { $0.key.name.text == head.checkpoint.origin }
        guard !candidates.isEmpty else { throw .unknownOrigin(head.checkpoint.origin) }
        var signer: SignerName?
        for log in candidates {
            switch head.note.status(of: log.key, using: verifier) {
            case .absent: continue
            case .invalid: throw .invalidSignature(log.key.name)
            case .valid: signer = log.key.name
            }
        }
        guard let signer else { throw .logSignatureMissing(candidates.map { $0.key.name }) }
        return signer
    }
}
