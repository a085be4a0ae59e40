import Hummingbird
import PageKit

extension LedgerPages {
    /// A section behind the bar: what the modules offer there, what is open, what was decided last.
    func section(_ section: NavigationEntry.Section, _ language: Language) throws -> Page {
        let wording = Wording(renderer, language)
        let place = NavigationEntry.Place.section(section)
        let members = modules.filter { $0.navigation.contains { $0.place == place } }
        let cards = try members.flatMap { try $0.homeCards(environment, language) }
        var context = HomeCard.context(cards, wording)
        context["title"] = wording.say("page.section.\(section.rawValue).title")
        context["lead"] = wording.say("page.section.\(section.rawValue).lead")
        context["entries"] = doors(place, wording)
        context["hasOpen"] = cards.contains(where: \.isOpen)
        context["hasDecided"] = cards.contains { !$0.isOpen }
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
