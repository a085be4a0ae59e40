package import Hummingbird

/// Which page of a long list is asked for (`?page=`, from 1), and the links to the ones beside it.
package struct Paging: Sendable {
    /// The largest page number that is looked at; a longer list is read from its export.
    package static let last: Int64 = 100_000

    /// The page, from 1.
    package let number: Int64
    /// Rows on a page.
    package let size: Int64
    private let name: String

    /// Page `number`; anything below 1 means 1.
    package init(number: Int64, size: Int64, name: String = "page") {
        self.number = min(max(number, 1), Paging.last)
        self.size = max(size, 1)
        self.name = name
    }

    /// The page that a request asks for; what is not a number means the first.
    package init(_ request: Request, size: Int64, name: String = "page") {
        let asked = request.uri.queryParameters[Substring(name)].flatMap { Int64($0) }
        self.init(number: asked ?? 1, size: size, name: name)
    }

    /// Rows before this page.
    package var offset: Int64 { (number - 1) * size }

    /// How many pages `total` rows make; at least 1.
    package func pages(of total: Int64) -> Int64 { max(1, total / size + (total % size == 0 ? 0 : 1)) }

    /// What the partial "pagination" finds; nil if all rows fit on one page. `path` is the list's address with those of
    /// its queries that stay, each value free of characters that mean something in a query.
    /// `fragment` names the part of the page where the list stands.
    package func context(path: String, fragment: String? = nil, total: Int64) -> [String: Any]? {
        let pages = pages(of: total)
        guard pages > 1 || number > 1 else { return nil }
        let joint = path.contains("?") ? "&" : "?"
        let end = fragment.map { "#\($0)" } ?? ""
        func address(_ page: Int64) -> String { (page == 1 ? path : "\(path)\(joint)\(name)=\(page)") + end }
        var values: [String: Any] = ["position": "\(Formats.count(number)) / \(Formats.count(pages))"]
        if number > 1 { values["previous"] = address(min(number - 1, pages)) }
        if number < pages { values["next"] = address(number + 1) }
        return values
    }
}
