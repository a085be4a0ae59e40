import CZlib
import HTTPTypes
import Hummingbird

/// Smaller on the wire: gzip (RFC 1952) for readers that take it (RFC 9110 section 12.5.3).
///
/// Pages carry nothing secret, so that their length tells nothing (the attack BREACH needs a secret beside what it chooses).
enum Gzip {
    /// Shorter contents fit one packet anyway.
    static let shortest = 1_024

    /// Whether a request takes gzip: named, or covered by "*", and not with weight 0.
    static func isAccepted(_ request: Request) -> Bool {
        guard let header = request.headers[.acceptEncoding] else { return false }
        var others = false
        for part in header.prefix(512).split(separator: ",").prefix(16) {
            let pieces = part.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let name = pieces.first?.lowercased(), name == "gzip" || name == "*" else { continue }
            let isRefused = pieces.dropFirst().contains { $0.wholeMatch(of: /q=0(\.0*)?/) != nil }
            if name == "gzip" { return !isRefused }
            others = !isRefused
        }
        return others
    }

    /// The compressed bytes; nil if zlib fails or nothing would be won.
    static func compressed(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        guard bytes.count >= shortest else { return nil }
        var stream = z_stream()
        guard linlian_gzip_begin(&stream, level) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var bytes = bytes
        var result = [UInt8](repeating: 0, count: bytes.count)
        let length: Int? = bytes.withUnsafeMutableBufferPointer { source in
            result.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                // Whatever does not fit is larger than it was.
                return deflate(&stream, Z_FINISH) == Z_STREAM_END ? target.count - Int(stream.avail_out) : nil
            }
        }
        return length.map { Array(result.prefix($0)) }
    }
}
