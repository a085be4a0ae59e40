import LedgerCore
import MerkleLog
import NodeRuntime

extension NetworkPlan {
    /// The `witnesses:` of a plan: a list of name, url and key; none where it is absent.
    static func readWitnesses(_ file: PlanReader, _ top: PlanFields) throws -> [NetworkFile.Witness] {
        guard top.found["witnesses"] != nil else { return [] }
        var witnesses: [NetworkFile.Witness] = []
        for (index, node) in try top.list("witnesses").enumerated() {
            let fields = try file.fields(of: node, path: "witnesses[\(index)]", known: ["name", "url", "key"])
            let name = try fields.required("name")
            guard PolicyName(name) != nil, !witnesses.contains(where: { $0.name == name })
            else { throw fields.refusal("name", "must be one word that no other witness has") }
            let url = try fields.required("url")
            guard url.hasPrefix("https://") || url.hasPrefix("http://")
            else { throw fields.refusal("url", "must begin with https:// or http://") }
            let key = try fields.required("key")
            guard let parsed = try? VerifierKey(parsing: Array(key.utf8), using: CryptoSHA256.self),
                parsed.type == .cosignature
            else { throw fields.refusal("key", "is no verifier key of a witness (C2SP tlog-cosignature, type 0x04)") }
            witnesses.append(NetworkFile.Witness(name: name, key: key, url: url))
        }
        return witnesses
    }
}
