/// What one page says, in one language: texts by key, and the shapes that the templates' parts want.
package struct Wording: Sendable {
    /// The language of the page.
    package let language: Language
    /// The server's clock when the page is made, ms since 1970 UTC.
    package let now: Int64
    /// The texts of all parts.
    package let catalog: MessageCatalog
    private let time: TimeFormat

    /// The words of a page that `renderer` is to draw.
    package init(_ renderer: PageRenderer, _ language: Language) {
        self.language = language
        now = renderer.currentTime
        catalog = renderer.catalog
        time = renderer.time
    }

    /// The text of `key` with its places filled.
    package func say(_ key: String, _ values: [String: String] = [:]) -> String { catalog.text(key, language, values) }

    /// The text of `key`, or `other` if no language has it.
    package func say(_ key: String, else other: String) -> String { catalog.contains(key) ? say(key) : other }

    /// Several words in a row, joined as the language does.
    package func list(_ words: [String]) -> String {
        words.joined(separator: say("page.list.separator"))
    }

    /// A state in a word; `key` names the word.
    package func pill(_ kind: Pill.Kind, _ key: String) -> Pill { Pill(kind, say(key)) }

    /// One entry of the partial "figures".
    package func figure(_ key: String, _ value: String, note: String? = nil) -> [String: Any] {
        var entry: [String: Any] = ["name": say(key), "value": value]
        entry["note"] = note
        return entry
    }

    /// One entry of the partial "facts"; with `path` a link.
    package func fact(_ key: String, _ value: String, path: String? = nil) -> [String: Any] {
        var entry: [String: Any] = ["name": say(key), "value": value]
        entry["path"] = path
        return entry
    }

    /// An entry of the partial "facts" that is a time in ms since 1970 UTC.
    package func fact(_ key: String, time milliseconds: Int64) -> [String: Any] {
        ["name": say(key), "value": time.moment(milliseconds, language), "datetime": time.machine(milliseconds)]
    }

    /// An entry of the partial "facts" that leads to a record on the ledger.
    package func record(_ key: String, transaction: String?, leaf: Int64) -> [String: Any] {
        guard let transaction else { return fact(key, say("page.fact.leafNumber", ["number": Formats.count(leaf)])) }
        return fact(key, Formats.short(transaction), path: Wording.recordPath(transaction))
    }

    /// Where a record on the ledger is shown.
    package static func recordPath(_ transaction: String) -> String { "/ledger/transactions/\(transaction)" }

    /// An entry of the partial "facts" that is to be compared letter by letter.
    package func code(_ key: String, _ value: String) -> [String: Any] { ["name": say(key), "code": value] }

    /// What the partial "moment" shows.
    package func moment(_ milliseconds: Int64) -> [String: Any] { time.context(milliseconds, language) }

    /// Day and time in words.
    package func momentText(_ milliseconds: Int64) -> String { time.moment(milliseconds, language) }

    /// The day in words.
    package func dayText(_ milliseconds: Int64) -> String { time.day(milliseconds, language) }

    /// What the partial "deadline" shows.
    package func deadline(_ end: Int64) -> [String: Any] { time.deadline(end, now: now, language) }

    /// A text with line breaks as paragraphs, empty lines left out.
    package static func paragraphs(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map(String.init)
    }
}
