extension Styleguide {
    var forms: [Component] { [button, field, choices, stepper, files, filters] }

    private var button: Component {
        Component(
            id: "button", template: "component-button",
            samples: [
                ("primary", ["label": sample("send")]),
                ("quiet", ["label": sample("later"), "kind": "quiet"]),
                ("danger", ["label": sample("withdraw"), "kind": "danger"]),
                ("link", ["label": sample("rules"), "kind": "quiet", "path": "/constitution"]),
                ("busy", ["label": sample("sending"), "busy": true]),
                ("disabled", ["label": sample("send"), "disabled": true]),
            ])
    }

    private var field: Component {
        Component(
            id: "field", template: "component-field",
            samples: [
                (
                    "hint",
                    [
                        "id": "place", "name": "place", "label": sample("place"), "type": "text", "maximum": "40",
                        "hint": sample("placeHint"),
                    ]
                ),
                (
                    "error",
                    [
                        "id": "place-wrong", "name": "place", "label": sample("place"), "type": "text",
                        "value": sample("placeValue"), "hint": sample("placeHint"), "error": sample("placeError"),
                    ]
                ),
                (
                    "long",
                    [
                        "id": "what", "name": "what", "label": sample("what"), "long": true, "maximum": "200",
                        "value": sample("whatValue"),
                    ]
                ),
                (
                    "moment",
                    [
                        "id": "when", "name": "when", "label": sample("when"), "type": "datetime-local",
                        "value": "2026-03-07T09:30", "optional": true,
                    ]
                ),
                ("select", kind("kind")),
                (
                    "disabled",
                    [
                        "id": "phone", "name": "phone", "label": sample("phone"), "type": "tel", "value": "12345",
                        "disabled": true,
                    ]
                ),
            ])
    }

    private func kind(_ id: String, selected: Bool = false) -> [String: Any] {
        [
            "id": id, "name": "kind", "label": sample("kind"), "select": true, "optional": true,
            "options": [
                ["value": "", "label": sample("kindAll")] as [String: Any],
                ["value": "door", "label": sample("kindDoor"), "selected": selected],
                ["value": "light", "label": sample("kindLight")],
            ],
        ]
    }

    private var choices: Component {
        func choice(_ type: String, _ name: String, _ label: String) -> [String: Any] {
            ["type": type, "name": name, "value": label, "label": sample(label), "testid": "\(name)-\(label)"]
        }
        let saturday = choice("radio", "day", "saturday").merging([
            "note": sample("saturdayNote"), "checked": true,
        ]) { $1 }
        let sunday = choice("radio", "day", "sunday").merging(["note": sample("full"), "disabled": true]) { $1 }
        let bench = choice("checkbox", "project", "bench").merging(["cost": Formats.money(fen: 1_860_000)]) { $1 }
        let ramp = choice("checkbox", "project", "ramp").merging([
            "cost": Formats.money(fen: 2_450_000), "checked": true,
        ]) { $1 }
        return Component(
            id: "choices", template: "component-choices",
            samples: [
                (
                    "single",
                    [
                        "id": "day", "legend": sample("question"),
                        "choices": [saturday, sunday, choice("radio", "day", "neither")],
                    ]
                ),
                ("several", ["id": "projects", "legend": sample("projects"), "choices": [bench, ramp]]),
                (
                    "error",
                    [
                        "id": "projects-wrong", "legend": sample("projects"), "error": sample("chooseError"),
                        "choices": [choice("checkbox", "project-wrong", "bench")],
                    ]
                ),
            ])
    }

    private var stepper: Component {
        func steps(_ states: [String]) -> [String: Any] {
            [
                "stepsLabel": sample("steps"),
                "steps": states.enumerated().map { index, state in
                    var step: [String: Any] = ["label": sample("step\(index + 1)")]
                    for name in ["isDone", "isNow", "isFailed"] { step[name] = name == state }
                    return step
                },
            ]
        }
        return Component(
            id: "stepper", template: "component-stepper",
            samples: [
                ("onTheWay", steps(["isDone", "isDone", "isNow", "isComing"])),
                ("failed", steps(["isDone", "isFailed", "isComing", "isComing"])),
            ])
    }

    private var files: Component {
        func files(_ id: String) -> [String: Any] {
            [
                "id": id, "name": "files", "label": sample("photos"), "hint": sample("photosHint"),
                "accept": "image/jpeg,image/png,application/pdf", "most": "3", "largest": "2097152",
            ]
        }
        return Component(
            id: "files", template: "component-files",
            samples: [
                ("usual", files("photos")),
                ("error", files("photos-wrong").merging(["error": sample("photosError")]) { $1 }),
            ])
    }

    private var filters: Component {
        func filters(_ id: String, selected: Bool) -> [String: Any] {
            [
                "action": "\(Styleguide.path)/forms",
                "filters": [
                    kind("kind-\(id)", selected: selected),
                    [
                        "id": "building-\(id)", "name": "building", "label": sample("building"), "type": "text",
                        "optional": true,
                    ],
                ],
            ]
        }
        let active: [String: Any] = [
            "chips": [
                "active": [
                    ["label": sample("kindDoor"), "path": "?building=3"],
                    ["label": sample("building3"), "path": "?kind=door"],
                ], "clear": "\(Styleguide.path)/forms",
            ] as [String: Any]
        ]
        return Component(
            id: "filters", template: "component-filters",
            samples: [
                ("active", filters("active", selected: true).merging(active) { $1 }),
                ("none", filters("none", selected: false)),
            ])
    }
}
