import Foundation
import Hummingbird
import PageKit

/// `/openapi.json`: the description of the whole API, the node's own and the modules'.
struct DescriptionRoutes: Sendable {
    private let description: [UInt8]

    /// Puts the modules' operations into the node's own description. Throws `NodeError` if an operation is not JSON or
    /// names an address twice: a defect of the program, found at start and by tests.
    init(operations: [APIOperation]) throws {
        let own = Data(PackageResources.openapi_json)
        guard var whole = try JSONSerialization.jsonObject(with: own) as? [String: Any],
            var paths = whole["paths"] as? [String: [String: Any]]
        else { throw Self.defect("openapi.json") }
        for operation in operations {
            guard let object = try? JSONSerialization.jsonObject(with: Data(operation.json.utf8)),
                paths[operation.path]?[operation.method] == nil
            else { throw Self.defect("\(operation.method) \(operation.path)") }
            paths[operation.path, default: [:]][operation.method] = object
        }
        whole["paths"] = paths
        description = Array(
            try JSONSerialization.data(withJSONObject: whole, options: [.sortedKeys, .withoutEscapingSlashes]))
    }

    func add(to router: Router<PageRequestContext>) {
        let tag = EntityTag.weak(String(decoding: description, as: UTF8.self))
        router.get("/openapi.json") { request, _ in
            Answer.bytes(request, type: "application/json", cacheControl: CacheControl.revalidate, tag: tag) {
                description
            }
        }
    }

    private static func defect(_ subject: String) -> NodeError {
        NodeError("node.description", "the description of \(subject) is not sound", help: "correct the module")
    }
}
