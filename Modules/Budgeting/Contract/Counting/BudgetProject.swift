/// One project that residents vote on.
package struct BudgetProject: Sendable, Hashable {
    /// The project's public identifier; compared byte by byte, see ``ProjectOrder``.
    package var id: String
    /// What the project costs, in the smallest unit the count uses (for instance 1 yuan, or 0.01 yuan). At least 1.
    package var cost: Int64
    /// A score given from outside (for instance points). When present, the greedy rules rank by it instead of by
    /// the number of ballots that name the project. Equal Shares never uses it.
    package var score: Int64?

    /// A project; validity is checked by ``ApprovalProfile``.
    package init(id: String, cost: Int64, score: Int64? = nil) {
        self.id = id
        self.cost = cost
        self.score = score
    }
}
