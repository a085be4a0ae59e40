import Primitives

/// The shape of a sparse tree, without its hashing: a critbit tree whose nodes and leaves lie in two arrays and refer
/// to each other by index, so that a key costs 112 bytes and a copy is two memory copies.
///
/// Invariants: a node's `bit` is larger than its parent's; all keys below a node agree in every bit before `bit`; a
/// dirty node's ancestors are dirty.
struct SparseNodes: Sendable {
    /// An inner node: the place where the keys below it first differ.
    struct Node: Sendable {
        var left: Reference
        var right: Reference
        /// Some leaf below, to read the bits that all keys below share.
        var sample: UInt32
        /// Keys with a 0 here are on the left.
        var bit: UInt8
        /// Whether `hash` is out of date.
        var dirty: Bool
        /// The hash of this subtree as its parent sees it, one level below the parent's bit.
        var hash: Digest
    }

    struct Leaf: Sendable {
        var key: Digest
        var value: Digest
    }

    /// A node's or, with the top bit set, a leaf's index.
    struct Reference: Hashable, Sendable {
        var raw: UInt32

        static var none: Reference { Reference(raw: .max) }
        static func node(_ index: UInt32) -> Reference { Reference(raw: index) }
        static func leaf(_ index: UInt32) -> Reference { Reference(raw: index | 0x8000_0000) }

        var isLeaf: Bool { raw & 0x8000_0000 != 0 }
        var index: Int { Int(raw & 0x7FFF_FFFF) }
    }

    var nodes: [Node] = []
    var leaves: [Leaf] = []
    var root: Reference = .none
    private(set) var count = 0
    private var freeNodes: [UInt32] = []
    private var freeLeaves: [UInt32] = []

    /// The leaf whose key shares the most leading bits with `key`, or one of them. The tree must not be empty.
    private func nearest(_ key: Digest) -> Int {
        nodes.withUnsafeBufferPointer { nodes in
            var reference = root
            while !reference.isLeaf {
                let node = nodes[reference.index]
                reference = key.bit(at: Int(node.bit)) ? node.right : node.left
            }
            return reference.index
        }
    }

    func value(for key: Digest) -> Digest? {
        guard count > 0 else { return nil }
        let leaf = leaves[nearest(key)]
        return leaf.key == key ? leaf.value : nil
    }

    /// Sets a value and returns the one before.
    mutating func set(_ key: Digest, _ value: Digest) -> Digest? {
        guard count > 0 else {
            root = .leaf(newLeaf(key, value))
            return nil
        }
        let near = nearest(key)
        guard let bit = key.firstDifferingBit(from: leaves[near].key) else {
            let before = leaves[near].value
            if before != value {
                leaves[near].value = value
                _ = markPath(to: key, before: 256)
            }
            return before
        }
        let leaf = newLeaf(key, value)
        let (parent, child) = markPath(to: key, before: bit)
        // The child's hash was folded up to the old parent's depth; it now starts deeper.
        if !child.isLeaf { nodes[child.index].dirty = true }
        let right = key.bit(at: bit)
        let node = newNode(
            Node(
                left: right ? child : .leaf(leaf), right: right ? .leaf(leaf) : child, sample: leaf,
                bit: UInt8(truncatingIfNeeded: bit), dirty: true, hash: .zero))
        replaceChild(of: parent, towards: key, with: .node(node))
        return nil
    }

    /// Removes a key and returns its value.
    mutating func remove(_ key: Digest) -> Digest? {
        guard count > 0 else { return nil }
        let leaf = nearest(key)
        guard leaves[leaf].key == key else { return nil }
        let value = leaves[leaf].value
        freeLeaves.append(UInt32(truncatingIfNeeded: leaf))
        count -= 1
        guard !root.isLeaf else {
            root = .none
            return value
        }
        let (last, _) = markPath(to: key, before: 256)
        guard let parent = last else { return value }
        let node = nodes[parent]
        let sibling = key.bit(at: Int(node.bit)) ? node.left : node.right
        if !sibling.isLeaf { nodes[sibling.index].dirty = true }
        let (grandparent, _) = markPath(to: key, before: Int(node.bit))
        replaceChild(of: grandparent, towards: key, with: sibling)
        freeNodes.append(UInt32(truncatingIfNeeded: parent))
        let sample =
            sibling.isLeaf ? UInt32(truncatingIfNeeded: sibling.index) : nodes[sibling.index].sample
        replaceSample(UInt32(truncatingIfNeeded: leaf), with: sample, towards: key)
        return value
    }

    /// Marks the nodes on the way to `key` whose bit is before `bit`; gives the last of them and what follows it.
    private mutating func markPath(to key: Digest, before bit: Int) -> (last: Int?, next: Reference) {
        let start = root
        return nodes.withUnsafeMutableBufferPointer { nodes in
            var last: Int?
            var reference = start
            while !reference.isLeaf {
                let index = reference.index
                let own = Int(nodes[index].bit)
                guard own < bit else { break }
                nodes[index].dirty = true
                last = index
                reference = key.bit(at: own) ? nodes[index].right : nodes[index].left
            }
            return (last, reference)
        }
    }

    private mutating func replaceChild(of parent: Int?, towards key: Digest, with child: Reference) {
        guard let parent else {
            root = child
            return
        }
        if key.bit(at: Int(nodes[parent].bit)) {
            nodes[parent].right = child
        } else {
            nodes[parent].left = child
        }
    }

    private mutating func replaceSample(_ old: UInt32, with new: UInt32, towards key: Digest) {
        var reference = root
        while !reference.isLeaf {
            let index = reference.index
            if nodes[index].sample == old { nodes[index].sample = new }
            reference = key.bit(at: Int(nodes[index].bit)) ? nodes[index].right : nodes[index].left
        }
    }

    private mutating func newLeaf(_ key: Digest, _ value: Digest) -> UInt32 {
        count += 1
        if let index = freeLeaves.popLast() {
            leaves[Int(index)] = Leaf(key: key, value: value)
            return index
        }
        leaves.append(Leaf(key: key, value: value))
        return UInt32(truncatingIfNeeded: leaves.count &- 1)
    }

    private mutating func newNode(_ node: Node) -> UInt32 {
        if let index = freeNodes.popLast() {
            nodes[Int(index)] = node
            return index
        }
        nodes.append(node)
        return UInt32(truncatingIfNeeded: nodes.count &- 1)
    }
}

extension SparseNodes {
    /// Builds the tree over `entries` in any order; of entries with equal keys the last one counts.
    init(bulk entries: [Leaf]) {
        // Sorting pairs of one word and an index moves a quarter of the bytes that sorting the entries would.
        var order = entries.enumerated().map { (word: $1.key.word0, index: UInt32(truncatingIfNeeded: $0)) }
        order.sort { left, right in
            if left.word != right.word { return left.word < right.word }
            let leftKey = entries[Int(left.index)].key
            let rightKey = entries[Int(right.index)].key
            return leftKey != rightKey ? leftKey < rightKey : left.index < right.index
        }
        leaves.reserveCapacity(entries.count)
        for place in order.indices {
            let entry = entries[Int(order[place].index)]
            if let last = leaves.last, last.key == entry.key {
                leaves[leaves.count - 1] = entry
            } else {
                leaves.append(entry)
            }
        }
        count = leaves.count
        nodes.reserveCapacity(max(0, count - 1))
        if count > 0 { root = build(0, count) }
    }

    /// The subtree over the sorted leaves `low ..< high`; nodes in preorder, so that neighbours in the tree are
    /// neighbours in memory. Its depth is at most 256.
    private mutating func build(_ low: Int, _ high: Int) -> Reference {
        guard high - low > 1, let bit = leaves[low].key.firstDifferingBit(from: leaves[high - 1].key) else {
            return .leaf(UInt32(truncatingIfNeeded: low))
        }
        var first = low + 1
        var last = high - 1
        while first < last {
            let middle = (first + last) / 2
            if leaves[middle].key.bit(at: bit) { last = middle } else { first = middle + 1 }
        }
        let index = nodes.count
        nodes.append(
            Node(
                left: .none, right: .none, sample: UInt32(truncatingIfNeeded: low),
                bit: UInt8(truncatingIfNeeded: bit), dirty: true, hash: .zero))
        let left = build(low, first)
        let right = build(first, high)
        nodes[index].left = left
        nodes[index].right = right
        return .node(UInt32(truncatingIfNeeded: index))
    }
}
