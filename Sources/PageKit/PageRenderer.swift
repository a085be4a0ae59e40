package import Hummingbird
import HTTPTypes

/// Draws pages: the template's main part inside the layout, with the texts of the request's language.
package struct PageRenderer: Sendable {
    /// The texts of all parts.
    package let catalog: MessageCatalog
    /// Times in the site's zone.
    package let time: TimeFormat
    /// What the site is.
    package let site: Site

    private let templates: TemplateLibrary
    private let assets: Assets
    private let navigation: [NavigationEntry]
    private let status: @Sendable () -> LedgerStatus
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - navigation: the entries of all parts, in any order.
    ///   - status: how far the ledger is final, asked once a page.
    ///   - now: the server's clock, ms since 1970 UTC.
    package init(
        catalog: MessageCatalog, templates: TemplateLibrary, assets: Assets, navigation: [NavigationEntry], site: Site,
        status: @escaping @Sendable () -> LedgerStatus, now: @escaping @Sendable () -> Int64
    ) {
        self.catalog = catalog
        self.templates = templates
        self.assets = assets
        self.navigation = navigation.sorted { ($0.order, $0.path) < ($1.order, $1.path) }
        self.site = site
        self.status = status
        self.now = now
        time = TimeFormat(catalog, offsetMinutes: site.offsetMinutes)
    }

    /// Where the feed of what is announced and decided is.
    package static let feedPath = "/feed.atom"

    /// The server's clock, ms since 1970 UTC.
    package var currentTime: Int64 { now() }

    /// The whole page as HTML. `path` is the address without query, for the navigation; `query` what follows, for the
    /// switches of language and reading mode. Throws `PageMaterialError` if the page's template does not exist.
    package func html(
        _ page: Page, language: Language, reading: ReadingMode = .usual, path: String, query: String? = nil
    ) throws(PageMaterialError) -> String {
        var shared = shared(language, reading, query: query)
        let content = try main(page, shared)
        shared.merge(head(page, language, reading, path: path, query: query)) { $1 }
        shared["content"] = content
        guard let html = templates.render("layout", shared) else {
            throw PageMaterialError(code: "template.missing", subject: "layout")
        }
        return html
    }

    /// What the layout and every page's template find: texts, assets, and how the reader wants to read.
    private func shared(_ language: Language, _ reading: ReadingMode, query: String?) -> [String: Any] {
        var values: [String: Any] = [
            "t": catalog.templateValues(language), "asset": assets.templateValues, "lang": language.rawValue,
            "feed": PageRenderer.feedPath, "reading": reading.rawValue,
        ]
        if reading.isCare {
            values["care"] = care(reading, language, query: query)
        } else {
            values["careAddress"] = address("reading", ReadingMode.care.rawValue, query: query)
        }
        return values
    }

    /// The page's own part. A page that names one of the shared values would lose its own, and is refused.
    private func main(_ page: Page, _ shared: [String: Any]) throws(PageMaterialError) -> String {
        var values = shared
        for (name, value) in page.context {
            guard shared[name] == nil else { throw PageMaterialError(code: "context.taken", subject: name) }
            values[name] = Markup.separated(value)
        }
        guard let content = templates.render(page.templateName, values) else {
            throw PageMaterialError(code: "template.missing", subject: page.templateName)
        }
        return content
    }

    /// What only the layout shows: head, navigation, foot.
    private func head(
        _ page: Page, _ language: Language, _ reading: ReadingMode, path: String, query: String?
    ) -> [String: Any] {
        let status = status()
        var values: [String: Any] = [
            "pageTitle": Markup.separated(page.title), "siteName": Markup.separated(site.name),
            "origin": Markup.separated(status.origin), "demonstration": site.demonstration, "home": path == "/",
            "bar": entries(.bar, language, path: path), "foot": entries(.foot, language, path: path),
            "scripts": (page.scripts + (reading.isCare ? ["care.js"] : [])).compactMap { assets.address(of: $0) }
                .map { ["address": $0] },
            "languages": languageSwitch(language, query: query), "ledgerSize": Formats.count(status.size),
        ]
        if let checkpoint = status.checkpointTime { values["checkpoint"] = time.context(checkpoint, language) }
        if page.signs {
            values["signs"] = [
                "now": String(now()), "offset": String(site.offsetMinutes), "texts": browserTexts(page, language),
            ]
        }
        return values
    }

    /// A template alone, without the layout, for a script to put into a page that is there already.
    package func fragment(
        _ template: String, _ context: [String: Any], _ language: Language
    ) throws(PageMaterialError) -> String {
        var values = context.mapValues { Markup.separated($0) }
        values["t"] = catalog.templateValues(language)
        guard let html = templates.render(template, values) else {
            throw PageMaterialError(code: "template.missing", subject: template)
        }
        return html
    }

    /// The page as an answer: with a validator, so that a reader who has it gets 304 (RFC 9110 section 13.1.2).
    package func response(
        _ page: Page, request: Request, context: PageRequestContext, status: HTTPResponse.Status = .ok
    ) throws(PageMaterialError) -> Response {
        let html = try html(
            page, language: context.language, reading: context.reading, path: request.uri.path,
            query: request.uri.query)
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8",
            .contentLanguage: context.language.rawValue,
            .vary: "Cookie, Accept-Language, Accept-Encoding",
        ]
        guard status == .ok, !page.signs else {
            headers[.cacheControl] = "no-store"
            return PageRenderer.answer(html, status, headers, request)
        }
        let validator = EntityTag.weak(html)
        headers[.cacheControl] = "private, no-cache"
        headers[.eTag] = validator
        if EntityTag.matches(request.headers[.ifNoneMatch], validator) {
            headers[.contentType] = nil
            return Response(status: .notModified, headers: headers)
        }
        return PageRenderer.answer(html, .ok, headers, request)
    }

    /// A quick compression: a page is made for one reader, and each millisecond spent on it is waited for.
    private static func answer(
        _ html: String, _ status: HTTPResponse.Status, _ headers: HTTPFields, _ request: Request
    ) -> Response {
        var headers = headers
        var bytes = Array(html.utf8)
        if Gzip.isAccepted(request), let compressed = Gzip.compressed(bytes, level: 4) {
            headers[.contentEncoding] = "gzip"
            bytes = compressed
        }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func entries(_ place: NavigationEntry.Place, _ language: Language, path: String) -> [[String: Any]] {
        entries(in: place).map { entry in
            [
                "path": entry.path, "label": catalog.text(entry.messageKey, language), "icon": entry.icon,
                "current": covers(entry, path),
            ]
        }
    }

    /// Whether an entry leads to `path`, itself or through the section behind it.
    private func covers(_ entry: NavigationEntry, _ path: String) -> Bool {
        if entry.covers(path) { return true }
        guard let section = NavigationEntry.Section.allCases.first(where: { $0.path == entry.path }) else {
            return false
        }
        return entries(in: .section(section)).contains { $0.covers(path) }
    }

    /// Addresses are queries alone, so that they stay on the page however its path is spelled ("//elsewhere").
    private func languageSwitch(_ language: Language, query: String?) -> [[String: Any]] {
        Language.allCases.filter { $0 != language }.map { other in
            [
                "code": other.rawValue, "name": other.ownName,
                "address": address("lang", other.rawValue, query: query),
            ]
        }
    }

    /// The same page with one preference changed.
    private func address(_ name: String, _ value: String, query: String?) -> String {
        let kept = (query ?? "").prefix(512).split(separator: "&").filter { !$0.hasPrefix("\(name)=") }
        return Markup.separated("?" + (kept + ["\(name)=\(value)"]).joined(separator: "&"))
    }

    /// What care mode adds to every page: a way out, sizes, and a telephone number.
    private func care(_ reading: ReadingMode, _ language: Language, query: String?) -> [String: Any] {
        var values: [String: Any] = [
            "buttons": Array(entries(.bar, language, path: "").filter { $0["path"] as? String != "/" }.prefix(3)),
            "leave": address("reading", ReadingMode.usual.rawValue, query: query),
            "sizes": ReadingMode.allCases.filter(\.isCare).map { size in
                [
                    "address": address("reading", size.rawValue, query: query),
                    "label": catalog.text(size.messageKey, language), "current": size == reading,
                ] as [String: Any]
            },
        ]
        values["phone"] = helpPhone
        return values
    }

    /// The telephone number of the people who help, to be read and to be dialled; nil where there is none.
    package var helpPhone: [String: Any]? {
        // Only what a telephone can dial goes into the address (RFC 3966).
        let digits = site.helpPhone.filter { $0.isASCII && ($0.isNumber || $0 == "+") }
        return digits.isEmpty ? nil : ["number": Markup.separated(site.helpPhone), "address": "tel:\(digits)"]
    }

    /// The places a reader can go to from one place, in their order.
    package func entries(in place: NavigationEntry.Place) -> [NavigationEntry] {
        navigation.filter { $0.place == place }
    }

    /// The scripts' texts as JSON, to stand in an attribute.
    private func browserTexts(_ page: Page, _ language: Language) -> String {
        let texts = catalog.texts(under: "page.browser.", language)
        // What only the desk's scripts say is not sent to residents.
        let isDesk = page.scripts.contains("desk.js")
        return JSONText.object(isDesk ? texts : texts.filter { !$0.key.hasPrefix("desk.") })
    }
}
