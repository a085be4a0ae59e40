/// A batch at its place in the order that every node sees.
package struct OrderedBatch: Sendable {
    /// The engine's position: strictly increasing, recorded in the seal.
    package let position: UInt64
    /// The batch.
    package let batch: Batch
    /// What was signed, of a batch that has travelled; nil inside one process.
    package let received: ReceivedBatch?
    /// What the engine calls it; empty inside one process.
    package let name: String

    /// Places a batch.
    package init(position: UInt64, batch: Batch, received: ReceivedBatch? = nil, name: String = "") {
        self.name = name
        self.position = position
        self.batch = batch
        self.received = received
    }
}

/// What a node tells the others beside its batches; only the latest of each kind counts.
package struct Statement: Sendable, Hashable {
    /// What it is about.
    package enum Kind: String, Sendable, CaseIterable {
        /// The sizes and roots that the node has reached.
        case seen
        /// The newest checkpoint that the party has cosigned.
        case cosigned
        /// How the node is.
        case status
    }

    /// Which kind.
    package let kind: Kind
    /// The party in whose place it stood; whether that party made it is for its signature to say.
    package let party: String
    /// The signed text.
    package let text: [UInt8]

    /// A statement.
    package init(kind: Kind, party: String, text: [UInt8]) {
        self.kind = kind
        self.party = party
        self.text = text
    }

    /// Most bytes of a statement's text.
    package static let largestText = 65_536
}

/// Something that an engine should never show: it is counted, and told to the people who watch.
package struct Misbehaviour: Sendable, Hashable {
    /// What happened.
    package enum Kind: String, Sendable, CaseIterable {
        /// A text that is no batch of this ledger, or is not the one its place is named after.
        case malformedBatch
        /// A batch under a name of which the ledger knows no party that may order, or with a wrong signature.
        case unknownParty
        /// A batch was written over.
        case overwritten
        /// A batch was deleted before it was final.
        case deleted
        /// The engine's history ends before the ledger's: it was set up anew or put back from an old copy.
        case rewound
        /// The order was begun anew after something that is not this ledger.
        case otherStart
        /// The engine's history was cut off before this node had read it.
        case compacted
        /// The engine's space alarm was raised.
        case alarm
        /// A statement that its party did not sign.
        case forgedStatement
        /// Transactions in a batch that may not stand on the ledger.
        case badTransactions
        /// A party has signed two histories; the evidence is a text that anybody can check.
        case equivocation
    }

    /// What happened.
    package let kind: Kind
    /// In whose place; empty where nobody's.
    package let party: String
    /// The engine's position; 0 where there is none.
    package let position: UInt64
    /// The text that shows it, where there is one.
    package let evidence: [UInt8]

    /// Describes a fault.
    package init(_ kind: Kind, party: String, position: UInt64, evidence: [UInt8] = []) {
        self.kind = kind
        self.party = party
        self.position = position
        self.evidence = evidence
    }
}

/// What an engine gives a node, in the order that every node sees.
package enum OrderingEvent: Sendable {
    /// A batch has its place.
    case batch(OrderedBatch)
    /// A party says something.
    case statement(Statement)
    /// Batches after the position that was asked for can no longer be read here: they must come from the other nodes.
    case missing
    /// People have begun the order anew after this point: the node must come to it, and then follow under this name.
    case begunAnew(OrderStart, name: OrderName)
    /// Something that should not be.
    case misbehaviour(Misbehaviour)
    /// Whether the engine is reached.
    case reached(Bool)
}

/// Refusal of an engine that is shut down.
package struct EngineStopped: Error {
    /// Makes the refusal.
    package init() {}
}

/// Gives every node the same sequence of batches (`ledger.md`, Ordering). Nothing above knows which engine it is.
package protocol OrderingEngine: Sendable {
    /// Puts a batch up; returns once it has its place. Tries again until then, so a batch is put up once. Throws
    /// `EngineStopped` after `shutDown`, and then the batch may have its place or not.
    func submit(_ batch: Batch) async throws

    /// Tells the other nodes, of each kind one statement, at once. Throws where the engine is not reached; the next statement
    /// of a kind replaces the one before anyway.
    func publish(_ statements: [Statement]) async throws

    /// Calls `handle` with the batches after `position` of `order` and with statements, one after another, until the engine
    /// is shut down or `handle` throws. The node knows the order up to `known`: an engine that ends before it was put back from
    /// an old copy, and gives nothing, and takes nothing. Waits for `handle`, so a slow node is not flooded. After a lost connection the newest
    /// statements are given again, and batches may be, in their order: pass over those that are not after the last one.
    /// After `missing` it returns: the node catches up from the others and follows again, `acceptingGap` then, from where it
    /// has come to. After `begunAnew` it returns, too.
    func follow(
        after position: UInt64, knowing known: UInt64, of order: OrderName, acceptingGap: Bool,
        _ handle: @Sendable (OrderingEvent) async throws -> Void
    ) async throws

    /// Batches of this node up to `position` are final everywhere that matters: the engine may forget them.
    func forget(upTo position: UInt64) async

    /// Ends `follow`; later submissions are refused.
    func shutDown() async
}

extension OrderingEngine {
    /// Tells the other nodes one thing.
    package func publish(_ statement: Statement) async throws { try await publish([statement]) }
}
