/// The moments of a block's way to disk, in order; a crash test stops the process at each of them.
package enum WritePoint: String, CaseIterable, Sendable {
    case beforeBlock
    case afterLeaves
    case afterTiles
    case beforeCommit
    case afterCommit
    case beforeSnapshot
    case insideSnapshot
    case afterSnapshot
}
