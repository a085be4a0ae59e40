extension Styleguide {
    var acts: [Component] { [review, receipt, progress, toast, deadline, timeline] }

    private var review: Component {
        Component(
            id: "review", template: "component-review",
            samples: [
                (
                    "usual",
                    [
                        "id": "review",
                        "entries": [
                            ["name": sample("place"), "value": sample("building3")],
                            ["name": sample("what"), "value": sample("whatValue")],
                        ],
                    ]
                )
            ])
    }

    private var receipt: Component {
        func card(_ state: String, _ tone: String, _ words: String, reached: Int) -> [String: Any] {
            let names = ["ordered", "final", "receipt"].map { catalog.text("page.browser.step.\($0)", language) }
            return [
                "title": sample("door"), "tone": tone, "pill": pill(tone, state), "words": sample(words),
                "progress": [
                    "steps": names.enumerated().map { index, name in
                        ["label": name, "isDone": index < reached, "isNow": index == reached] as [String: Any]
                    }
                ],
            ]
        }
        var refused = card("refused", "bad", "refusedWords", reached: 0)
        refused["progress"] = nil
        refused["help"] = sample("refusedHelp")
        refused["code"] = "services.closed"
        let final = card("final", "good", "finalWords", reached: 3).merging(["path": "/verify"]) { $1 }
        return Component(
            id: "receipt", template: "component-receipt",
            samples: [
                ("waiting", card("waiting", "wait", "waitingWords", reached: 0)),
                ("ordered", card("ordered", "wait", "orderedWords", reached: 1)),
                ("final", final),
                ("refused", refused),
            ])
    }

    private var progress: Component {
        Component(
            id: "progress", template: "component-progress",
            samples: [
                (
                    "onTheWay",
                    [
                        "id": "reading", "label": sample("reading"), "shown": "340 / 900", "value": "340",
                        "maximum": "900",
                    ]
                ),
                (
                    "done",
                    ["id": "read", "label": sample("allRead"), "shown": "900 / 900", "value": "900", "maximum": "900"]
                ),
                ("unknownEnd", ["id": "counting", "label": sample("counting")]),
            ])
    }

    private var toast: Component {
        Component(id: "toast", template: "component-toast", samples: [("usual", ["words": sample("saved")])])
    }

    private var deadline: Component {
        let now = Styleguide.now
        func until(_ hours: Int64) -> [String: Any] { time.deadline(now + hours * 3_600_000, now: now, language) }
        return Component(
            id: "deadline", template: "deadline",
            samples: [
                ("far", until(9 * 24)), ("soon", until(2 * 24)), ("today", until(5)), ("over", until(-30)),
            ])
    }

    private var timeline: Component {
        let day: Int64 = 86_400_000
        func event(_ key: String, _ state: String, _ days: Int64, note: String? = nil) -> [String: Any] {
            var event: [String: Any] = [
                "label": sample(key), "moment": time.context(Styleguide.now + days * day, language),
            ]
            for name in ["isDone", "isNow", "isComing", "isLate"] { event[name] = name == state }
            event["note"] = note
            return event
        }
        let late = event("eventLate", "isLate", -1).merging(["pill": pill("bad", "over")]) { $1 }
        return Component(
            id: "timeline", template: "component-timeline",
            samples: [
                (
                    "usual",
                    [
                        "events": [
                            event("event1", "isDone", -4),
                            event("event2", "isDone", -3, note: sample("event2Note")),
                            late, event("event3", "isNow", 0), event("event4", "isComing", 2),
                        ]
                    ]
                )
            ])
    }
}
