import ContractKit
import Crypto
import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives
import Storage
import X509

/// Writes a network's folder: keys, block 0, certificates, configurations and papers.
struct NetworkFounding {
    let plan: NetworkPlan
    let genesis: GenesisFile
    /// The text of `parties.yaml`.
    let yaml: String
    /// How long certificates last, in days.
    let days: Int
    /// Told what is done next.
    let progress: (String) -> Void

    /// Writes everything to `path`, which must not exist, or nothing.
    func write(to path: String) async throws {
        // Nothing may be readable by others, whatever the user's settings are.
        umask(0o077)
        guard !FileManager.default.fileExists(atPath: path) else {
            throw Complaint("--out: \(path) exists already; nothing was changed. Choose a new folder")
        }
        let draft = path + ".unfinished-\(getpid())"
        do {
            let folder = NetworkFolder(draft)
            try folder.create("")
            try await write(folder)
            guard rename(draft, path) == 0 else { throw Complaint("--out: \(path) cannot be made") }
        } catch {
            try? FileManager.default.removeItem(atPath: draft)
            throw error
        }
    }

    private func write(_ folder: NetworkFolder) async throws {
        progress("certificates")
        try writeCertificates(folder)
        progress("keys and block 0")
        try await writeLedger(folder)
        progress("configurations and papers")
        let etcd = EtcdConfiguration(plan: plan)
        for party in plan.parties {
            try folder.node(party.id).write(networkFile(of: party))
            try folder.create("\(party.id)/systemd")
            let units = SystemdUnits(party: party)
            try folder.write(units.node, to: "\(party.id)/systemd/linlian-node.service")
            guard party.member else { continue }
            try folder.write(units.etcd, to: "\(party.id)/systemd/linlian-etcd.service")
            try folder.write(etcd.member(party), to: "\(party.id)/etcd/etcd.conf.yml")
        }
        try folder.write(etcd.roles(), to: "\(plan.founder)/administration/roles.sh", mode: 0o700)
        try folder.write(yamlWithOrigin, to: "parties.yaml")
        let papers = NetworkPapers(plan: plan)
        try folder.write(papers.readme, to: "README.md")
        try folder.write(papers.runbook, to: "runbook.md")
        try folder.write(papers.threatModel, to: "threat-model.md")
    }

    /// The plan as it was given, with the origin of the command line.
    private var yamlWithOrigin: String {
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
        let isGiven = lines.contains { $0.hasPrefix("origin:") }
        let own = lines.map { $0.hasPrefix("origin:") ? "origin: \(plan.origin)" : String($0) }
        return (isGiven ? own : ["origin: \(plan.origin)"] + own).joined(separator: "\n")
    }

    // MARK: certificates

    private func writeCertificates(_ folder: NetworkFolder) throws {
        let clients = try CertificateAuthority(name: "Linlian \(shortOrigin) nodes")
        // etcd 3.4 cannot tell by name who may join its members, so they have an authority of their own.
        let members = try CertificateAuthority(name: "Linlian \(shortOrigin) etcd members")
        try folder.create("authority")
        try folder.write(clients.identity, to: "authority/ca")
        try folder.write(members.identity, to: "authority/members")
        let trusted = try clients.identity.certificatePEM()
        for party in plan.parties {
            let tls = "\(party.id)/node/tls"
            try folder.create(tls)
            try folder.write(trusted, to: "\(tls)/ca.pem")
            try folder.write(
                clients.issue(CertificateRequest(party.id, [.clientAuth]), days: days), to: "\(tls)/etcd")
            try folder.write(
                clients.issue(
                    CertificateRequest(party.id, [.serverAuth, .clientAuth], hosts: [party.host]), days: days),
                to: "\(tls)/node")
            guard party.member else { continue }
            let etcd = "\(party.id)/etcd/tls"
            try folder.create(etcd)
            try folder.write(trusted, to: "\(etcd)/ca.pem")
            try folder.write(members.identity.certificatePEM(), to: "\(etcd)/members.pem")
            try folder.write(
                members.issue(
                    CertificateRequest("etcd member \(party.id)", [.serverAuth, .clientAuth], hosts: [party.host]),
                    days: days), to: "\(etcd)/peer")
            let own = ["localhost", NetworkPlan.thisMachine]
            try folder.write(
                clients.issue(
                    CertificateRequest(
                        "etcd of \(party.id)", [.serverAuth], hosts: own + [party.host].filter { !own.contains($0) }),
                    days: days), to: "\(etcd)/server")
        }
        let administration = "\(plan.founder)/administration"
        try folder.create(administration)
        try folder.write(trusted, to: "\(administration)/ca.pem")
        try folder.write(
            clients.issue(CertificateRequest("root", [.clientAuth]), days: days), to: "\(administration)/root")
    }

    /// Common names are at most 64 characters (RFC 5280, ub-common-name).
    private var shortOrigin: String { String(plan.origin.suffix(36)) }

    // MARK: the ledger

    private func writeLedger(_ folder: NetworkFolder) async throws {
        let logKey = SigningKey(generating: .edDSA)
        var genesis = genesis
        var keys: [String: SigningKey] = [:]
        var cosigners: [NodeSigner] = []
        for (index, party) in genesis.parties.enumerated() where party.id != plan.founder && party.cosigner == nil {
            let key = SigningKey(generating: .edDSA)
            let signer = try signer(of: party.id, log: logKey, key)
            keys[party.id] = key
            cosigners.append(signer)
            genesis.parties[index].cosigner = signer.cosignerVerifier.text
        }
        let founder = folder.node(plan.founder)
        // One log key for all nodes, so that their checkpoints are the same bytes; what is final rests on the cosigners'.
        try folder.create("\(plan.founder)/node/keys")
        try founder.write(logKey, as: "log")
        try await Founding.found(founder, origin: plan.origin, genesis: genesis)
        let store = try LedgerStore(path: founder.ledgerFile)
        defer { try? store.close() }
        try cosignBlock0(in: store, cosigners)
        for party in plan.parties where party.id != plan.founder {
            let node = folder.node(party.id)
            try node.create(NodeDirectory.Identity(origin: plan.origin, party: party.id))
            try node.write(logKey, as: "log")
            if let key = keys[party.id] { try node.write(key, as: "cosigner") }
            try store.backup(to: node.ledgerFile)
            try FileManager.default.copyItem(atPath: founder.policyFile, toPath: node.policyFile)
        }
        try FileManager.default.copyItem(atPath: founder.policyFile, toPath: folder.file("policy"))
        try moveStaffKeys(folder)
    }

    /// Block 0 is what all parties start from: every one whose key is made here cosigns it.
    private func cosignBlock0(in store: LedgerStore, _ cosigners: [NodeSigner]) throws {
        guard let block = try store.lastBlock() else { throw Complaint("block 0 was not written") }
        var checkpoint = try SignedCheckpoint(parsing: block.checkpoint)
        for signer in cosigners { checkpoint.add(try signer.cosign(checkpoint, at: block.time)) }
        try store.finalize(height: 0, checkpoint: checkpoint.bytes)
        try store.recordSigned(size: checkpoint.checkpoint.size, root: checkpoint.checkpoint.root)
    }

    /// Every party's staff keys go to its own node's folder; the founding made them in the founder's.
    private func moveStaffKeys(_ folder: NetworkFolder) throws {
        var count: [String: Int] = [:]
        for member in genesis.staff {
            let number = (count[member.party] ?? 0) + 1
            count[member.party] = number
            guard member.key == nil, member.party != plan.founder else { continue }
            let name = "keys/" + (number == 1 ? member.party : "\(member.party)-\(number)") + ".key"
            try FileManager.default.moveItem(
                atPath: folder.node(plan.founder).file(name), toPath: folder.node(member.party).file(name))
        }
    }

    private func signer(of party: String, log: SigningKey, _ own: SigningKey) throws -> NodeSigner {
        guard case .edDSA(let log) = log, case .edDSA(let own) = own,
            let signer = NodeSigner(origin: plan.origin, party: party, logKey: log, cosignerKey: own)
        else { throw Complaint("parties: \(party) cannot name a key") }
        return signer
    }

    private func networkFile(of party: NetworkPlan.Party) -> NetworkFile {
        func identity(_ name: String) -> NetworkFile.Identity {
            NetworkFile.Identity(authority: "tls/ca.pem", certificate: "tls/\(name).pem", key: "tls/\(name).key")
        }
        return NetworkFile(
            etcd: NetworkFile.Etcd(endpoints: plan.endpoints(of: party), identity: identity("etcd")),
            listener: NetworkFile.Listener(
                host: NetworkAddress.listening(party.host), port: party.peerPort, identity: identity("node")),
            peers: plan.parties.filter { $0.id != party.id }.map { other in
                NetworkFile.Peer(
                    party: other.id, address: "https://" + NetworkAddress.joined(other.host, other.peerPort))
            }, witnesses: plan.witnesses,
            certificates: party.member ? ["../etcd/tls/peer.pem", "../etcd/tls/server.pem"] : nil)
    }
}
