/// Every component in every state, for the page `/styleguide` and for the tests that hold their looks.
package struct Styleguide {
    /// The pages of the styleguide, in order.
    package enum Part: String, CaseIterable, Sendable {
        /// Colours.
        case tokens
        /// What is filled in.
        case forms
        /// What is done, and what becomes of it.
        case acts
        /// How things stand.
        case states
        /// What is read.
        case data
        /// What is looked at: parts of a whole.
        case charts
        /// What is looked at: changes and flows.
        case trends
    }

    /// One component.
    package struct Component {
        /// Its name in messages and addresses.
        package let id: String
        /// The template that draws it.
        package let template: String
        /// Its states: the last part of a message key, and what the template shows.
        package let samples: [(state: String, context: [String: Any])]
    }

    /// The page's address.
    package static let path = "/styleguide"
    /// A made-up moment, so that the page is the same on every day: 5 March 2026, 14:30 in China.
    static let now: Int64 = 1_772_692_200_000

    let catalog: MessageCatalog
    let time: TimeFormat
    let language: Language

    /// The samples in one language.
    package init(_ catalog: MessageCatalog, _ language: Language) {
        self.catalog = catalog
        self.language = language
        time = TimeFormat(catalog)
    }

    /// The components of one part.
    package func components(_ part: Part) -> [Component] {
        switch part {
        case .tokens: []
        case .forms: forms
        case .acts: acts
        case .states: states
        case .data: data
        case .charts: charts
        case .trends: trends
        }
    }

    /// One part as a page.
    package func page(_ part: Part) -> Page {
        var context: [String: Any] = [
            "tabsLabel": text("tabs"),
            "tabs": Part.allCases.map { other in
                [
                    "path": "\(Styleguide.path)/\(other.rawValue)", "label": text("part.\(other.rawValue)"),
                    "current": other == part,
                ] as [String: Any]
            },
            "components": components(part).map { component in
                [
                    "id": component.id, "name": text("\(component.id).name"), "template": component.template,
                    "use": text("\(component.id).use"),
                    "samples": component.samples.map { sample in
                        sample.context.merging([
                            "state": text("state.\(sample.state)"), "part": component.template,
                        ]) { mine, _ in mine }
                    },
                ] as [String: Any]
            },
        ]
        if part == .tokens {
            context["colours"] = ["colours": Styleguide.colours, "series": Styleguide.series].sorted { $0.key < $1.key }
                .map { id, names in
                    [
                        "id": id, "label": text("\(id).name"), "use": text("\(id).use"),
                        "names": names.map { ["name": $0] },
                    ] as [String: Any]
                }
        }
        return Page(
            title: "\(text("title")) · \(text("part.\(part.rawValue)"))", templateName: "styleguide", context: context,
            scripts: Styleguide.scripts[part] ?? [])
    }

    private static let scripts: [Part: [String]] = [.forms: ["counter.js", "file-drop.js"], .acts: ["toast.js"]]
    private static let colours = [
        "paper", "surface", "sunken", "ink", "quiet", "line", "line-strong", "accent", "accent-soft", "good",
        "good-soft", "bad", "bad-soft", "wait", "wait-soft", "yes", "no", "abstain", "silent",
    ]
    private static let series = (1...Chart.mostSeries).map { "series-\($0)" }

    func text(_ key: String, _ values: [String: String] = [:]) -> String {
        catalog.text("page.styleguide.\(key)", language, values)
    }

    func sample(_ key: String) -> String { text("sample.\(key)") }

    func pill(_ kind: String, _ state: String) -> [String: Any] { ["kind": kind, "label": text("state.\(state)")] }
}
