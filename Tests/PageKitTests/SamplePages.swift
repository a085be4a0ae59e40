import PageKit

/// Every page with made-up content, as the modules will fill it.
struct SamplePages {
    let catalog: MessageCatalog
    let language: Language
    let now = Material.now

    var time: TimeFormat { TimeFormat(catalog) }
    var chinese: Bool { language == .simplifiedChinese }

    func say(_ key: String, _ values: [String: String] = [:]) -> String { catalog.text(key, language, values) }
    func pill(_ kind: String, _ key: String) -> [String: Any] { ["kind": kind, "label": say(key)] }
    func pick(_ zh: String, _ en: String) -> String { chinese ? zh : en }
    func figure(_ key: String, _ value: String, note: String? = nil) -> [String: Any] {
        var entry: [String: Any] = ["name": say(key), "value": value]
        entry["note"] = note
        return entry
    }
    func fact(_ key: String, _ value: String, path: String? = nil) -> [String: Any] {
        var entry: [String: Any] = ["name": say(key), "value": value]
        entry["path"] = path
        return entry
    }
    func code(_ key: String, _ value: String) -> [String: Any] { ["name": say(key), "code": value] }

    let digest = "3f2a9c01b7d4e6885a1c0f9e2d7b6a4435e1f0c9b8a7d6e5f4c3b2a190817263"

    /// Name of the file, address, page.
    var all: [(name: String, path: String, page: Page)] {
        [
            ("home", "/", home), ("error", "/nowhere", error), ("verify", "/verify", verify),
            ("decisions", "/decisions", decisions), ("me", "/me", me), ("poster", "/motions/1/poster", poster),
            ("blocks", "/ledger", blocks), ("block", "/ledger/12", block), ("records", "/ledger/transactions", records),
            ("record", "/ledger/transactions/1", record), ("motions", "/motions", motions),
            ("motion", "/motions/1", motion),
            ("motion-result", "/motions/1/result", motionResult), ("votes", "/budgets", votes),
            ("vote", "/budgets/1", vote),
            ("vote-result", "/budgets/1/result", voteResult), ("roll", "/roll", roll), ("unit", "/roll/1", unit),
            ("enrol", "/enrol", enrol), ("constitution", "/constitution", constitution),
        ]
    }

    var motionTitle: String {
        pick("使用维修资金更换 3 号楼、5 号楼两部电梯", "Replace the lifts of buildings 3 and 5 from the maintenance fund")
    }

    var openCards: [[String: Any]] {
        [
            [
                "path": "/motions/1", "title": motionTitle, "kind": say("assembly.kind"),
                "matter": say("assembly.matter.5"),
                "pill": pill("open", "assembly.state.open"), "testid": "motion-link",
                "deadline": time.deadline(now + 3 * 86_400_000, now: now, language),
                "turnout": say("assembly.motion.turnoutHeads", ["count": "412", "share": "45.78%"]),
            ],
            [
                "path": "/budgets/1", "title": pick("2026 年社区微更新", "Small renewals 2026"),
                "kind": say("budgeting.kind"),
                "budget": say("budgeting.budget", ["amount": "¥120,000.00"]),
                "pill": pill("open", "budgeting.state.open"),
                "deadline": time.deadline(now + 20 * 3_600_000, now: now, language),
            ],
        ]
    }

    var decidedCards: [[String: Any]] {
        [
            [
                "path": "/motions/2/result", "title": pick("续聘安居物业三年", "Keep Anju Property for three years"),
                "kind": say("assembly.kind"), "matter": say("assembly.matter.4"),
                "pill": pill("good", "assembly.state.passed"), "moment": time.context(now - 86_400_000 * 12, language),
            ],
            [
                "path": "/motions/3/result", "title": pick("中心花园改为停车位", "Turn the garden into parking"),
                "kind": say("assembly.kind"), "matter": say("assembly.matter.8"),
                "pill": pill("bad", "assembly.state.failed"), "moment": time.context(now - 86_400_000 * 40, language),
            ],
        ]
    }

    var verify: Page {
        Page(
            title: say("page.verify.title"), templateName: "verify-how",
            context: [
                "address": "https://wutongli.example",
                "policy":
                    "log wutongli.example/ledger+d2b1a7f0+AZx0q1…\nwitness jiedao jiedao.example+11aa22bb+BKq…\nquorum 4",
            ])
    }

    var motions: Page {
        Page(
            title: say("assembly.list.title"), templateName: "motion-list",
            context: ["open": [openCards[0]], "decided": decidedCards])
    }

    var motion: Page {
        let choices: [[String: Any]] = ["yes", "no", "abstain"].map { choice in
            [
                "type": "radio", "name": "choice", "value": choice, "label": say("page.chart.\(choice)"),
                "note": say("assembly.motion.\(choice)Note"), "testid": "choice-\(choice)",
            ]
        }
        let chart = BallotChart(catalog)
        return Page(
            title: motionTitle, templateName: "motion",
            context: [
                "id": "m-2026-01", "title": motionTitle,
                "paragraphs": [
                    pick(
                        "3 号楼和 5 号楼的两部电梯已使用 19 年，去年停运 11 次。拟从维修资金列支 486,000 元更换，由三家单位比价后确定。",
                        "The two lifts are 19 years old and stood still 11 times last year. They are to be replaced for ¥486,000 from the maintenance fund, after three offers."
                    ),
                    pick("费用由 3 号楼、5 号楼业主按面积分摊。", "The owners of the two buildings share the cost by area."),
                ],
                "matter": say("assembly.matter.5"), "rule": say("assembly.rule.ordinary"),
                "pill": pill("open", "assembly.state.open"),
                "deadline": time.deadline(now + 3 * 86_400_000, now: now, language),
                "notice": say("assembly.motion.shortened"),
                "figures": [
                    figure("assembly.figure.heads", "900"), figure("assembly.figure.area", "100,000.00 m²"),
                    figure("assembly.figure.quorumHeads", "600"), figure("assembly.figure.quorumArea", "66,666.67 m²"),
                ],
                "open": true, "choices": choices,
                "participation": [
                    "heads": say("assembly.motion.turnoutHeads", ["count": "412", "share": "45.78%"]),
                    "area": say("assembly.motion.turnoutArea", ["area": "44,310.20 m²", "share": "44.31%"]),
                    "headsChart": chart.participation(412, of: 900, id: "heads", title: say("assembly.chart.heads")),
                    "areaChart": chart.participation(443, of: 1000, id: "area", title: say("assembly.chart.area")),
                ] as [String: Any],
                "facts": [
                    fact("assembly.fact.convener", pick("业主委员会", "owners’ committee")),
                    fact("assembly.fact.noticed", time.moment(now - 15 * 86_400_000, language)),
                    fact("assembly.fact.record", "3f2a9c01…", path: "/ledger/transactions/\(digest)"),
                ],
            ], scripts: ["ballot.js"], signs: true)
    }

    var motionResult: Page {
        let chart = BallotChart(catalog)
        func row(_ kind: String, _ heads: Int64, _ area: Int64, _ ofHeads: Int64, _ ofArea: Int64) -> [String: Any] {
            [
                "kind": kind, "label": say("assembly.result.row.\(kind)"), "heads": Formats.count(heads),
                "area": Formats.area(hundredths: area), "headsShare": Formats.percentage(heads, of: ofHeads),
                "areaShare": Formats.percentage(area, of: ofArea),
            ]
        }
        func line(_ key: String, _ formula: String, _ numbers: String, _ holds: Bool) -> [String: Any] {
            ["name": say("assembly.result.line.\(key)"), "formula": formula, "numbers": numbers, "holds": holds]
        }
        return Page(
            title: motionTitle, templateName: "motion-result",
            context: [
                "title": motionTitle, "path": "/motions/1", "matter": say("assembly.matter.5"),
                "rule": say("assembly.rule.ordinary"),
                "verdict": [
                    "holds": false, "word": say("assembly.result.failed"),
                    "reason": say("assembly.result.failedReason"),
                ] as [String: Any],
                "headsChart": chart.svg(
                    .init(yes: 300, no: 198, abstain: 102, notCast: 300), id: "heads",
                    title: say("assembly.chart.heads"),
                    threshold: (2, 3), language),
                "areaChart": chart.svg(
                    .init(yes: 3_671_050, no: 2_020_120, abstain: 1_000_000, notCast: 3_308_830), id: "area",
                    title: say("assembly.chart.area"), threshold: (2, 3), language),
                "rows": [
                    row("total", 900, 10_000_000, 900, 10_000_000),
                    row("participating", 600, 6_691_170, 900, 10_000_000),
                    row("yes", 300, 3_671_050, 600, 6_691_170), row("no", 198, 2_020_120, 600, 6_691_170),
                    row("abstain", 102, 1_000_000, 600, 6_691_170), row("notCast", 300, 3_308_830, 900, 10_000_000),
                ],
                "reckoning": [
                    line("quorumHeads", "3 × 600 ≥ 2 × 900", "1,800 ≥ 1,800", true),
                    line("quorumArea", "3 × 66,911.70 ≥ 2 × 100,000.00", "200,735.10 ≥ 200,000.00", true),
                    line("ordinaryHeads", "2 × 300 > 600", "600 > 600", false),
                    line("ordinaryArea", "2 × 36,710.50 > 66,911.70", "73,421.00 > 66,911.70", true),
                ],
                "facts": [
                    fact("assembly.fact.closed", time.moment(now, language)), fact("assembly.fact.ballots", "642"),
                    fact("assembly.fact.record", "3f2a9c01…", path: "/ledger/transactions/\(digest)"),
                ],
                "exportPath": "/motions/1/ballots.csv",
            ])
    }

    var roll: Page {
        let units: [[String: Any]] = (1...6).map { number in
            [
                "path": "/roll/units/3-2-\(number)01",
                "label": pick("3 号楼 2 单元 \(number)01", "Building 3, stairwell 2, \(number)01"),
                "area": Formats.area(hundredths: 8_940 + Int64(number) * 215),
                "source": say("registry.source.registry"),
                "owner": "o-\(number)7f3c",
            ]
        }
        return Page(
            title: say("registry.roll.title"), templateName: "roll",
            context: [
                "figures": [
                    figure("registry.figure.units", "300"), figure("registry.figure.heads", "271"),
                    figure("registry.figure.area", "28,930.45 m²"),
                    figure("registry.figure.developer", "12", note: say("registry.figure.oneHead")),
                ],
                "buildings": (1...6).map {
                    [
                        "path": "/roll?building=\($0)", "label": pick("\($0) 号楼", "Building \($0)"),
                        "units": say("registry.roll.buildingUnits", ["count": "50"]),
                    ]
                },
                "building": pick("3 号楼", "Building 3"), "units": units,
                "pagination": ["previous": "/roll", "next": "/roll?page=3", "position": "2 / 9"] as [String: Any],
                "exportPath": "/roll.csv",
            ])
    }

    var unit: Page {
        Page(
            title: pick("3 号楼 2 单元 1201", "Building 3, stairwell 2, 1201"), templateName: "unit",
            context: [
                "label": pick("3 号楼 2 单元 1201", "Building 3, stairwell 2, 1201"), "rollPath": "/roll",
                "facts": [
                    fact("registry.fact.area", "89.40 m²"),
                    fact("registry.fact.source", say("registry.source.registry")),
                    fact("registry.fact.owner", "o-27f3c"),
                    fact("registry.fact.enrolled", say("registry.fact.enrolledYes")),
                ],
                "history": [
                    [
                        "moment": time.context(now, language), "text": pick("投出表决票", "ballot cast"),
                        "path": "/ledger/transactions/1",
                    ]
                ] as [[String: Any]],
            ])
    }

    var enrol: Page {
        Page(title: say("registry.enrol.title"), templateName: "enrol", scripts: ["enrol.js"], signs: true)
    }

    var constitution: Page {
        let keys: [[String: Any]] = [
            ["name": say("constitution.key.node"), "digest": digest, "short": "3f2a9c01…"],
            ["name": say("constitution.key.cosigner"), "digest": digest, "short": "b7d4e688…"],
        ]
        let parties: [[String: Any]] = ["subdistrict", "partyBranch", "residentsCommittee", "propertyManager"].map {
            [
                "name": pick("梧桐", "Wutong ") + say("constitution.party.\($0)"),
                "kind": say("constitution.party.\($0)"),
                "pill": pill("good", "constitution.state.cosigns"), "keys": keys,
            ]
        }
        return Page(
            title: say("constitution.title"), templateName: "constitution",
            context: [
                "figures": [
                    figure("constitution.figure.parties", "6"), figure("constitution.figure.threshold", "4 / 6"),
                    figure("constitution.figure.version", "2"),
                ],
                "parties": parties,
                "parameters": [
                    [
                        "name": pick("表决公告期", "Notice before a vote"), "key": "assembly.noticeDays", "value": "15",
                        "unit": pick("天", "days"), "source": pick("《民法典》第 278 条", "Civil Code art. 278"),
                        "version": "1",
                    ]
                ] as [[String: Any]],
                "proposals": [
                    [
                        "path": "/constitution/proposals/1", "title": pick("公告期改为 20 天", "Notice of 20 days"),
                        "change": "assembly.noticeDays: 15 → 20",
                        "pill": pill("open", "constitution.state.open"),
                        "votes": say("constitution.votes", ["yes": "2", "no": "0", "needed": "4"]),
                        "deadline": time.deadline(now + 86_400_000 * 9, now: now, language),
                    ]
                ] as [[String: Any]],
            ])
    }
}
