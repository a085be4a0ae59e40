/// One place a reader can go to from every page.
package struct NavigationEntry: Sendable {
    /// Where the entry is shown.
    package enum Place: Sendable {
        /// The bar: along the bottom edge on a phone, in the head elsewhere. There is room for five.
        case bar
        /// The list in the foot of the page.
        case foot
    }

    /// The address, an absolute path such as "/motions".
    package let path: String
    /// The message that names it, such as "assembly.navigation".
    package let messageKey: String
    /// The partial with its picture, such as "icon-vote"; nothing is drawn if no template has that name.
    package let icon: String
    /// Where it is shown.
    package let place: Place
    /// Smaller comes first.
    package let order: Int

    /// An entry of the bar or the foot.
    package init(path: String, messageKey: String, icon: String, place: Place = .bar, order: Int) {
        self.path = path
        self.messageKey = messageKey
        self.icon = icon
        self.place = place
        self.order = order
    }

    /// PageKit's own entries: home, the ledger, how to check.
    package static let own = [
        NavigationEntry(path: "/", messageKey: "page.navigation.home", icon: "icon-home", order: 0),
        NavigationEntry(path: "/ledger", messageKey: "page.navigation.ledger", icon: "icon-ledger", order: 80),
        NavigationEntry(path: "/verify", messageKey: "page.navigation.verify", icon: "icon-check", order: 90),
    ]

    /// Whether this entry leads to `path` or a place above it; home only to itself.
    package func covers(_ path: String) -> Bool {
        self.path == path || (self.path != "/" && path.hasPrefix(self.path + "/"))
    }
}
