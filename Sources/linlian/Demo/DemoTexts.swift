import AssemblyContract
import BudgetingContract

/// The made-up neighbourhood 幸福里: what it decides about.
enum DemoTexts {
    /// Its name.
    static let name = "幸福里社区"

    /// One motion of the demo, with its days relative to today.
    struct Motion {
        let id: String
        let title: String
        let text: String
        let matter: MotionMatter
        /// Day on which it is announced, on which voting opens, and on which it closes.
        let announced: Int64
        let opens: Int64
        let closes: Int64
        /// Out of a hundred owners, how many take part, and of these how many say yes and no.
        let share: (part: Int, yes: Int, no: Int)
    }

    static let motions: [Motion] = [
        Motion(
            id: "lift-2026", title: "使用维修资金更换3号楼两部电梯",
            text: """
                3号楼两部电梯已使用21年，今年停运17次，检验机构建议更换。
                预算：两部合计 486,000 元，从维修资金列支，按专有部分面积分摊。
                工期：45 天，两部轮流施工，始终保留一部运行。
                """, matter: .useMaintenanceFund, announced: -44, opens: -28, closes: -14, share: (86, 82, 11)),
        Motion(
            id: "lawn-2026", title: "将中心绿地东侧改建为18个停车位",
            text: """
                中心绿地东侧 260 平方米改建为 18 个停车位，收入归全体业主。
                改变共有部分用途，依《民法典》第二百七十八条须参与表决的四分之三以上同意。
                """, matter: .commonPartsUse, announced: -43, opens: -27, closes: -13, share: (79, 58, 35)),
        Motion(
            id: "manager-2027", title: "续聘物业服务企业三年",
            text: """
                现物业服务合同年底到期。业主委员会建议续聘，期限三年。
                物业费维持每平方米每月 2.10 元；新增夜间双岗和每季度公开维修记录两项承诺。
                """, matter: .propertyManager, announced: -18, opens: -2, closes: 12, share: (41, 70, 18)),
        Motion(
            id: "charging-2026", title: "在南门建设电动自行车集中充电棚",
            text: """
                在南门西侧建设 60 个充电位，配自动灭火和断电装置，禁止上楼充电。
                占用共有部分 90 平方米，建设费 128,000 元由运营单位承担，收益的 40% 归业主。
                """, matter: .commonPartsUse, announced: -17, opens: -1, closes: 20, share: (28, 84, 9)),
        Motion(
            id: "covenant-2027", title: "修订《管理规约》：文明养犬与夜间装修",
            text: """
                新增两条：遛犬须牵绳并清理；工作日 18 时至次日 8 时、周末全天不得进行有噪声的装修。
                """, matter: .covenant, announced: -10, opens: 6, closes: 26, share: (0, 0, 0)),
    ]

    /// One budget vote of the demo.
    struct Budget {
        let id: String
        let title: String
        let text: String
        let budget: Int64
        let rule: CountingRule
        let opens: Int64
        let closes: Int64
        let projects: [(id: String, name: String, cost: Int64, weight: Int)]
        let voters: Int
    }

    /// Amounts in fen.
    static let budgets: [Budget] = [
        Budget(
            id: "renewal-2026", title: "2026 年社区微更新：30 万元怎么花",
            text: "每户在册居民可选任意多个项目；按“均等份额法”计票，让不同楼栋、不同需要的居民都有份。",
            budget: 30_000_000, rule: .equalSharesAdd1, opens: -20, closes: -6,
            projects: [
                ("ramp", "各单元门口无障碍坡道", 8_600_000, 62), ("benches", "林荫道座椅与扶手", 2_400_000, 55),
                ("playground", "儿童游乐场翻新", 9_800_000, 48), ("lights", "地下车库照明改造", 6_200_000, 40),
                ("fountain", "景观喷泉", 14_500_000, 21), ("library", "共享小屋图书角", 1_800_000, 33),
            ], voters: 150),
        Budget(
            id: "services-2027", title: "2027 年为老服务：20 万元买哪些服务",
            text: "由街道出资、居民选择。请选出您希望购买的服务，最多四项。", budget: 20_000_000, rule: .equalSharesAdd1,
            opens: -3, closes: 15,
            projects: [
                ("meals", "周一至周五老年助餐", 9_000_000, 60), ("clinic", "每月两次上门理疗", 5_400_000, 42),
                ("cleaning", "独居老人季度保洁", 4_800_000, 51), ("phone", "智能手机教学班", 1_200_000, 38),
                ("haircut", "每月义务理发", 600_000, 45), ("trip", "春秋两季短途出游", 3_900_000, 22),
            ], voters: 70),
    ]
}
