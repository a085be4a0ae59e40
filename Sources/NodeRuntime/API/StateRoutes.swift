import Hummingbird
import LedgerCore
import MerkleLog
import PageKit
import Primitives

/// The state at one key, with everything that proves it offline: sparse Merkle path, seal, and the seal's receipt.
struct StateRoutes: Sendable {
    private static let prefix = "/api/v1/state/"
    /// Longest key in bytes.
    private static let longestKey = 512

    let node: Node
    let receipts: Receipts

    func add(to router: Router<PageRequestContext>) {
        router.get("/api/v1/state/**") { request, _ in try await state(request) }
    }

    private func state(_ request: Request) async throws -> Response {
        let path = request.uri.path
        guard path.hasPrefix(StateRoutes.prefix), let key = RequestReading.rest(of: path, after: StateRoutes.prefix),
            (1...StateRoutes.longestKey).contains(key.count), UTF8Text.isWellFormed(key)
        else { throw Problem(.badRequest, code: "query.stateKey", field: "key") }
        let answer: StateAnswer?
        do {
            answer = try await node.prove(key)
        } catch {
            throw ReasonStatus.problem(node: error)
        }
        guard let answer,
            let receipt = try await node.reading(
                from: answer.seal.index,
                { try receipts.receipt(ofLeaf: answer.seal.index, checkpoint: answer.checkpoint) })
        else { throw Problem(.notFound, code: "ledger.empty") }
        return Answer.object { fields in
            fields.field("key", String(decoding: key, as: UTF8.self))
            fields.field("proof", Base64.standard.encode(answer.proof.encoded()))
            fields.field("receipt", String(decoding: receipt.bytes, as: UTF8.self))
            fields.field("seal", String(decoding: answer.seal.bytes, as: UTF8.self))
            if let value = answer.value {
                fields.field("value", String(decoding: value, as: UTF8.self))
            } else {
                fields.field("value", canonical: "null".utf8)
            }
        }
    }
}
