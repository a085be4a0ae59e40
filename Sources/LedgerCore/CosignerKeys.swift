import MerkleLog
import Synchronization

/// What a party's node can sign with: one signer for each cosigner key that it has. There are two while the constitution
/// changes the key; which of them signs is for the ledger to say.
package final class CosignerKeys: Sendable {
    private struct Storage {
        var present: NodeSigner
        var byKey: [String: NodeSigner]
    }

    private let storage: Mutex<Storage>

    /// The keys of a node; `next` is the one that is not in force yet.
    package init(_ present: NodeSigner, next: NodeSigner? = nil) {
        storage = Mutex(CosignerKeys.stored(present, next))
    }

    private static func stored(_ present: NodeSigner, _ next: NodeSigner?) -> Storage {
        var byKey = [present.cosignerVerifier.text: present]
        if let next { byKey[next.cosignerVerifier.text] = next }
        return Storage(present: present, byKey: byKey)
    }

    /// The signer with the key that was in force last, as far as the node's files tell.
    package var present: NodeSigner { storage.withLock { $0.present } }

    /// The keys as verifier keys.
    package var names: Set<String> { storage.withLock { Set($0.byKey.keys) } }

    /// The signer whose cosignatures `verifier` checks; nil if the node does not have that key.
    package func signer(_ verifier: String) -> NodeSigner? { storage.withLock { $0.byKey[verifier] } }

    /// The node's files hold other keys now.
    package func replace(_ present: NodeSigner, next: NodeSigner?) {
        storage.withLock { $0 = CosignerKeys.stored(present, next) }
    }
}
