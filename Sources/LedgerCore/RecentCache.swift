package import Primitives
import Synchronization

/// Values by digest that were used lately, bounded: two generations, of which the older is dropped when the younger is
/// full. Cheaper than a list in order of use, and as good where the same few thousand people act again and again.
package final class RecentCache<Value: Sendable>: Sendable {
    private struct Generations {
        var young: [Digest: Value] = [:]
        var old: [Digest: Value] = [:]
    }

    private let capacity: Int
    private let generations = Mutex(Generations())

    /// A cache of at most twice `capacity` values.
    package init(capacity: Int) { self.capacity = capacity }

    /// The value kept for `digest`, or nil.
    package func find(_ digest: Digest) -> Value? {
        generations.withLock { generations in
            if let value = generations.young[digest] { return value }
            guard let value = generations.old[digest] else { return nil }
            keep(digest, value, &generations)
            return value
        }
    }

    /// Keeps a value.
    package func keep(_ digest: Digest, _ value: Value) {
        generations.withLock { keep(digest, value, &$0) }
    }

    private func keep(_ digest: Digest, _ value: Value, _ generations: inout Generations) {
        if generations.young.count >= capacity {
            generations.old = generations.young
            generations.young = Dictionary(minimumCapacity: capacity)
        }
        generations.young[digest] = value
    }
}
