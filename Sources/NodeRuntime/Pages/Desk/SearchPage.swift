import Hummingbird
import LedgerCore
import PageKit
import Primitives

extension DeskPages {
    /// Most that each module is asked for.
    private static let hitsOfModule = 20

    /// `/search?q=`: everything public that has these words, and the ledger's records and blocks by name.
    func search(_ request: Request, _ language: Language) throws -> Page {
        let wording = Wording(renderer, language)
        let words = SearchWords(request.uri.queryParameters["q"].map(String.init) ?? "")
        var groups: [(kind: String, hits: [SearchHit])] = []
        if !words.isEmpty {
            let hits =
                try ledger(words, wording)
                + modules.flatMap { try $0.search(words, limit: Self.hitsOfModule, environment, language) }
            for hit in hits {
                if let at = groups.firstIndex(where: { $0.kind == hit.kind }) {
                    groups[at].hits.append(hit)
                } else {
                    groups.append((hit.kind, [hit]))
                }
            }
        }
        let count = groups.reduce(0) { $0 + $1.hits.count }
        let values: [String: Any] = [
            "query": words.text, "asked": !words.isEmpty, "found": count > 0,
            "count": wording.catalog.counted("page.search.count", Int64(count), language),
            "groups": groups.map { group in
                ["kind": group.kind, "hits": group.hits.map(Self.hit)] as [String: Any]
            },
        ]
        return Page(
            title: words.isEmpty
                ? wording.say("page.search.title") : wording.say("page.search.of", ["query": words.text]),
            templateName: "search", context: values)
    }

    private static func hit(_ hit: SearchHit) -> [String: Any] {
        var values: [String: Any] = ["title": hit.title, "path": hit.address]
        values["note"] = hit.note
        return values
    }

    /// A record by its whole id, a block by its height.
    private func ledger(_ words: SearchWords, _ wording: Wording) throws -> [SearchHit] {
        guard words.words.count == 1, let word = words.words.first else { return [] }
        if let id = Digest(hex: word.lowercased()), node.transactions.leaf(of: id) != nil {
            return [
                SearchHit(
                    title: Formats.short(id.hex), kind: wording.say("page.search.record"),
                    address: Wording.recordPath(id.hex))
            ]
        }
        if let height = ASCIIDecimal.parse(Array(word.utf8)[...]), let latest = node.hub.latest, height <= latest.height
        {
            return [
                SearchHit(
                    title: wording.say("page.search.blockTitle", ["height": Formats.count(Int64(clamping: height))]),
                    kind: wording.say("page.search.block"), address: "/ledger/blocks/\(height)")
            ]
        }
        return []
    }
}
