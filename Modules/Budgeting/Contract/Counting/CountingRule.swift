/// The rule by which ballots become winners, named as in the participatory-budgeting library Pabulib.
package enum CountingRule: Sendable, Hashable {
    /// Highest score first; a project that no longer fits is passed over.
    case greedy
    /// As ``greedy``, but the count ends at the first project that does not fit.
    case greedyNoSkip
    /// As ``greedy``; projects whose score is below the value are never taken.
    case greedyThreshold(Int64)
    /// Method of Equal Shares with cost utilities, completed by raising every voter's start by one currency unit.
    /// (Peters, Pierczyński, Skowron: Proportional Participatory Budgeting with Additive Utilities, 2021.)
    case equalSharesAdd1

    /// The rule's name in a Pabulib file's `rule` field.
    package var name: String {
        switch self {
        case .greedy: "greedy"
        case .greedyNoSkip: "greedy-no-skip"
        case .greedyThreshold: "greedy-threshold"
        case .equalSharesAdd1: "equalshares/add1"
        }
    }

    /// The names ``init(name:threshold:)`` knows, in the order a message lists them.
    package static let knownNames = ["greedy", "greedy-no-skip", "greedy-threshold", "equalshares/add1"]

    /// The rule of that name, or `nil` when the name is unknown or a `greedy-threshold` lacks its threshold.
    package init?(name: String, threshold: Int64?) {
        switch name {
        case "greedy": self = .greedy
        case "greedy-no-skip": self = .greedyNoSkip
        case "greedy-threshold":
            guard let threshold else { return nil }
            self = .greedyThreshold(threshold)
        case "equalshares/add1": self = .equalSharesAdd1
        default: return nil
        }
    }
}
