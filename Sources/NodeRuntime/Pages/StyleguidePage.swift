import Hummingbird
import PageKit

/// `/styleguide`: every component in every state, for those who build pages; linked from the foot of the demonstration.
struct StyleguidePage: Sendable {
    let renderer: PageRenderer

    func add(to router: Router<PageRequestContext>) {
        for part in Styleguide.Part.allCases {
            router.get("\(Styleguide.path)/\(part.rawValue)") { request, context in
                try renderer.response(
                    Styleguide(renderer.catalog, context.language).page(part), request: request, context: context)
            }
        }
        router.get("\(Styleguide.path)") { request, context in
            try renderer.response(
                Styleguide(renderer.catalog, context.language).page(.tokens), request: request, context: context)
        }
    }
}
