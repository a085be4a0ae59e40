import HTTPTypes
import Hummingbird
import LedgerCore
import PageKit

/// The staff's desk: what waits, what is about to be signed, which key signs; and the search over everything public. All of
/// it is drawn from public data: who sits at a desk is known to the device alone.
struct DeskPages: Sendable {
    let node: Node
    let modules: [any AppModule]
    let environment: AppEnvironment

    var renderer: PageRenderer { environment.renderer }

    func add(to router: Router<PageRequestContext>) {
        router.get("/desk") { request, context in try page(queue(request, context.language), request, context) }
        router.get("/desk/tray") { request, context in try page(tray(context.language), request, context) }
        router.get("/desk/key") { request, context in try page(key(context.language), request, context) }
        router.get("/search") { request, context in try page(search(request, context.language), request, context) }
    }

    private func page(_ page: Page, _ request: Request, _ context: PageRequestContext) throws -> Response {
        try renderer.response(page, request: request, context: context)
    }

    /// What staff will sign, as this device has it.
    private func tray(_ language: Language) -> Page {
        let wording = Wording(renderer, language)
        return Page(
            title: wording.say("page.desk.trayTitle"), templateName: "desk-tray",
            context: ["atTray": true, "types": types(wording)], scripts: ["desk.js", "desk-tray.js"], signs: true)
    }

    /// The staff keys on this device.
    private func key(_ language: Language) -> Page {
        let wording = Wording(renderer, language)
        let roles = Set(modules.flatMap { $0.deskTasks.map(\.role) } + ["delegate"])
        let names = roles.map { ($0, name(ofRole: $0, language)) }
        return Page(
            title: wording.say("page.desk.keyTitle"), templateName: "desk-key",
            context: ["atKey": true, "roles": JSONText.object(Dictionary(uniqueKeysWithValues: names))],
            scripts: ["desk.js", "desk-key.js"], signs: true)
    }

    /// What the acts of staff are called, for the script: the messages "module.act.action".
    private func types(_ wording: Wording) -> String {
        var names: [String: String] = [:]
        for type in node.catalog.types {
            guard let dot = type.firstIndex(of: ".") else { continue }
            let key = "\(type[..<dot]).act\(type[dot...])"
            if wording.catalog.contains(key) { names[type] = wording.say(key) }
        }
        return JSONText.object(names)
    }

    /// What a role is called.
    func name(ofRole role: String, _ language: Language) -> String {
        modules.lazy.compactMap { $0.name(ofRole: role, environment, language) }.first ?? role
    }

    /// What a party is called.
    func name(ofParty party: String) throws -> String {
        for module in modules {
            if let name = try module.name(ofParty: party, environment) { return name }
        }
        return party
    }
}
