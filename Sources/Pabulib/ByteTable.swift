/// Byte strings numbered in the order they were added, kept in one flat buffer. Millions of voter identifiers cost
/// their bytes and twelve to twenty more each.
///
/// Its hash is seeded per process, so chosen identifiers cannot slow it down; no result depends on the hash's order.
struct ByteTable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    /// Open addressing: number + 1 of the string in the slot, 0 when free.
    private var slots = [UInt32](repeating: 0, count: 64)

    /// How many strings there are.
    var count: Int { ends.count }

    /// The number of a string, or `nil`.
    func index(of key: UnsafeRawBufferPointer) -> Int? {
        let slot = self.slot(of: key)
        return slots[slot] == 0 ? nil : Int(slots[slot]) - 1
    }

    /// Adds a string; `false` when it is there already.
    mutating func insert(_ key: UnsafeRawBufferPointer) -> Bool {
        if (ends.count + 1) * 2 > slots.count { grow() }
        let slot = self.slot(of: key)
        if slots[slot] != 0 { return false }
        bytes.append(contentsOf: key)
        ends.append(bytes.count)
        slots[slot] = UInt32(truncatingIfNeeded: ends.count)
        return true
    }

    private func slot(of key: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: key)
        let mask = slots.count - 1
        var slot = hasher.finalize() & mask
        while slots[slot] != 0, !equals(Int(slots[slot]) - 1, key) { slot = (slot + 1) & mask }
        return slot
    }

    private func equals(_ index: Int, _ key: UnsafeRawBufferPointer) -> Bool {
        let start = index == 0 ? 0 : ends[index - 1]
        let length = ends[index] - start
        guard length == key.count else { return false }
        return bytes.withUnsafeBytes { all in
            all[start..<start + length].elementsEqual(key)
        }
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt32](repeating: 0, count: old.count * 2)
        let mask = slots.count - 1
        bytes.withUnsafeBytes { all in
            for entry in old where entry != 0 {
                let index = Int(entry) - 1
                let start = index == 0 ? 0 : ends[index - 1]
                var hasher = Hasher()
                hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: all[start..<ends[index]]))
                var slot = hasher.finalize() & mask
                while slots[slot] != 0 { slot = (slot + 1) & mask }
                slots[slot] = entry
            }
        }
    }
}
