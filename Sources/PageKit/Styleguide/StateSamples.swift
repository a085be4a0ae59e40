extension Styleguide {
    var states: [Component] { [pills, loading, empty, stateCard, errors] }

    private var pills: Component {
        Component(
            id: "pill", template: "pill",
            samples: ["open", "good", "bad", "wait", "plain"].map { ($0, pill($0, $0)) })
    }

    private var loading: Component {
        Component(id: "loading", template: "component-loading", samples: [("usual", [:])])
    }

    private var empty: Component {
        Component(id: "empty", template: "empty-state", samples: [("usual", ["empty": sample("empty")])])
    }

    private var stateCard: Component {
        func card(_ tone: String, action: [String: Any]? = nil) -> [String: Any] {
            var card: [String: Any] = [
                "tone": tone, "title": sample("\(tone)Title"), "words": sample("\(tone)Words"),
            ]
            if let action { card["action"] = action }
            return card
        }
        var failed = card("failed", action: ["label": sample("again"), "path": "?again=1"])
        failed["code"] = "page.unavailable"
        return Component(
            id: "stateCard", template: "component-state",
            samples: [
                ("failed", failed),
                ("waiting", card("offline")),
                ("done", card("done", action: ["label": sample("mine"), "kind": "quiet", "path": "/me"])),
            ])
    }

    private var errors: Component {
        Component(
            id: "errors", template: "error-summary",
            samples: [
                (
                    "usual",
                    [
                        "errors": [
                            ["field": "errors", "message": sample("placeError")],
                            ["field": "errors", "message": sample("chooseError")],
                        ]
                    ]
                )
            ])
    }
}
