import PageKit

/// The pages of a budget vote.
extension SamplePages {
    private var projects: [[String: Any]] {
        let list: [(String, String, Int64, Int64, Bool)] = [
            ("单元门口加装扶手和坡道", "Handrails and ramps at the entrances", 4_800_000, 231, true),
            ("中心花园增设八张长椅", "Eight benches in the garden", 1_650_000, 204, true),
            ("地库充电桩扩容", "More charging points in the garage", 7_200_000, 187, false),
            ("儿童沙池与滑梯翻新", "New sandpit and slide", 5_200_000, 160, true),
        ]
        return list.enumerated().map { index, project in
            [
                "type": "checkbox", "name": "project", "value": "p\(index)", "label": pick(project.0, project.1),
                "note": pick("由社区居委会组织实施，年内完成", "Carried out by the residents’ committee this year"),
                "cost": Formats.money(fen: project.2), "costFen": String(project.2), "testid": "project-p\(index)",
                "votes": Formats.count(project.3), "share": Formats.percentage(project.3, of: 318),
                "bar": BarList.bar(
                    project.3, of: 318, id: "bar\(index)", title: pick(project.0, project.1),
                    kind: project.4 ? "chosen" : "plain"),
                "chosen": project.4,
                "pill": pill(project.4 ? "good" : "plain", "budgeting.result.\(project.4 ? "chosen" : "notChosen")"),
            ]
        }
    }

    private var rule: [String: Any] {
        ["name": say("budgeting.rule.greedy.name"), "explanation": say("budgeting.rule.greedy.explanation")]
    }

    var votes: Page {
        var decided = openCards[1]
        decided["deadline"] = nil
        decided["pill"] = pill("good", "budgeting.state.counted")
        decided["moment"] = time.context(now, language)
        return Page(
            title: say("budgeting.list.title"), templateName: "vote-list",
            context: ["open": [openCards[1]], "decided": [decided]])
    }

    var vote: Page {
        Page(
            title: pick("2026 年社区微更新", "Small renewals 2026"), templateName: "vote",
            context: [
                "id": "v1", "title": pick("2026 年社区微更新", "Small renewals 2026"),
                "paragraphs": [
                    pick(
                        "街道拨付的社区保障资金，用于居民最需要的小改造。",
                        "Money from the subdistrict for the small works residents need most.")
                ],
                "pill": pill("open", "budgeting.state.open"),
                "deadline": time.deadline(now + 20 * 3_600_000, now: now, language),
                "figures": [
                    figure("budgeting.figure.budget", "¥120,000.00"), figure("budgeting.figure.projects", "4"),
                    figure("budgeting.figure.ballots", "318"),
                ],
                "open": true, "limit": say("budgeting.vote.many"), "projects": projects, "rule": rule,
                "facts": [fact("page.fact.proposer", pick("街道办事处", "subdistrict office"))],
            ], scripts: ["ballot.js"], signs: true)
    }

    var voteResult: Page {
        func step(_ name: (String, String), _ votes: String, _ formula: String, _ after: String?) -> [String: Any] {
            var step: [String: Any] = [
                "name": pick(name.0, name.1), "votes": votes, "formula": formula, "taken": after != nil,
            ]
            step["after"] = after
            return step
        }
        return Page(
            title: pick("2026 年社区微更新", "Small renewals 2026"), templateName: "vote-result",
            context: [
                "title": pick("2026 年社区微更新", "Small renewals 2026"), "path": "/budget/1",
                "verdict": [
                    "holds": true, "word": say("budgeting.result.word", ["count": "3"]),
                    "reason": say("budgeting.result.reason", ["spent": "¥116,500.00", "budget": "¥120,000.00"]),
                ] as [String: Any],
                "figures": [
                    figure("budgeting.figure.budget", "¥120,000.00"), figure("budgeting.figure.spent", "¥116,500.00"),
                    figure("budgeting.figure.left", "¥3,500.00"), figure("budgeting.figure.ballots", "318"),
                ],
                "projects": projects, "rule": rule,
                "steps": [
                    step(("加装扶手和坡道", "Handrails and ramps"), "231", "48,000.00 ≤ 120,000.00", "¥72,000.00"),
                    step(("增设长椅", "Benches"), "204", "16,500.00 ≤ 72,000.00", "¥55,500.00"),
                    step(("充电桩扩容", "Charging points"), "187", "72,000.00 > 55,500.00", nil),
                    step(("沙池与滑梯", "Sandpit and slide"), "160", "52,000.00 ≤ 55,500.00", "¥3,500.00"),
                ],
                "facts": [fact("budgeting.fact.tieRule", say("budgeting.tie.cost"))],
                "exportPath": "/budget/1/ballots.csv",
            ])
    }
}
