/// Something that waits for staff, in the queue of the desk.
package struct DeskItem: Sendable {
    /// Stable and unique: the module's name, a slash, what it is about.
    package let id: String
    /// Its title, plain text.
    package let title: String
    /// What is to be done, in the page's language: "Answer the question".
    package let task: String
    /// The role that may do it.
    package let role: String
    /// The parties that may do it; nil for all whose staff hold the role.
    package let parties: [String]?
    /// Until when it is promised or required, in ms since 1970 UTC; nil if there is no time for it.
    package let due: Int64?
    /// Where it is done.
    package let address: String
    /// What one click can add to the acts to be signed, such as an approval; nil if a form is needed.
    package let act: DeskAct?

    /// Describes a piece of work.
    package init(
        id: String, title: String, task: String, role: String, parties: [String]? = nil, due: Int64?, address: String,
        act: DeskAct? = nil
    ) {
        self.id = id
        self.title = title
        self.task = task
        self.role = role
        self.parties = parties
        self.due = due
        self.address = address
        self.act = act
    }
}

/// A transaction that is complete but for the signature.
package struct DeskAct: Sendable {
    /// `module.action`.
    package let type: String
    /// The body as canonical JSON.
    package let body: String

    /// Names the transaction.
    package init(type: String, body: String) {
        self.type = type
        self.body = body
    }
}

/// Something that staff can begin at the desk: a form behind a card.
package struct DeskTask: Sendable {
    /// The message that names it; the same key with "Note" added says what it is for.
    package let messageKey: String
    /// The form's address.
    package let address: String
    /// The role that may do it.
    package let role: String
    /// The partial with its picture.
    package let icon: String

    /// Describes a task.
    package init(messageKey: String, address: String, role: String, icon: String) {
        self.messageKey = messageKey
        self.address = address
        self.role = role
        self.icon = icon
    }
}
