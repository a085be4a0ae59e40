package import Hummingbird
import Synchronization

/// The addresses and methods of a router, to tell "no such address" from "not with this method".
package final class RouteTable: Sendable {
    private let methods = Mutex<[(path: RouterPath, method: String)]>([])

    /// An empty table; fill it when all routes are known.
    package init() {}

    /// Reads the routes of `router`.
    package func fill(from router: Router<PageRequestContext>) {
        let known = router.routes.map { ($0.path, $0.method.rawValue) }
        methods.withLock { $0 = known }
    }

    /// The methods an address answers to, sorted; empty if there is no such address.
    package func methods(at address: String) -> [String] {
        let parts = address.split(separator: "/")
        let found = methods.withLock { known in
            known.filter { Self.matches($0.path, parts) }.map(\.method)
        }
        return Set(found).sorted()
    }

    private static func matches(_ path: RouterPath, _ parts: [Substring]) -> Bool {
        var index = 0
        for element in path {
            if element == .recursiveWildcard { return true }
            guard index < parts.count, element ~= parts[index] else { return false }
            index += 1
        }
        return index == parts.count
    }
}
