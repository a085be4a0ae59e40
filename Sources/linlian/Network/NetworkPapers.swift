import Foundation

/// What `linlian network init` writes for people: the texts in `Papers/`, with this network's names and numbers in
/// the places marked `{{name}}`.
struct NetworkPapers {
    let plan: NetworkPlan

    /// A commented `parties.yaml` to start from.
    static var example: String { String(decoding: PackageResources.parties_yaml, as: UTF8.self) }

    /// Where to copy what.
    var readme: String { fill(PackageResources.README_md) }
    /// Day to day and emergencies.
    var runbook: String { fill(PackageResources.runbook_md) }
    /// Who can do what harm.
    var threatModel: String { fill(PackageResources.threat_model_md) }

    private func fill(_ paper: [UInt8]) -> String {
        values.reduce(String(decoding: paper, as: UTF8.self)) {
            $0.replacingOccurrences(of: "{{\($1.key)}}", with: $1.value)
        }
    }

    private var values: [String: String] {
        [
            "origin": plan.origin, "founder": plan.founder, "home": SystemdUnits.home,
            "members": plan.members.map(\.id).joined(separator: ", "), "count": "\(plan.members.count)",
            "majority": "\(plan.members.count / 2 + 1)",
            "ports": plan.parties.map(portsRow).joined(separator: "\n"), "lent": lent,
            "clientPorts": plan.parties.map { "\($0.id) `\(plan.endpoints(of: $0).joined(separator: ","))`" }
                .joined(separator: ", "),
            "endpoints": plan.party(plan.founder).map { plan.endpoints(of: $0).joined(separator: ",") } ?? "",
            // Fields of `/linlian/<origin>/batches/<party>` as `cut` counts them.
            "depth": "\(4 + plan.origin.split(separator: "/", omittingEmptySubsequences: false).count)",
        ]
    }

    /// A row of the table of ports.
    private func portsRow(_ party: NetworkPlan.Party) -> String {
        var open = ["\(party.peerPort) (node)"]
        if party.member { open.append("\(party.etcdPeerPort) (etcd)") }
        if plan.lendsMember(party) {
            let guests = plan.parties.filter { $0.via.contains(party.id) }.map(\.id)
            open.append("\(party.etcdClientPort) (etcd, \(guests.joined(separator: ", ")))")
        }
        return "| \(party.id) | \(party.host) | \(open.joined(separator: ", ")) | \(party.nodePort) |"
    }

    /// Which client ports are open to other machines, and to whom.
    private var lent: String {
        let guests = plan.parties.filter { !$0.member }
        guard !guests.isEmpty else {
            return "Every party of this network runs its own member: no client port is open to another machine."
        }
        return guests.map { "- \($0.id) uses the members of \($0.via.joined(separator: ", "))." }
            .joined(separator: "\n")
    }
}
