package import LedgerCore
package import MerkleLog

/// What the state holds at one key, and everything that proves it. All parts belong to one block.
package struct StateAnswer: Sendable {
    /// The state key, `module/table/id`.
    package let key: [UInt8]
    /// The value's canonical JSON; nil where nothing is recorded.
    package let value: [UInt8]?
    /// Presence or absence under the seal's state root.
    package let proof: SparseProof
    /// The last block's seal, which names the state root.
    package let seal: Seal
    /// The signed checkpoint after that block.
    package let checkpoint: [UInt8]
}
