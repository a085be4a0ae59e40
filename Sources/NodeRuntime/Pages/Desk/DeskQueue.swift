import Hummingbird
import PageKit

/// Which part of the queue is asked for: `?role=` (several with commas) and `?party=`.
struct DeskFilter {
    let roles: [String]
    let party: String?

    init(_ request: Request) {
        let asked = request.uri.queryParameters
        // Identifiers only: they go back into addresses as they are.
        func isName(_ text: Substring) -> Bool {
            !text.isEmpty && text.utf8.count <= 64
                && text.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5F: true
                    default: false
                    }
                }
        }
        roles = (asked["role"] ?? "").split(separator: ",").filter(isName).prefix(8).map(String.init)
        party = asked["party"].flatMap { isName($0[...]) ? String($0) : nil }
    }

    var isEmpty: Bool { roles.isEmpty && party == nil }

    func matches(_ item: DeskItem) -> Bool {
        guard roles.isEmpty || roles.contains(item.role) else { return false }
        guard let party, let parties = item.parties else { return true }
        return parties.contains(party)
    }

    /// The queue's address with this filter.
    var path: String {
        var parts: [String] = []
        if !roles.isEmpty { parts.append("role=" + roles.joined(separator: ",")) }
        if let party { parts.append("party=\(party)") }
        return parts.isEmpty ? "/desk" : "/desk?" + parts.joined(separator: "&")
    }
}

extension DeskPages {
    /// Items on a page.
    static let queueSize: Int64 = 30
    /// What is due within three days is soon.
    private static let soon: Int64 = 3 * 86_400_000

    /// `/desk`: everything that waits, overdue first, then by its time, what has none last.
    func queue(_ request: Request, _ language: Language) throws -> Page {
        let wording = Wording(renderer, language)
        let filter = DeskFilter(request)
        let paging = Paging(request, size: Self.queueSize)
        let all = try modules.flatMap { try $0.deskItems(environment, language) }
        let wanted = all.filter(filter.matches).sorted {
            ($0.due ?? .max, $0.id) < ($1.due ?? .max, $1.id)
        }
        let shown = wanted.dropFirst(Int(clamping: paging.offset)).prefix(Int(Self.queueSize))
        let tasks = modules.flatMap(\.deskTasks).filter { filter.roles.isEmpty || filter.roles.contains($0.role) }
        var values: [String: Any] = [
            "atQueue": true, "items": try shown.map { try item($0, wording) },
            "tasks": tasks.map { task($0, wording) }, "hasTasks": !tasks.isEmpty, "filtered": !filter.isEmpty,
            "hasActs": shown.contains { $0.act != nil },
            "total": wording.catalog.counted("page.desk.waiting", Int64(wanted.count), language),
            "roles": options(
                Set(all.map(\.role)).sorted().map { ([$0], name(ofRole: $0, language)) }, chosen: filter.roles, wording),
            "parties": options(
                try Set(all.flatMap { $0.parties ?? [] }).sorted().map { ([$0], try name(ofParty: $0)) },
                chosen: filter.party.map { [$0] } ?? [], wording),
        ]
        values["pagination"] = paging.context(path: filter.path, total: Int64(wanted.count))
        return Page(
            title: wording.say("page.desk.title"), templateName: "desk", context: values,
            scripts: ["desk.js", "desk-queue.js", "staging.js"], signs: true)
    }

    /// The choices of a filter; several at once, such as all roles of one key, stand as one more.
    private func options(
        _ known: [(values: [String], label: String)], chosen: [String], _ wording: Wording
    ) -> [[String: Any]] {
        var all = known
        if !chosen.isEmpty, !known.contains(where: { $0.values == chosen }) {
            let labels = chosen.map { value in known.first { $0.values == [value] }?.label ?? value }
            all.append((chosen, wording.list(labels)))
        }
        return all.map { option in
            [
                "value": option.values.joined(separator: ","), "label": option.label,
                "selected": option.values == chosen,
            ]
        }
    }

    private func item(_ item: DeskItem, _ wording: Wording) throws -> [String: Any] {
        let role = name(ofRole: item.role, wording.language)
        let parties = try (item.parties ?? []).map { try name(ofParty: $0) }
        var values: [String: Any] = [
            "id": item.id, "title": item.title, "task": item.task, "path": item.address,
            "who": parties.isEmpty ? role : wording.list(parties) + " · " + role,
        ]
        if let due = item.due {
            let (kind, key): (Pill.Kind, String) =
                due <= wording.now
                ? (.bad, "page.desk.late")
                : due - wording.now <= Self.soon ? (.wait, "page.desk.soon") : (.plain, "page.desk.later")
            values["pill"] = wording.pill(kind, key).context
            values["due"] = wording.moment(due)
        }
        if let act = item.act {
            var stage: [String: Any] = [
                "type": act.type, "body": act.body, "role": item.role, "label": "\(item.task) · \(item.title)",
            ]
            if let parties = item.parties { stage["parties"] = parties.joined(separator: " ") }
            values["act"] = stage
        }
        return values
    }

    private func task(_ task: DeskTask, _ wording: Wording) -> [String: Any] {
        [
            "path": task.address, "label": wording.say(task.messageKey), "note": wording.say(task.messageKey + "Note"),
            "icon": task.icon, "role": name(ofRole: task.role, wording.language),
        ]
    }
}
