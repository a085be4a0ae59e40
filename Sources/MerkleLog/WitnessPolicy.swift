public import Primitives

/// Who must have signed a tree head (C2SP tlog-policy): accepted logs, known witnesses, and the rule which sets of
/// witnesses are enough.
///
/// Names are defined before they are used and used at most once, so the rule is a tree, and one witness counts in one
/// way only.
public struct WitnessPolicy: Hashable, Sendable {
    /// A log whose tree heads are accepted. Its key's name is the log's origin.
    public struct Log: Hashable, Sendable {
        /// The key that must have signed.
        public let key: VerifierKey
        /// Where the log is reached, if given; its meaning is the application's.
        public let url: [UInt8]?
    }

    /// A known witness.
    public struct Witness: Hashable, Sendable {
        /// Its name within the policy.
        public let name: PolicyName
        /// The key of its cosignatures.
        public let key: VerifierKey
        /// Where the witness is reached, if given.
        public let url: [UInt8]?
    }

    /// How many members of a group are enough.
    public enum Threshold: Hashable, Sendable {
        /// One of them.
        case any
        /// Every one.
        case all
        /// This many, at least 1.
        case count(Int)
    }

    /// A group of witnesses and groups.
    public struct Group: Hashable, Sendable {
        /// Its name within the policy.
        public let name: PolicyName
        /// How many members are enough.
        public let threshold: Threshold
        /// The names of its members, at least one.
        public let members: [PolicyName]
        let parties: [Party]

        var needed: Int {
            switch threshold {
            case .any: 1
            case .all: parties.count
            case .count(let count): count
            }
        }
    }

    /// A member of a group, or the quorum itself.
    enum Party: Hashable, Sendable {
        case nobody
        case witness(Int)
        case group(Int)
    }

    /// The largest numbers of logs, witnesses and groups (the specification asks for 32 at least).
    public static let maximumCount = 64
    /// The longest policy file, in bytes.
    public static let maximumByteCount = 65_536

    /// Accepted logs.
    public private(set) var logs: [Log] = []
    /// Known witnesses.
    public private(set) var witnesses: [Witness] = []
    /// Groups, each after its members.
    public private(set) var groups: [Group] = []
    private(set) var quorum: Party?
    private var members: [PolicyName] = []

    /// A policy without any rule yet: add what it needs, the quorum last.
    public init() {}

    /// The name of the quorum; nil before it is set, `none` when nobody needs to sign.
    public var quorumName: PolicyName? {
        switch quorum {
        case .nobody: PolicyName("none")
        case .witness(let index): witnesses[index].name
        case .group(let index): groups[index].name
        case nil: nil
        }
    }

    /// Accepts a log.
    public mutating func addLog(_ key: VerifierKey, url: [UInt8]? = nil) throws(PolicyError) {
        guard logs.count < Self.maximumCount else { throw .tooMany }
        guard !logs.contains(where: { $0.key.publicKey == key.publicKey }) else { throw .duplicateKey(key.name) }
        logs.append(Log(key: key, url: url))
    }

    /// Makes a witness known. Its key must be one for cosignatures (type 0x04).
    public mutating func addWitness(
        _ name: PolicyName, _ key: VerifierKey, url: [UInt8]? = nil
    ) throws(PolicyError) {
        guard witnesses.count < Self.maximumCount else { throw .tooMany }
        guard key.type == .cosignature else { throw .wrongKeyType(key.name) }
        try requireNew(name)
        guard !witnesses.contains(where: { $0.key.publicKey == key.publicKey }) else { throw .duplicateKey(key.name) }
        witnesses.append(Witness(name: name, key: key, url: url))
    }

    /// Makes a group of witnesses and groups that are known already and in no other group.
    public mutating func addGroup(
        _ name: PolicyName, _ threshold: Threshold, of members: [PolicyName]
    ) throws(PolicyError) {
        guard groups.count < Self.maximumCount else { throw .tooMany }
        try requireNew(name)
        if case .count(let count) = threshold, count < 1 || count > members.count { throw .badThreshold(name) }
        guard !members.isEmpty else { throw .badThreshold(name) }
        var parties: [Party] = []
        for member in members {
            guard let party = find(member), party != .nobody else { throw .unknownName(member) }
            guard !self.members.contains(member) else { throw .memberTwice(member) }
            self.members.append(member)
            parties.append(party)
        }
        groups.append(Group(name: name, threshold: threshold, members: members, parties: parties))
    }

    /// Sets the rule: a known witness or group, or `none`. It is set once.
    public mutating func setQuorum(_ name: PolicyName) throws(PolicyError) {
        guard quorum == nil else { throw .quorumTwice }
        guard let party = find(name) else { throw .unknownName(name) }
        quorum = party
    }

    private func requireNew(_ name: PolicyName) throws(PolicyError) {
        guard find(name) == nil else { throw .nameTwice(name) }
    }

    private func find(_ name: PolicyName) -> Party? {
        if name.isNone { return .nobody }
        if let index = witnesses.firstIndex(where: { $0.name == name }) { return .witness(index) }
        if let index = groups.firstIndex(where: { $0.name == name }) { return .group(index) }
        return nil
    }
}

/// Why a policy is refused, or a tree head under it.
public enum PolicyError: Error, Hashable, Sendable {
    /// More bytes than ``WitnessPolicy/maximumByteCount``.
    case tooLarge
    /// More logs, witnesses or groups than ``WitnessPolicy/maximumCount``.
    case tooMany
    /// This line of the file, from 1, has an unknown keyword, wrong items, or a character that may not be there.
    case malformedLine(Int)
    /// A key that cannot be read, in this line of the file.
    case badKey(line: Int, VerifierKeyError)
    /// A key of a type that cannot do this work.
    case wrongKeyType(SignerName)
    /// Two logs, or two witnesses, with the same public key.
    case duplicateKey(SignerName)
    /// A name that is defined already, or is `none`.
    case nameTwice(PolicyName)
    /// A name that is not defined above its use.
    case unknownName(PolicyName)
    /// A name that is a member of a group already.
    case memberTwice(PolicyName)
    /// A threshold below 1 or above the number of members, or no members.
    case badThreshold(PolicyName)
    /// A second quorum line.
    case quorumTwice
    /// No quorum line.
    case noQuorum
    /// No accepted log has this origin.
    case unknownOrigin(UTF8Text)
    /// The log's own signature is missing; these keys would do.
    case logSignatureMissing([SignerName])
    /// A signature in a known key's name is not valid.
    case invalidSignature(SignerName)
    /// The quorum is not reached; these witnesses have not signed.
    case quorumMissing([PolicyName])

    /// A stable name for the error.
    public var code: String {
        switch self {
        case .tooLarge: "policy.too-large"
        case .tooMany: "policy.too-many"
        case .malformedLine: "policy.line"
        case .badKey: "policy.key"
        case .wrongKeyType: "policy.key-type"
        case .duplicateKey: "policy.duplicate-key"
        case .nameTwice: "policy.duplicate-name"
        case .unknownName: "policy.unknown-name"
        case .memberTwice: "policy.member-twice"
        case .badThreshold: "policy.threshold"
        case .quorumTwice: "policy.quorum-twice"
        case .noQuorum: "policy.no-quorum"
        case .unknownOrigin: "signature.origin"
        case .logSignatureMissing: "signature.log-missing"
        case .invalidSignature: "signature.invalid"
        case .quorumMissing: "signature.quorum-missing"
        }
    }
}
