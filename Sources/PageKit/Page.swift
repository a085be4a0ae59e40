/// One page before it is drawn.
package struct Page {
    /// The title, shown in the window's head; plain text.
    package let title: String
    /// The template of its main part.
    package let templateName: String
    /// What the template shows: text, numbers, booleans, dictionaries `[String: Any]` and arrays of them.
    ///
    /// Only dictionaries are quick for the engine. An empty text or a zero counts as present in a section: leave the key
    /// out, or give a boolean, where a section is to be skipped.
    package let context: [String: Any]
    /// Scripts the page needs, by plain name ("ballot.js").
    package let scripts: [String]
    /// Whether something can be signed here: the page then carries the server's time and the scripts' texts, and is not
    /// kept by the browser, because a stale time would make transactions that have already lapsed.
    package let signs: Bool

    /// Names a page; `signs` pages carry `enrol.js`, `ballot.js` or another script that signs.
    package init(
        title: String, templateName: String, context: [String: Any] = [:], scripts: [String] = [], signs: Bool = false
    ) {
        self.title = title
        self.templateName = templateName
        self.context = context
        self.scripts = scripts
        self.signs = signs
    }
}

/// What the foot of every page says about the ledger.
package struct LedgerStatus: Sendable {
    /// The ledger's name, the origin line of its checkpoints.
    package let origin: String
    /// The number of leaves under the latest final checkpoint.
    package let size: Int64
    /// The block time of that checkpoint, ms since 1970 UTC; nil before the first.
    package let checkpointTime: Int64?

    /// States the ledger's name and how far it is final.
    package init(origin: String, size: Int64, checkpointTime: Int64?) {
        self.origin = origin
        self.size = size
        self.checkpointTime = checkpointTime
    }
}

/// The facts about one installation that every page shows.
package struct Site: Sendable {
    /// The neighbourhood's name as people know it, one for all languages; shown beside the logo.
    package let name: String
    /// Whether the site is reached over TLS.
    package let secure: Bool
    /// The zone of all times, minutes east of UTC.
    package let offsetMinutes: Int64
    /// Says that this is a demonstration with made-up people, on every page.
    package let demonstration: Bool
    /// The telephone number of the people who help, as it is read out; care mode offers it on every page. Empty where
    /// there is none.
    package let helpPhone: String

    /// States how the site is named and reached.
    package init(
        name: String, secure: Bool, offsetMinutes: Int64 = 480, demonstration: Bool = false, helpPhone: String = ""
    ) {
        self.name = name
        self.secure = secure
        self.offsetMinutes = offsetMinutes
        self.demonstration = demonstration
        self.helpPhone = helpPhone
    }
}
