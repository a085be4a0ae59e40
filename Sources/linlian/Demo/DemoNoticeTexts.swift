import NoticesContract

/// The made-up neighbourhood 幸福里: what it posts and asks. Days are relative to today.
enum DemoNoticeTexts {
    /// One notice of the demo.
    struct Notice: Sendable {
        let id: String
        let party: String
        let kind: NoticeKind
        let title: String
        let text: String
        var audience = NoticeAudience.estate
        /// Day on which it is published, on which it goes up if that is later, and on which it comes down.
        let day: Int64
        var begins: Int64?
        let ends: Int64
        var file: (name: String, text: String)?
        var replaces: String?
    }

    static let notices: [Notice] = [
        Notice(
            id: "decision-lift", party: "yeweihui", kind: .decision, title: "业主大会决定：更换3号楼两部电梯",
            text: """
                业主大会已就更换3号楼两部电梯作出决定，计票结果见“议事”。
                施工单位由业主委员会公开比选，比选结果另行公告。
                """, audience: .owners, day: -13, ends: -3),
        Notice(
            id: "income-q3", party: "yeweihui", kind: .finance, title: "第三季度公共收益收支公布",
            text: """
                本季度公共收益：电梯广告 18,600 元，临时停车 26,450 元，合计 45,050 元。
                本季度支出：绿化补种 6,200 元，门禁维修 3,380 元，合计 9,580 元。
                结余 35,470 元，存入业主大会账户。明细见附件。
                """, audience: .owners, day: -16, ends: 14,
            file: (
                "第三季度公共收益明细.csv",
                "项目,收入（元）,支出（元）\n电梯广告,18600,\n临时停车,26450,\n绿化补种,,6200\n门禁维修,,3380\n"
            )),
        Notice(
            id: "meeting-renewal", party: "juweihui", kind: .meeting, title: "居民议事会：怎样改造中心绿地",
            text: """
                十三天以后的下午两点，在党群服务中心一楼召开居民议事会。
                议题：中心绿地的座椅、照明和儿童活动场地。欢迎带着方案来。
                """, audience: .residents, day: -2, ends: 13),
        Notice(
            id: "election-voters", party: "juweihui", kind: .election, title: "居民委员会换届：选民登记名单公布办法",
            text: """
                选民登记名单按楼栋张贴在各单元门口，网上不公布姓名。
                对名单有意见的，请在公示期内到居民委员会提出。
                """, audience: .residents, day: -6, ends: 16),
        Notice(
            id: "wall-cleaning", party: "wuye", kind: .works, title: "1号楼外墙清洗",
            text: """
                后天起清洗1号楼外墙，工期十天，每天 9 时至 17 时。
                请关好窗户，收回窗外衣物，暂勿在楼下停车。
                """, audience: .building("1"), day: -1, begins: 2, ends: 12),
        Notice(
            id: "water-stop", party: "wuye", kind: .safety, title: "停水通知：更换地下泵房水泵",
            text: """
                明天 9 时至 12 时更换地下泵房水泵，全小区停水。
                请提前储水；恢复供水后请先放水一分钟。
                """, day: -1, ends: 2),
        Notice(
            id: "parking-rules", party: "wuye", kind: .general, title: "访客停车收费调整",
            text: "自下月一日起，访客停车前 30 分钟免费，之后每小时 3 元。", day: -9, ends: 10),
        Notice(
            id: "parking-rules-2", party: "wuye", kind: .general, title: "更正：访客停车前 60 分钟免费",
            text: "前一份公告把免费时间写成了 30 分钟，应为 60 分钟。收费标准不变。", day: -7, ends: 10,
            replaces: "parking-rules"),
        Notice(
            id: "clinic-day", party: "shehuizuzhi", kind: .general, title: "义诊活动：量血压、测血糖、用药咨询",
            text: "社工站和社区卫生服务中心在中心花园举办义诊，六十岁以上居民优先。", day: -11, ends: -4),
    ]

    /// One question of the demo with its answers.
    struct Question: Sendable {
        let id: String
        let topic: QuestionTopic
        let resident: Int
        let text: String
        let day: Int64
        /// Out of the first residents, how many support it.
        let upvotes: Int
        var answers: [(party: String, day: Int64, text: String)] = []
    }

    static let questions: [Question] = [
        Question(
            id: "fund-interest", topic: .finance, resident: 33,
            text: "维修资金的利息算在哪里？\n每年有多少，归到各户分户账了吗？", day: -20, upvotes: 31,
            answers: [
                (
                    "wuye", -11,
                    "维修资金专户按活期和定期分别计息，每年结息后按分户账余额分配。去年的分配表可到物业服务中心查阅。回复晚了，向您致歉。"
                )
            ]),
        Question(
            id: "tree-shade", topic: .environment, resident: 71,
            text: "2号楼南侧的大树挡住了一到三层的阳光\n能不能修剪一下？", day: -15, upvotes: 6,
            answers: [("juweihui", -13, "已请园林部门现场看过，下周修剪，不影响树木生长。")]),
        Question(
            id: "stair-lamp", topic: .property, resident: 12, text: "三单元四层的楼道灯不亮，已经两周了", day: -12, upvotes: 14,
            answers: [
                ("wuye", -10, "已经报修，三天内更换。"), ("wuye", -8, "灯已换好，同一批的其他楼道灯也检查过。"),
            ]),
        Question(
            id: "night-charging", topic: .safety, resident: 48,
            text: "夜里还有人把电动自行车推上楼充电\n有没有人管？", day: -8, upvotes: 26),
        Question(
            id: "dog-leash", topic: .neighbours, resident: 5, text: "中心花园早晚遛狗不牵绳的多，能不能分时段？", day: -3, upvotes: 19),
        Question(
            id: "meal-delivery", topic: .services, resident: 90, text: "助餐点能给行动不便的老人送餐上门吗？", day: -1, upvotes: 8),
    ]

    /// One comment of the demo.
    struct Comment: Sendable {
        let id: String
        let on: CommentSubject
        let resident: Int
        let text: String
        let day: Int64
    }

    static let comments: [Comment] = [
        Comment(
            id: "income-thanks", on: .notice("income-q3"), resident: 21, text: "明细清楚，希望每个季度都这样公布。", day: -14),
        Comment(
            id: "income-ad", on: .notice("income-q3"), resident: 66, text: "低价出售停车卡，要的联系我。", day: -9),
        Comment(
            id: "lamp-too", on: .question("stair-lamp"), resident: 13, text: "四单元三层的也不亮。", day: -11),
        Comment(
            id: "lamp-rude", on: .question("stair-lamp"), resident: 40, text: "这点事都办不好，一群废物。", day: -9),
        Comment(
            id: "dog-morning", on: .question("dog-leash"), resident: 8, text: "早上七点以前孩子少，可以定在那时候。", day: -2),
        Comment(
            id: "meeting-kids", on: .notice("meeting-renewal"), resident: 30, text: "儿童活动场地请考虑软地面。", day: -1),
    ]

    /// The comment that two parties masked.
    static let masked = "income-ad"

    /// The comments that a moderator proposed to mask; all but ``masked`` wait for another party.
    static let proposals: [(comment: String, reason: MaskReason)] = [
        (masked, .advertising), ("lamp-rude", .insult),
    ]
}
