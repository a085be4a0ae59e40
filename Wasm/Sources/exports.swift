// What a page may call. Numbers and pointers only; every answer is a reply that the page reads and frees:
// UInt32 length, the error's stable code (empty when all is well), UInt32 length, bytes; lengths little-endian.
import MerkleLog
import Primitives

/// Memory for an argument.
@c(linlian_alloc)
public func allocate(_ count: Int32) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer.allocate(byteCount: max(1, Int(count)), alignment: 16)
}

/// Gives back an argument's or a reply's memory.
@c(linlian_free)
public func release(_ pointer: UnsafeMutableRawPointer) {
    pointer.deallocate()
}

/// The SHA-256 of some bytes.
@c(linlian_sha256)
public func sha256(_ bytes: UnsafePointer<UInt8>, _ count: Int32) -> UnsafeMutableRawPointer {
    reply(code: "", PortableSHA256.hash(UnsafeRawBufferPointer(start: bytes, count: max(0, Int(count)))).bytes)
}

/// Checks an inclusion proof: leaf index and tree size (UInt64, big-endian), root, leaf hash, and the proof's hashes.
@c(linlian_verify_inclusion)
public func verifyInclusion(_ bytes: UnsafePointer<UInt8>, _ count: Int32) -> UnsafeMutableRawPointer {
    let input = array(bytes, count)
    guard input.count >= 80, input.count % 32 == 16, let root = Digest(bytes: input[16..<48]),
        let leaf = Digest(bytes: input[48..<80]), let hashes = Tiles.decode(Array(input[80...]))
    else { return reply(code: "proof.malformed") }
    let index = input[0..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let size = input[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    do {
        try InclusionProof(leafIndex: index, treeSize: size, hashes: hashes)
            .verify(leafHash: leaf, root: root, using: PortableSHA256.self)
    } catch {
        return reply(code: error.code)
    }
    return reply(code: "")
}

/// Checks a state proof. A negative `valueCount` asks for absence. `root` is 32 bytes.
@c(linlian_verify_state)
public func verifyState(
    _ proof: UnsafePointer<UInt8>, _ proofCount: Int32, _ key: UnsafePointer<UInt8>, _ keyCount: Int32,
    _ value: UnsafePointer<UInt8>, _ valueCount: Int32, _ root: UnsafePointer<UInt8>
) -> UnsafeMutableRawPointer {
    let valueHash = valueCount < 0 ? nil : PortableSHA256.hash(array(value, valueCount))
    do {
        try SparseProof(encoded: array(proof, proofCount)).verify(
            keyHash: PortableSHA256.hash(array(key, keyCount)), valueHash: valueHash,
            root: Digest(unsafe: UnsafeRawPointer(root)), using: PortableSHA256.self)
    } catch {
        return reply(code: error.code)
    }
    return reply(code: "")
}

/// First half of checking a receipt: everything but Ed25519, which the page has in WebCrypto.
///
/// The reply's bytes are the questions for it: public key (32), signature (64), UInt32 length, message, one after the
/// other. With all of them answered, the page calls ``receiptVerdict(_:_:_:_:_:_:_:_:)``. An empty origin means the
/// logs of the policy.
@c(linlian_receipt_questions)
public func receiptQuestions(
    _ proof: UnsafePointer<UInt8>, _ proofCount: Int32, _ policy: UnsafePointer<UInt8>, _ policyCount: Int32,
    _ origin: UnsafePointer<UInt8>, _ originCount: Int32
) -> UnsafeMutableRawPointer {
    host = Host()
    let code = check(array(proof, proofCount), array(policy, policyCount), array(origin, originCount))
    return reply(code: code, host.questions)
}

/// Second half: the same check with WebCrypto's answers, one byte each (1 valid, 0 not) in the order of the questions.
@c(linlian_receipt_verdict)
public func receiptVerdict(
    _ proof: UnsafePointer<UInt8>, _ proofCount: Int32, _ policy: UnsafePointer<UInt8>, _ policyCount: Int32,
    _ origin: UnsafePointer<UInt8>, _ originCount: Int32, _ answers: UnsafePointer<UInt8>, _ answerCount: Int32
) -> UnsafeMutableRawPointer {
    host = Host(answers: array(answers, answerCount))
    return reply(code: check(array(proof, proofCount), array(policy, policyCount), array(origin, originCount)))
}

/// The page's part in checking signatures: questions are noted down in the first half, answers used in the second.
private struct Host {
    var questions: [UInt8] = []
    var answers: [UInt8]?
    var asked = 0
}

// One thread, and no call runs while another does.
nonisolated(unsafe) private var host = Host()

private enum HostEd25519: Ed25519Verification {
    static func isValid(signature: [UInt8], message: [UInt8], publicKey: [UInt8]) -> Bool {
        defer { host.asked += 1 }
        if let answers = host.answers { return host.asked < answers.count && answers[host.asked] == 1 }
        guard signature.count == 64, publicKey.count == 32 else { return false }
        host.questions += publicKey + signature + littleEndian(message.count) + message
        return true
    }
}

private func check(_ proof: [UInt8], _ policy: [UInt8], _ origin: [UInt8]) -> String {
    let rules: WitnessPolicy
    do {
        rules = try WitnessPolicy(parsing: policy, using: PortableSHA256.self)
    } catch {
        return error.code
    }
    do {
        try TLogProof(parsing: proof).verify(
            policy: rules, origin: origin.isEmpty ? nil : UTF8Text(bytes: origin), using: PortableSHA256.self,
            ed25519: HostEd25519.self)
    } catch {
        return error.code
    }
    return ""
}

private func array(_ bytes: UnsafePointer<UInt8>, _ count: Int32) -> [UInt8] {
    Array(UnsafeBufferPointer(start: bytes, count: max(0, Int(count))))
}

private func littleEndian(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

private func reply(code: String, _ bytes: [UInt8] = []) -> UnsafeMutableRawPointer {
    let text = [UInt8](code.utf8)
    let content = littleEndian(text.count) + text + littleEndian(bytes.count) + bytes
    let pointer = UnsafeMutableRawPointer.allocate(byteCount: content.count, alignment: 16)
    content.withUnsafeBytes {
        pointer.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(pointer), byteCount: $0.count)
    }
    return pointer
}
