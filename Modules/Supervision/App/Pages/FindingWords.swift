import ConstitutionContract
import PageKit
import ReadModels
import SupervisionContract

/// The words that all pages of findings share, in one language.
struct FindingWords: Sendable {
    /// Characters of a finding's text that stand for its title.
    private static let titleLength = 60

    let environment: AppEnvironment
    let wording: Wording

    init(_ environment: AppEnvironment, _ language: Language) {
        self.environment = environment
        wording = Wording(environment.renderer, language)
    }

    /// A party's name.
    func party(_ id: String) throws -> String {
        try Parties.find(id, in: environment.state)?.party.name ?? id
    }

    func subject(_ subject: FindingSubject) -> String { wording.say("supervision.subject.\(subject.rawValue)") }

    /// The party concerned and the first line.
    func title(_ finding: FindingSummary) throws -> String {
        let line = Wording.paragraphs(finding.text).first ?? ""
        let short = line.count > Self.titleLength ? "\(line.prefix(Self.titleLength))…" : line
        return wording.say("supervision.title", ["party": try party(finding.about), "line": short])
    }

    func pill(_ finding: FindingSummary) -> Pill {
        switch finding.status {
        case .open where finding.due <= wording.now: wording.pill(.bad, "supervision.state.overdue")
        case .open: wording.pill(.open, "supervision.state.open")
        case .answered: wording.pill(.wait, "supervision.state.answered")
        case .closed: wording.pill(.good, "supervision.state.closed")
        }
    }
}
