import PageKit
import ReadModels
import RegistryContract

/// The registry at the desk: owners who wait for a code, what a registrar can begin, and what a search finds.
struct RegistryDesk: Sendable {
    private let environment: AppEnvironment
    private let wording: Wording

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        wording = Wording(environment.renderer, language)
    }

    static let tasks = [
        task("import", "/desk/units/import", icon: "icon-ledger"), task("codes", "/desk/codes", icon: "icon-phone"),
        task("keys", "/desk/keys", icon: "icon-person"),
    ]

    private static func task(_ name: String, _ address: String, icon: String) -> DeskTask {
        DeskTask(
            messageKey: "registry.desk.\(name)", address: address, role: RegistryRoles.registrar, icon: icon)
    }

    /// One item for all owners who cannot act yet.
    func items() throws -> [DeskItem] {
        let count = try environment.readModels.read { try EnrolmentQueries.waitingCount($0) }
        guard count > 0 else { return [] }
        return [
            DeskItem(
                id: "registry/codes", title: wording.catalog.counted("registry.desk.waiting", count, wording.language),
                task: wording.say("registry.desk.codes"), role: RegistryRoles.registrar, due: nil,
                address: "/desk/codes")
        ]
    }

    /// Homes by number or label.
    func search(_ words: SearchWords, limit: Int) throws -> [SearchHit] {
        try environment.readModels.read { try EnrolmentQueries.search($0, words.patterns, limit: limit) }.map { unit in
            SearchHit(
                title: unit.name, kind: wording.say("registry.desk.home"), address: "/roll/\(unit.unit)",
                note: Formats.area(hundredths: unit.area))
        }
    }
}
