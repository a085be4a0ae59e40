import Hummingbird
import PageKit
import ReadModels

/// `/__name__?page=`: the notes, the latest first.
struct __Name__ListPage: Sendable {
    static let notesPerPage: Int64 = 20

    private let environment: AppEnvironment

    init(_ environment: AppEnvironment) { self.environment = environment }

    func response(_ request: Request, _ context: PageRequestContext) throws -> Response {
        let wording = Wording(environment.renderer, context.language)
        let page = try page(Paging(request, size: __Name__ListPage.notesPerPage), wording)
        return try environment.renderer.response(page, request: request, context: context)
    }

    func page(_ paging: Paging, _ wording: Wording) throws -> Page {
        let (total, notes) = try environment.readModels.read { database in
            (
                try __Name__Queries.count(database),
                try __Name__Queries.notes(database, limit: paging.size, offset: paging.offset)
            )
        }
        var values: [String: Any] = ["notes": notes.map { __Name__ListPage.line($0, wording) }]
        values["pagination"] = paging.context(path: "/__name__", total: total)
        return Page(title: wording.say("__name__.list.title"), templateName: "__name__-list", context: values)
    }

    private static func line(_ note: __Name__NoteLine, _ wording: Wording) -> [String: Any] {
        var values: [String: Any] = [
            "text": note.text, "party": wording.say("__name__.list.party", ["party": note.party]),
            "moment": wording.moment(note.time),
        ]
        values["path"] = note.record.map(Wording.recordPath)
        return values
    }
}
