/// What owners decide together: the nine items of Civil Code article 278, paragraph 1. The raw value is the item.
package enum MotionMatter: Int, Sendable, Hashable, CaseIterable {
    /// Item 1: adopt or amend the rules of procedure of the owners' assembly 议事规则.
    case rulesOfProcedure = 1
    /// Item 2: adopt or amend the covenant 管理规约.
    case covenant = 2
    /// Item 3: elect the owners' committee or replace its members 换届.
    case committeeElection = 3
    /// Item 4: hire or dismiss the property manager 物业服务企业.
    case propertyManager = 4
    /// Item 5: use the maintenance fund 维修资金.
    case useMaintenanceFund = 5
    /// Item 6: raise the maintenance fund.
    case raiseMaintenanceFund = 6
    /// Item 7: rebuild a building or its attached facilities.
    case rebuild = 7
    /// Item 8: change the use of common parts 共有部分, or trade from them.
    case commonPartsUse = 8
    /// Item 9: any other major matter of common ownership or management.
    case otherMajorMatter = 9

    /// The majority the matter needs (article 278, paragraph 2): items 6 to 8 the special one, all others the ordinary.
    package var majority: Majority {
        switch self {
        case .raiseMaintenanceFund, .rebuild, .commonPartsUse: .special
        case .rulesOfProcedure, .covenant, .committeeElection, .propertyManager, .useMaintenanceFund,
            .otherMajorMatter:
            .ordinary
        }
    }
}

/// The two majorities of article 278, paragraph 2.
package enum Majority: String, Sendable, Hashable, CaseIterable {
    /// More than half of the participating area and heads 过半数.
    case ordinary
    /// At least three quarters of the participating area and heads 四分之三以上.
    case special
}
