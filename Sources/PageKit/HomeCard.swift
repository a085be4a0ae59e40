/// Something on the home page: what is open now, or what was decided.
package struct HomeCard: Sendable {
    /// Whether it still waits for people.
    package let isOpen: Bool
    /// Its title, plain text.
    package let title: String
    /// What sort of thing it is, such as "Owners' vote", in the page's language.
    package let kind: String
    /// Its state in a word, in the page's language.
    package let pill: Pill
    /// Where it leads.
    package let address: String
    /// When it ends or ended, in ms since 1970 UTC; orders the cards. Nil for what has no end yet.
    package let time: Int64?
    /// When it began, in ms since 1970 UTC; nil where that is not told.
    package let began: Int64?
    /// Whether it only tells something: nobody has to do anything about it.
    package let isNews: Bool
    /// Name by which browser tests find the card; nil for none.
    package let testID: String?

    /// Describes a card.
    package init(
        isOpen: Bool, title: String, kind: String, pill: Pill, address: String, time: Int64?, began: Int64? = nil,
        isNews: Bool = false, testID: String? = nil
    ) {
        self.isOpen = isOpen
        self.title = title
        self.kind = kind
        self.pill = pill
        self.address = address
        self.time = time
        self.began = began
        self.isNews = isNews
        self.testID = testID
    }

    /// What the template "home" finds: under `open` what asks for something, what ends first before the rest; under `news`
    /// what only tells something, the latest first; under `decided` what was decided last. Of the last two at most `most`.
    package static func context(_ cards: [HomeCard], most: Int = 6, _ wording: Wording) -> [String: Any] {
        let open = cards.filter { $0.isOpen && !$0.isNews }
            .sorted { ($0.time ?? .max, $0.address) < ($1.time ?? .max, $1.address) }
        let news = cards.filter { $0.isOpen && $0.isNews }
            .sorted { ($1.began ?? 0, $1.address) < ($0.began ?? 0, $0.address) }
        let done = cards.filter { !$0.isOpen }
            .sorted { ($1.time ?? 0, $1.address) < ($0.time ?? 0, $0.address) }
        return [
            "open": open.map { $0.context(wording) }, "news": news.prefix(most).map { $0.context(wording) },
            "decided": done.prefix(most).map { $0.context(wording) }, "hasOpen": !open.isEmpty,
            "hasNews": !news.isEmpty, "hasDecided": !done.isEmpty,
        ]
    }

    /// The card in a feed: what is open since it began, what is decided since then; nil where neither is known.
    package var feedEntry: AtomFeed.Entry? {
        (isOpen ? began : time).map {
            AtomFeed.Entry(path: address, title: title, kind: kind, state: pill.label, updated: $0)
        }
    }

    private func context(_ wording: Wording) -> [String: Any] {
        var values: [String: Any] = ["path": address, "title": title, "kind": kind, "pill": pill.context]
        values["testid"] = testID
        if let time {
            values[isOpen ? "deadline" : "moment"] = isOpen ? wording.deadline(time) : wording.moment(time)
        }
        return values
    }
}

/// A state in a word, as the partial "pill" shows it.
package struct Pill: Sendable {
    /// How it looks.
    package enum Kind: String, Sendable {
        /// Waits for people.
        case open
        /// Went well.
        case good
        /// Did not.
        case bad
        /// On its way.
        case wait
        /// Nothing of these.
        case plain
    }

    /// How it looks.
    package let kind: Kind
    /// The word, in the page's language.
    package let label: String

    /// A state.
    package init(_ kind: Kind, _ label: String) {
        self.kind = kind
        self.label = label
    }

    /// What the partial finds.
    package var context: [String: Any] { ["kind": kind.rawValue, "label": label] }
}
