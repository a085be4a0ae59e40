/// SHA-256 (FIPS 180-4), wherever it comes from.
///
/// The layers that hash are generic over this, so a server can give them an accelerated implementation while the
/// browser build uses ``PortableSHA256``; both compute the same function, and the tests hold them to it.
public protocol SHA256Function: Sendable {
    /// The digest of `bytes`, which may be empty.
    static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest
}

extension SHA256Function {
    /// The digest of `bytes`.
    @inlinable
    public static func hash(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// The digest of `bytes`.
    @inlinable
    public static func hash(_ bytes: ArraySlice<UInt8>) -> Digest {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// The digest of a string's UTF-8 bytes.
    @inlinable
    public static func hash(utf8 string: String) -> Digest {
        var copy = string
        return copy.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
    }

    /// SHA-256(prefix ‖ left ‖ right): how both Merkle trees hash a node, on the stack and without an allocation.
    @inlinable
    public static func hash(prefix: UInt8, _ left: Digest, _ right: Digest) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { buffer in
            guard let base = buffer.baseAddress else { return .zero }
            base.storeBytes(of: prefix, as: UInt8.self)
            left.store(unsafe: base + 1)
            right.store(unsafe: base + 33)
            return hash(UnsafeRawBufferPointer(buffer))
        }
    }

    /// SHA-256(prefix ‖ bytes).
    @inlinable
    public static func hash(prefix: UInt8, _ bytes: UnsafeRawBufferPointer) -> Digest {
        withUnsafeTemporaryAllocation(byteCount: bytes.count &+ 1, alignment: 8) { buffer in
            guard let base = buffer.baseAddress else { return .zero }
            base.storeBytes(of: prefix, as: UInt8.self)
            if let source = bytes.baseAddress { (base + 1).copyMemory(from: source, byteCount: bytes.count) }
            return hash(UnsafeRawBufferPointer(buffer))
        }
    }

    /// SHA-256(prefix ‖ bytes).
    @inlinable
    public static func hash(prefix: UInt8, _ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { hash(prefix: prefix, $0) }
    }
}
