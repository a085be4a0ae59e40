import LedgerCore
import MerkleLog
import PageKit
import Primitives

extension LedgerPages {
    /// The first page: what is open, what was decided, and how to know that it is true.
    func home(_ language: Language) throws -> Page {
        let cards = try modules.flatMap { try $0.homeCards(environment, language) }
        var context = HomeCard.context(cards, Wording(renderer, language))
        context["figures"] = figures(language)
        return Page(title: text("page.home.title", language), templateName: "home", context: context)
    }

    /// How to check, with the policy that the checks need.
    func verify(_ language: Language) -> Page {
        Page(
            title: text("page.verify.title", language), templateName: "verify-how",
            context: ["address": address, "policy": String(decoding: policy, as: UTF8.self)])
    }

    /// The parties whose cosignatures the policy knows.
    var witnesses: [WitnessPolicy.Witness] {
        (try? WitnessPolicy(parsing: policy, using: CryptoSHA256.self))?.witnesses ?? []
    }
}
