import ConstitutionContract
import ContractKit
import Foundation
import LedgerCore
import MerkleLog
import NodeRuntime
import Primitives

/// Creates a node's folder, its keys and block 0.
enum Founding {
    /// Founds the ledger `origin` in `directory`, with one node or with many.
    ///
    /// Other parties take part in confirming the ledger when `genesis` has their cosigner keys; the founder's own is
    /// always the one of its folder. Keys of nodes that are in the folder already are kept.
    static func found(
        _ directory: NodeDirectory, origin: String, genesis: GenesisFile,
        clock: @escaping @Sendable () -> Instant = { SystemClock.now }
    ) async throws {
        guard isOrigin(origin) else {
            throw Complaint(
                "--origin: use a name like example.org/happy-lane (letters, digits, . - / _), not \(origin)")
        }
        try directory.create(NodeDirectory.Identity(origin: origin, party: genesis.founder))
        let signer = try directory.signer()
        var staff: [StaffDescription] = []
        var founder: SigningKey?
        var count: [String: Int] = [:]
        for member in genesis.staff {
            let number = (count[member.party] ?? 0) + 1
            count[member.party] = number
            let key: PublicKey
            if let text = member.key {
                key = try publicKey(text, of: member.party)
            } else {
                let made = SigningKey(generating: .es256)
                try directory.write(made, as: number == 1 ? member.party : "\(member.party)-\(number)")
                key = try made.publicKey
                if member.party == genesis.founder, founder == nil { founder = made }
            }
            staff.append(
                StaffDescription(party: member.party, title: member.title, roles: member.roles.sorted(), key: key))
        }
        guard let founder else {
            throw Complaint("staff: a member of \(genesis.founder) without `key` is needed: it signs the founding here")
        }
        let command = FoundConstitution(
            name: genesis.name, logKey: signer.logVerifier.text, founder: try founder.publicKey,
            parties: try parties(genesis, signer), staff: staff, parameters: parameters(genesis),
            groups: groups(genesis))
        let policy = try await LocalNode.run(directory, clock: clock) { node in
            try await Signatory(node: node, key: founder, capacity: .guest).act(command)
            return try node.policy()
        }
        try Data(policy).write(to: URL(fileURLWithPath: directory.policyFile), options: .atomic)
    }

    private static func isOrigin(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || ".-/_".utf8.contains(byte)
            }
    }

    private static func parties(_ genesis: GenesisFile, _ signer: NodeSigner) throws -> [PartyDescription] {
        try genesis.parties.map { party in
            guard let kind = PartyKind(rawValue: party.kind) else {
                throw Complaint("parties: \(party.id): kind: \(party.kind) is not a kind of party")
            }
            let own = party.id == genesis.founder
            return PartyDescription(
                id: party.id, name: party.name, kind: kind,
                cosigner: own ? signer.cosignerVerifier.text : party.cosigner,
                node: own || party.cosigner != nil ? party.node ?? party.id : party.node,
                observes: party.observes ?? false)
        }
    }

    /// The groups in the order of their names, which is the same for every reader of the file.
    private static func groups(_ genesis: GenesisFile) -> [NetworkRow.Group] {
        (genesis.groups ?? [:]).sorted { $0.key < $1.key }.map { name, group in
            NetworkRow.Group(name: name, needed: group.needed, members: group.members)
        }
    }

    /// Every parameter that a module declares, with the genesis file's value where it gives one.
    private static func parameters(_ genesis: GenesisFile) -> [ParameterSetting] {
        var given = genesis.parameters ?? [:]
        var settings: [ParameterSetting] = []
        for contract in LocalNode.catalog.contracts {
            for definition in contract.parameters {
                let own = given.removeValue(forKey: definition.name)
                settings.append(
                    ParameterSetting(
                        name: definition.name, value: own?.value ?? definition.default,
                        source: own?.source ?? (own == nil ? definition.source : "genesis")))
            }
        }
        // Names that no module declares are passed on, so that the founding is refused and says so.
        for (name, parameter) in given.sorted(by: { $0.key < $1.key }) {
            settings.append(ParameterSetting(name: name, value: parameter.value, source: parameter.source ?? "genesis"))
        }
        return settings
    }

    private static func publicKey(_ text: String, of party: String) throws -> PublicKey {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let algorithm = SignatureAlgorithm(rawValue: String(parts[0])),
            let bytes = Base64.url.decode(String(parts[1])), let key = try? PublicKey(algorithm, bytes)
        else { throw Complaint("staff: \(party): key: write `ES256 <base64url of the 65-byte point>`") }
        return key
    }
}
