import ContractKit
import HTTPTypes
import Hummingbird
import LedgerCore
import PageKit
import Primitives

extension LedgerPages {
    /// `/me`: what is mine, as this device knows it.
    func me(_ language: Language) -> Page {
        var context: [String: Any] = [:]
        if let phone = renderer.helpPhone { context["helpPhone"] = phone }
        return Page(
            title: text("page.me.title", language), templateName: "me", context: context, scripts: ["mine.js"])
    }

    /// `/me/agenda?key=`: what the holder of a key is asked for, as a fragment of a page. An unknown key is asked for
    /// nothing: the answer does not tell whether there is such a key.
    func agenda(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let wording = Wording(renderer, context.language)
        let name = request.uri.queryParameters["key"].map(String.init) ?? ""
        var items: [AgendaItem] = []
        if name.utf8.count == 43, Base64.url.decode(name) != nil,
            let row = try LedgerTables.keys.find(name, in: node.state), row.active, row.party == nil
        {
            items = try modules.flatMap { try $0.agenda(of: row, environment, context.language) }
        }
        let open = items.filter(\.isOpen).sorted { ($0.until ?? .max, $0.address) < ($1.until ?? .max, $1.address) }
        let done = items.filter { !$0.isOpen }
        let html = try renderer.fragment(
            "agenda",
            [
                "items": open.map { agendaItem($0, wording) }, "hasDone": !done.isEmpty,
                "done": done.map { agendaItem($0, wording) },
            ], context.language)
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
                .contentLanguage: context.language.rawValue, .vary: "Cookie, Accept-Language",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    private func agendaItem(_ item: AgendaItem, _ wording: Wording) -> [String: Any] {
        var values: [String: Any] = ["path": item.address, "title": item.title, "kind": item.kind]
        if let until = item.until { values["deadline"] = wording.deadline(until) }
        if item.of > 1 {
            values["progress"] = wording.say(
                "page.agenda.progress", ["done": "\(item.done)", "of": "\(item.of)"])
        }
        return values
    }
}
