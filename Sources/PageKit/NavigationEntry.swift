/// One place a reader can go to from every page.
package struct NavigationEntry: Sendable {
    /// Where the entry is shown.
    package enum Place: Hashable, Sendable {
        /// The bar: along the bottom edge on a phone, in the head elsewhere. There is room for five.
        case bar
        /// The list in the foot of the page.
        case foot
        /// A card on the page of a section.
        case section(Section)
    }

    /// The pages behind the bar that gather what the modules offer. The raw value is the page's path.
    package enum Section: String, CaseIterable, Sendable {
        /// 议事: what residents decide.
        case decisions
        /// 服务: what residents can ask for and look up.
        case services
        /// 互助: neighbours for neighbours.
        case together
        /// 公示: what must be public.
        case publicNotice = "public"

        /// The section's address.
        package var path: String { "/\(rawValue)" }
    }

    /// The address, an absolute path such as "/motions".
    package let path: String
    /// The message that names it, such as "assembly.navigation"; on a section's card the same key with "Note" added, such
    /// as "assembly.navigationNote", says what it is for.
    package let messageKey: String
    /// The partial with its picture, such as "icon-vote"; nothing is drawn if no template has that name.
    package let icon: String
    /// Where it is shown.
    package let place: Place
    /// Smaller comes first.
    package let order: Int

    /// An entry of the bar, the foot or a section.
    package init(path: String, messageKey: String, icon: String, place: Place = .bar, order: Int) {
        self.path = path
        self.messageKey = messageKey
        self.icon = icon
        self.place = place
        self.order = order
    }

    /// PageKit's own entries: the five of the bar, and the ledger and how to check in the foot and among what is public.
    package static let own = [
        NavigationEntry(path: "/", messageKey: "page.navigation.home", icon: "icon-home", order: 0),
        NavigationEntry(path: "/decisions", messageKey: "page.navigation.decisions", icon: "icon-vote", order: 10),
        NavigationEntry(path: "/services", messageKey: "page.navigation.services", icon: "icon-service", order: 20),
        NavigationEntry(path: "/together", messageKey: "page.navigation.together", icon: "icon-together", order: 30),
        NavigationEntry(path: "/me", messageKey: "page.navigation.me", icon: "icon-person", order: 40),
        NavigationEntry(
            path: "/public", messageKey: "page.navigation.public", icon: "icon-notice", place: .foot, order: 0),
        NavigationEntry(
            path: "/ledger", messageKey: "page.navigation.ledger", icon: "icon-ledger", place: .foot, order: 80),
        NavigationEntry(
            path: "/statistics", messageKey: "page.navigation.statistics", icon: "icon-chart",
            place: .section(.publicNotice), order: 70),
        NavigationEntry(
            path: "/ledger", messageKey: "page.navigation.ledger", icon: "icon-ledger",
            place: .section(.publicNotice), order: 80),
        NavigationEntry(
            path: "/public", messageKey: "page.navigation.public", icon: "icon-notice", place: .section(.services),
            order: 20),
        NavigationEntry(
            path: "/search", messageKey: "page.navigation.search", icon: "icon-search", place: .section(.services),
            order: 80),
        NavigationEntry(
            path: "/verify", messageKey: "page.navigation.verify", icon: "icon-check", place: .section(.services),
            order: 90),
        NavigationEntry(
            path: "/verify", messageKey: "page.navigation.verify", icon: "icon-check", place: .foot, order: 90),
        NavigationEntry(
            path: "/desk", messageKey: "page.navigation.desk", icon: "icon-desk", place: .foot, order: 95),
    ]

    /// Whether this entry leads to `path` or a place above it; home only to itself.
    package func covers(_ path: String) -> Bool {
        self.path == path || (self.path != "/" && path.hasPrefix(self.path + "/"))
    }
}
