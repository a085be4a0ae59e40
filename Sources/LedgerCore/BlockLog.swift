package import Primitives

/// Where blocks are kept: on disk in a node, in memory in a simulation.
package protocol BlockLog: Sendable {
    /// Writes a block, all or nothing. A block that is not final yet has the unsigned text of its checkpoint.
    func append(_ block: ExecutedBlock, checkpoint: [UInt8], isFinal: Bool) throws
    /// Writes blocks that follow one another, all or nothing; each with the unsigned text of its checkpoint. They are final by
    /// `head`, which is the last one's cosigned checkpoint, or not final yet without it.
    func append(_ run: [(block: ExecutedBlock, checkpoint: [UInt8])], finalBy head: [UInt8]?) throws
    /// The log is final up to and including the block at `height`, by this cosigned checkpoint.
    func finalize(height: UInt64, checkpoint: [UInt8]) throws
    /// Takes the blocks above `height` back, down to a log of `size` leaves; they are not final.
    func rollBack(above height: UInt64, size: UInt64) throws
    /// Records durably that this party signs the log of `size` leaves with this root: before the signature is made.
    func recordSigned(size: UInt64, root: Digest) throws
}
