/// A SHA-256 digest: 32 bytes, held as four words so that comparing, hashing and copying cost a few instructions.
///
/// The words are the digest's bytes read big-endian, so comparing words in order is comparing bytes in order.
@frozen
public struct Digest: Sendable {
    /// Bytes 0–7, most significant first.
    public var word0: UInt64
    /// Bytes 8–15.
    public var word1: UInt64
    /// Bytes 16–23.
    public var word2: UInt64
    /// Bytes 24–31.
    public var word3: UInt64

    /// The number of bytes in a digest.
    public static var byteCount: Int { 32 }

    /// 32 zero bytes: the hash of an empty subtree of the state tree.
    @inlinable public static var zero: Digest { Digest(0, 0, 0, 0) }

    /// A digest from its four words, each the big-endian value of eight bytes.
    @inlinable
    public init(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// Reads 32 bytes at `pointer`, which need not be aligned. The caller vouches that they are readable.
    @inlinable
    public init(unsafe pointer: UnsafeRawPointer) {
        word0 = UInt64(bigEndian: pointer.loadUnaligned(as: UInt64.self))
        word1 = UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        word2 = UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
        word3 = UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
    }

    /// A digest from exactly 32 bytes; nil for any other length.
    @inlinable
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 32, let base = bytes.baseAddress else { return nil }
        self.init(unsafe: base)
    }

    /// A digest from exactly 32 bytes; nil for any other length.
    @inlinable
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self = bytes.withUnsafeBytes { Digest(bytes: $0) ?? .zero }
    }

    /// A digest from exactly 32 bytes; nil for any other length.
    @inlinable
    public init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self = bytes.withUnsafeBytes { Digest(bytes: $0) ?? .zero }
    }

    /// A digest from 64 lower-case hexadecimal digits; nil for anything else.
    public init?(hex: String) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// Writes the 32 bytes at `pointer`, which need not be aligned. The caller vouches that they are writable.
    @inlinable
    public func store(unsafe pointer: UnsafeMutableRawPointer) {
        pointer.storeBytes(of: word0.bigEndian, as: UInt64.self)
        pointer.storeBytes(of: word1.bigEndian, toByteOffset: 8, as: UInt64.self)
        pointer.storeBytes(of: word2.bigEndian, toByteOffset: 16, as: UInt64.self)
        pointer.storeBytes(of: word3.bigEndian, toByteOffset: 24, as: UInt64.self)
    }

    /// Calls `body` with the 32 bytes; the buffer is valid only during the call.
    @inlinable
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let words = (word0.bigEndian, word1.bigEndian, word2.bigEndian, word3.bigEndian)
        return try withUnsafePointer(to: words) { (pointer) throws(Failure) -> Result in
            try body(UnsafeRawBufferPointer(start: UnsafeRawPointer(pointer), count: 32))
        }
    }

    /// The 32 bytes.
    @inlinable
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            if let base = buffer.baseAddress { store(unsafe: UnsafeMutableRawPointer(base)) }
            count = 32
        }
    }

    /// Appends the 32 bytes to `bytes`.
    @inlinable
    public func append(to bytes: inout [UInt8]) {
        withBytes { bytes.append(contentsOf: $0) }
    }

    /// 64 lower-case hexadecimal digits.
    public var hex: String { withBytes { Hex.encode($0) } }

    /// Bit `index` of 256, counted from the most significant bit of the first byte: 0 is left, 1 is right in the
    /// state tree. An index outside 0…255 reads as false.
    @inlinable
    public func bit(at index: Int) -> Bool {
        let word =
            switch index >> 6 {
            case 0: word0
            case 1: word1
            case 2: word2
            case 3: word3
            default: UInt64(0)
            }
        return (word >> UInt64(truncatingIfNeeded: 63 - (index & 63))) & 1 == 1
    }

    /// The index of the first bit in which two digests differ; nil when they are equal.
    @inlinable
    public func firstDifferingBit(from other: Digest) -> Int? {
        if word0 != other.word0 { return (word0 ^ other.word0).leadingZeroBitCount }
        if word1 != other.word1 { return 64 + (word1 ^ other.word1).leadingZeroBitCount }
        if word2 != other.word2 { return 128 + (word2 ^ other.word2).leadingZeroBitCount }
        if word3 != other.word3 { return 192 + (word3 ^ other.word3).leadingZeroBitCount }
        return nil
    }
}

extension Digest: Hashable {
    /// Digests are uniform already, so one word is all the hash table needs.
    @inlinable
    public func hash(into hasher: inout Hasher) { hasher.combine(word0) }

    /// Whether all 32 bytes are equal.
    @inlinable
    public static func == (left: Digest, right: Digest) -> Bool {
        (left.word0 ^ right.word0) | (left.word1 ^ right.word1) | (left.word2 ^ right.word2)
            | (left.word3 ^ right.word3) == 0
    }
}

extension Digest: Comparable {
    /// Byte order.
    @inlinable
    public static func < (left: Digest, right: Digest) -> Bool {
        if left.word0 != right.word0 { return left.word0 < right.word0 }
        if left.word1 != right.word1 { return left.word1 < right.word1 }
        if left.word2 != right.word2 { return left.word2 < right.word2 }
        return left.word3 < right.word3
    }
}

extension Digest: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public var description: String { hex }
}
