import PageKit
import Primitives
import ReadModels
import RegistryContract

/// How many owners can act from a phone.
enum RegistryStatistics {
    /// Owners who have bound a phone, and those who have not yet.
    static func enrolment(_ environment: AppEnvironment, _ language: Language) throws -> [Statistic] {
        let wording = Wording(environment.renderer, language)
        let owners = try OwnerRoll.totals(.estate, in: environment.state).owners
        guard owners > 0 else { return [] }
        // Who sold everything keeps the account and is no owner any more: never more than there are owners.
        let bound = min(owners, try environment.readModels.read { try RegistryQueries.boundOwners($0) })
        let title = wording.say("registry.statistics.enrolment")
        let parts = [("bound", bound), ("waiting", owners - bound)].map { name, count in
            Chart.Part(wording.say("registry.statistics.\(name)"), count, shown: Formats.count(count))
        }
        return [
            Statistic(
                id: "enrolment", title: title,
                svg: Chart.donut(parts, Chart.Words(id: "enrolment", title: title)), keys: Chart.keys(parts),
                columns: [wording.say("registry.statistics.who"), wording.say("registry.statistics.owners")],
                rows: parts.map { [$0.name, $0.shown] })
        ]
    }
}
