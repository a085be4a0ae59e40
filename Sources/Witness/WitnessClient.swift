package import AsyncHTTPClient
import LedgerCore
package import MerkleLog
import NIOCore
import NIOHTTP1
package import Primitives
import Synchronization

/// Asks one witness to cosign checkpoints (C2SP tlog-witness). Works with any witness that signs with Ed25519.
///
/// It keeps in memory the size that the witness cosigned last and nothing on disk: if it is wrong, the witness says so.
package final class WitnessClient: Sendable {
    /// The key that the cosignatures must be made with.
    package let key: VerifierKey
    private let address: String
    private let timeout: Duration
    private let http: HTTPClient
    private let known = Mutex<UInt64>(0)

    /// Most requests for one checkpoint: the witness may correct the size twice, in case another asks at the same time.
    private static let mostRequests = 3
    /// Longest answer read, in bytes: room for the lines of many keys, post-quantum ones too.
    private static let largestAnswer = 65_536

    /// Shared by all clients of the process; it never ends. Redirects are not followed: a witness is where its operator
    /// says.
    private static let shared = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))

    /// A client.
    /// - Parameters:
    ///   - key: the witness's verifier key, type 0x04.
    ///   - url: its submission prefix, such as `https://witness.example.org`; `/add-checkpoint` is appended.
    ///   - timeout: how long one request may take altogether.
    ///   - http: for a transport of one's own, with its own certificates.
    package init(key: VerifierKey, url: String, timeout: Duration = .seconds(5), http: HTTPClient? = nil) {
        self.key = key
        address = (url.hasSuffix("/") ? String(url.dropLast()) : url) + "/add-checkpoint"
        self.timeout = timeout
        self.http = http ?? Self.shared
    }

    /// Asks for the witness's cosignature of `checkpoint`, which the log has signed, and checks it.
    /// - Parameter proof: gives the consistency proof from a size between 1 and the checkpoint's, exclusive, to the
    ///   checkpoint (``ConsistencyProof/hashes``).
    package func cosign(
        _ checkpoint: SignedCheckpoint, proof: (UInt64) async throws -> [Digest]
    ) async throws(WitnessFailure) -> NoteSignature {
        let size = checkpoint.checkpoint.size
        var oldSize = min(known.withLock { $0 }, size)
        for _ in 0..<Self.mostRequests {
            var hashes: [Digest] = []
            if oldSize > 0, oldSize < size {
                do {
                    hashes = try await proof(oldSize)
                } catch {
                    throw .proofUnavailable("\(error)")
                }
            }
            let request = AddCheckpointRequest(oldSize: oldSize, proof: hashes, checkpoint: checkpoint)
            let answer = try await send(request.bytes)
            switch answer.status {
            case 200:
                let signature = try signature(in: answer.body, of: checkpoint)
                known.withLock { $0 = size }
                return signature
            case 409:
                guard answer.body.last == 0x0A, let told = ASCIIDecimal.parse(answer.body.dropLast()), told != oldSize
                else { throw .badAnswer }
                known.withLock { $0 = told }
                guard told <= size else { throw .ahead(size: told) }
                oldSize = told
            default:
                throw .refused(status: answer.status, Self.beginning(of: answer.body))
            }
        }
        throw .unsettled
    }

    /// The witness's cosignature among the lines of an answer; what other keys signed is ignored, as the protocol asks.
    private func signature(
        in answer: [UInt8], of checkpoint: SignedCheckpoint
    ) throws(WitnessFailure) -> NoteSignature {
        let text = checkpoint.note.text
        guard let note = try? SignedNote(parsing: text + [0x0A] + answer), note.text == text else { throw .badAnswer }
        // A time of zero would say nothing about when the witness saw what.
        guard case .valid(let time) = note.status(of: key, using: CryptoEd25519.self), time ?? 0 > 0,
            let signature = note.signatures.last(where: { signature in
                signature.keyID == key.keyID && signature.name == key.name
                    && Cosignature(bytes: signature.bytes)?.time == time
            })
        else { throw .badSignature }
        return signature
    }

    private struct Answer: Sendable {
        let status: UInt
        let body: [UInt8]
    }

    /// One request, the body of the answer included, within the time allowed.
    private func send(_ body: [UInt8]) async throws(WitnessFailure) -> Answer {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers = ["Content-Type": "text/plain; charset=utf-8"]
        request.body = .bytes(body)
        let (prepared, http, timeout) = (request, http, timeout)
        do {
            return try await withThrowingTaskGroup(of: Answer?.self) { group in
                group.addTask {
                    let response = try await http.execute(prepared, timeout: .init(timeout))
                    let buffer = try await response.body.collect(upTo: Self.largestAnswer)
                    return Answer(status: response.status.code, body: Array(buffer.readableBytesView))
                }
                // The client's own limit ends with the head: a body could drip for ever.
                group.addTask {
                    try await Task.sleep(for: timeout)
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let answer = first else {
                    throw WitnessFailure.unreachable("no answer within \(timeout)")
                }
                return answer
            }
        } catch let failure as WitnessFailure {
            throw failure
        } catch is NIOTooManyBytesError {
            throw .badAnswer
        } catch {
            throw .unreachable("\(error)")
        }
    }

    /// The first line of an answer for the log, without control characters.
    private static func beginning(of body: [UInt8]) -> String {
        let line = body.prefix(while: { $0 != 0x0A }).prefix(200).filter { $0 >= 0x20 && $0 != 0x7F }
        return String(decoding: line, as: UTF8.self)
    }
}
