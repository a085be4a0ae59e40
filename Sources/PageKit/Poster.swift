/// A notice to be printed and put up on the board: large, with its period, and a QR code that leads to the page where it
/// can be checked.
package struct Poster {
    /// What sort of notice it is, in the page's language.
    package let kind: String
    /// The title, plain text.
    package let title: String
    /// The text.
    package let paragraphs: [String]
    /// Entries of the partial "facts": who announces it, from when until when.
    package let facts: [[String: Any]]
    /// The page it stands for, an absolute path.
    package let path: String
    /// The outcome for the partial "verdict"; nil while there is none.
    package let verdict: [String: Any]?

    /// Describes a poster.
    package init(
        kind: String, title: String, paragraphs: [String], facts: [[String: Any]], path: String,
        verdict: [String: Any]? = nil
    ) {
        self.kind = kind
        self.title = title
        self.paragraphs = paragraphs
        self.facts = facts
        self.path = path
        self.verdict = verdict
    }

    /// The page to print.
    package func page(_ environment: AppEnvironment, _ language: Language) -> Page {
        let wording = Wording(environment.renderer, language)
        let address = environment.address + path
        var values: [String: Any] = [
            "kind": kind, "title": title, "paragraphs": paragraphs, "facts": facts, "path": path, "address": address,
            "svg": QRCode.svg(address, id: "poster-qr", title: wording.say("page.poster.scan")),
        ]
        values["verdict"] = verdict
        return Page(title: title, templateName: "poster", context: values, scripts: ["print.js"])
    }
}
