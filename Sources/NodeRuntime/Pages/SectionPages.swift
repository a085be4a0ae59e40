import Hummingbird
import PageKit

extension LedgerPages {
    /// A section behind the bar: what the modules offer there, what is open, what was decided last.
    func section(_ section: NavigationEntry.Section, _ language: Language) throws -> Page {
        let wording = Wording(renderer, language)
        let place = NavigationEntry.Place.section(section)
        let entries = renderer.entries(in: place)
        let cards = try modules.flatMap { try $0.homeCards(environment, language) }
            .filter { card in entries.contains { $0.covers(card.address) } }
        var context = HomeCard.context(cards, wording)
        context["title"] = wording.say("page.section.\(section.rawValue).title")
        context["lead"] = wording.say("page.section.\(section.rawValue).lead")
        context["entries"] = doors(place, wording)
        context["subscribe"] = section == .publicNotice
        return Page(
            title: wording.say("page.section.\(section.rawValue).title"), templateName: "section", context: context)
    }

    /// The entries of a place as cards with a word on what each is for, in their order.
    func doors(_ place: NavigationEntry.Place, _ wording: Wording) -> [[String: Any]] {
        renderer.entries(in: place).map { entry in
            var values: [String: Any] = [
                "path": entry.path, "label": wording.say(entry.messageKey), "icon": entry.icon,
            ]
            let note = wording.say("\(entry.messageKey)Note", else: "")
            if !note.isEmpty { values["note"] = note }
            return values
        }
    }
}
