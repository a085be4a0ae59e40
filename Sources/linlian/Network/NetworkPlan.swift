import Foundation
import NodeRuntime

/// Where the parties of a ledger run what: the part of `parties.yaml` that the genesis file does not know.
struct NetworkPlan {
    /// One party and its machine.
    struct Party {
        var id: String
        /// Whether its node only watches.
        var observes = false
        /// Verifier key of a cosigner key that the party made itself.
        var cosigner: String?
        /// Name or address of its machine, as the other machines know it.
        var host = NetworkPlan.thisMachine
        /// Port of the node's pages, on the machine itself.
        var nodePort = 0
        /// Port where the node answers other nodes.
        var peerPort = 0
        /// Port where its etcd member answers nodes.
        var etcdClientPort = 0
        /// Port where its etcd member answers other members.
        var etcdPeerPort = 0
        /// Whether it runs an etcd member.
        var member = true
        /// Without an own member: the parties whose members its node uses.
        var via: [String] = []
    }

    /// The ledger's name in the world.
    let origin: String
    /// The party that founds the ledger and administrates etcd's users.
    let founder: String
    /// The parties, in the file's order.
    let parties: [Party]
    /// Witnesses that every node asks to cosign.
    let witnesses: [NetworkFile.Witness]

    static let thisMachine = "127.0.0.1"

    /// The parties that run an etcd member.
    var members: [Party] { parties.filter(\.member) }

    /// The party called `id`.
    func party(_ id: String) -> Party? { parties.first { $0.id == id } }

    /// Whether another party's node uses this party's member, so that its client port must be reached from outside.
    func lendsMember(_ party: Party) -> Bool { parties.contains { $0.via.contains(party.id) } }

    /// `host:port` of the client ports that a party's node uses, its own member's first.
    func endpoints(of party: Party) -> [String] {
        if party.member { return [NetworkAddress.joined(NetworkPlan.thisMachine, party.etcdClientPort)] }
        return party.via.compactMap { self.party($0) }.map { NetworkAddress.joined($0.host, $0.etcdClientPort) }
    }

    /// Reads the plan from the text of `parties.yaml`; `source` is named in refusals. `origin` outdoes the file's.
    init(yaml: String, from source: String, origin given: String?) throws {
        let file = try PlanReader(yaml: yaml, source: source)
        let top = try file.fields(
            of: file.root, path: "",
            known: ["origin", "name", "founder", "parties", "staff", "parameters", "groups", "witnesses"])
        guard let origin = try given ?? top.text("origin") else {
            throw Complaint("\(source): origin is missing: the ledger's name, such as example.org/happy-lane")
        }
        self.origin = origin
        founder = try top.required("founder")
        witnesses = try NetworkPlan.readWitnesses(file, top)
        var parties: [Party] = []
        var neighbours: [String: Int] = [:]
        let listed = try top.list("parties")
        for (index, node) in listed.enumerated() {
            let fields = try file.fields(
                of: node, path: "parties[\(index)]",
                known: [
                    "id", "name", "kind", "cosigner", "node", "observes", "host", "node-port", "peer-port",
                    "etcd-client-port", "etcd-peer-port", "member", "via",
                ])
            parties.append(try NetworkPlan.read(fields, among: parties, &neighbours))
        }
        self.parties = parties
        guard parties.count > 1 else {
            throw file.refusal(
                file.root, "parties", "a network has at least two; a ledger of one party is made by `linlian init`")
        }
        var taken: [String: String] = [:]
        for (index, party) in parties.enumerated() {
            let fields = try file.fields(of: listed[index], path: "parties[\(index)]")
            try check(party, fields)
            let machine = NetworkAddress.isLoopback(party.host) ? NetworkPlan.thisMachine : party.host
            for (name, port) in party.ports {
                let owner = taken.updateValue("\(name) of \(party.id)", forKey: NetworkAddress.joined(machine, port))
                if let owner { throw fields.refusal(name, "\(port) is the \(owner) already") }
            }
        }
        guard !members.isEmpty else {
            throw file.refusal(file.root, "parties", "no party has an etcd member: leave `member: false` out somewhere")
        }
    }

    private static func read(
        _ fields: PlanFields, among known: [Party], _ neighbours: inout [String: Int]
    ) throws -> Party {
        var party = Party(id: try fields.required("id"))
        guard isPartyName(party.id) else {
            throw fields.refusal("id", "use 1 to 48 letters, digits, - and _; the first a letter or digit")
        }
        guard !["root", "authority", "policy"].contains(party.id.lowercased()) else {
            throw fields.refusal("id", "\(party.id) is a name that the network needs itself")
        }
        guard !known.contains(where: { $0.id.lowercased() == party.id.lowercased() }) else {
            throw fields.refusal("id", "\(party.id) stands there twice")
        }
        party.observes = try fields.flag("observes") ?? false
        party.cosigner = try fields.text("cosigner")
        party.host = try fields.text("host") ?? thisMachine
        guard NetworkAddress.isHost(party.host) else {
            throw fields.refusal("host", "\(party.host) is neither an address nor a machine's name")
        }
        // Parties on one machine stand side by side.
        let place = neighbours[party.host] ?? 0
        neighbours[party.host] = place + 1
        party.nodePort = try fields.port("node-port") ?? 8_080 + place
        party.peerPort = try fields.port("peer-port") ?? 8_440 + place
        party.etcdClientPort = try fields.port("etcd-client-port") ?? 23_790 + place
        party.etcdPeerPort = try fields.port("etcd-peer-port") ?? 23_890 + place
        party.member = try fields.flag("member") ?? true
        party.via = try fields.texts("via") ?? []
        return party
    }

    private func check(_ party: Party, _ fields: PlanFields) throws {
        guard party.id != founder || party.cosigner == nil && !party.observes else {
            let field = party.cosigner == nil ? "observes" : "cosigner"
            throw fields.refusal(field, "the founder signs block 0 with a key made here: name another founder")
        }
        if party.member {
            guard party.via.isEmpty else {
                throw fields.refusal("via", "is for a party without its own member: add `member: false`, or drop it")
            }
        } else {
            guard !party.via.isEmpty else {
                throw fields.refusal("via", "is missing: name the parties whose members its node may use")
            }
            for name in party.via where self.party(name)?.member != true {
                throw fields.refusal("via", "\(name) is no party with a member")
            }
        }
        let isHere = NetworkAddress.isLoopback(party.host)
        if let other = parties.first(where: { NetworkAddress.isLoopback($0.host) != isHere }) {
            throw fields.refusal(
                "host",
                "\(party.host) and \(other.host) of \(other.id) cannot reach each other: 127.0.0.1 is for a "
                    + "network on one machine")
        }
    }

    private static func isPartyName(_ text: String) -> Bool {
        guard (1...48).contains(text.utf8.count), let first = text.utf8.first else { return false }
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return isAlphanumeric(first) && text.utf8.allSatisfy { isAlphanumeric($0) || "-_".utf8.contains($0) }
    }
}

extension NetworkPlan.Party {
    /// The ports that it takes, with the fields that set them.
    var ports: [(name: String, port: Int)] {
        let etcd = [("etcd-client-port", etcdClientPort), ("etcd-peer-port", etcdPeerPort)]
        return [("node-port", nodePort), ("peer-port", peerPort)] + (member ? etcd : [])
    }
}
