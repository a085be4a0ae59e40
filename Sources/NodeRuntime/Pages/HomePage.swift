import HTTPTypes
import Hummingbird
import LedgerCore
import MerkleLog
import PageKit
import Primitives

extension LedgerPages {
    /// The first page: what is open, what was decided, and how to know that it is true.
    func home(_ language: Language) throws -> Page {
        // Of what only tells something, the first page has what must be public; the rest is in its section.
        let isPublic = renderer.entries(in: .section(.publicNotice))
        let cards = try modules.flatMap { try $0.homeCards(environment, language) }.filter { card in
            !card.isNews || isPublic.contains { $0.covers(card.address) }
        }
        var context = HomeCard.context(cards, most: 4, Wording(renderer, language))
        context["figures"] = figures(language)
        context["doors"] = doors(.section(.services), Wording(renderer, language))
        return Page(
            title: text("page.home.title", language), templateName: "home", context: context, scripts: ["mine.js"])
    }

    /// What is open and what was decided, as a feed that others can follow.
    func feed(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let cards = try modules.flatMap { try $0.homeCards(environment, context.language) }
        let feed = AtomFeed(
            site: address, path: PageRenderer.feedPath, title: renderer.site.name, language: context.language,
            entries: cards.compactMap(\.feedEntry))
        let xml = feed.xml(now: node.clock().milliseconds)
        var response = Answer.bytes(
            request, type: "application/atom+xml; charset=utf-8", cacheControl: CacheControl.revalidate,
            tag: EntityTag.weak(xml)
        ) { Array(xml.utf8) }
        response.headers[.vary] = "Cookie, Accept-Language"
        return response
    }

    /// How to check, with the policy that the checks need.
    func verify(_ language: Language) throws -> Page {
        Page(
            title: text("page.verify.title", language), templateName: "verify-how",
            context: ["address": address, "policy": String(decoding: try node.policy(), as: UTF8.self)])
    }

    /// The parties whose cosignatures the policy knows.
    var witnesses: [WitnessPolicy.Witness] {
        (try? WitnessPolicy(parsing: node.policy(), using: CryptoSHA256.self))?.witnesses ?? []
    }
}
