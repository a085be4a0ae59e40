/// Something that an account is asked for: a vote, an answer to read, a survey. The home page shows what is still to be
/// done first, by its end.
package struct AgendaItem: Sendable {
    /// Its title, plain text.
    package let title: String
    /// What sort of thing it is, in the page's language.
    package let kind: String
    /// Where it is done.
    package let address: String
    /// Until when, in ms since 1970 UTC; nil if there is no hurry.
    package let until: Int64?
    /// How far the account is: `done` of `of` parts, such as homes. All done means it needs nothing more.
    package let done: Int
    /// Number of parts; at least 1.
    package let of: Int

    /// States what is asked.
    package init(title: String, kind: String, address: String, until: Int64?, done: Int, of: Int = 1) {
        self.title = title
        self.kind = kind
        self.address = address
        self.until = until
        self.done = done
        self.of = max(1, of)
    }

    /// Whether something is still to be done.
    package var isOpen: Bool { done < of }
}
