import HTTPTypes
import Hummingbird
import PageKit
import Primitives

/// Reads what requests carry, within limits.
enum RequestReading {
    /// The whole body; refused with status 413 and `code` beyond `limit` bytes, without reading on.
    static func body(_ request: Request, limit: Int, code: String) async throws -> [UInt8] {
        if let length = request.headers[.contentLength], let announced = Int(length), announced > limit {
            throw Problem(.contentTooLarge, code: code)
        }
        var bytes: [UInt8] = []
        do {
            for try await buffer in request.body {
                guard bytes.count + buffer.readableBytes <= limit else { throw Problem(.contentTooLarge, code: code) }
                bytes.append(contentsOf: buffer.readableBytesView)
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            // The body broke off or was not sent as HTTP says.
            throw Problem(status: .badRequest)
        }
        return bytes
    }

    /// Whether another node asks for what this one holds itself: it is not answered from a third one.
    static func asksForHeld(_ request: Request) -> Bool {
        HTTPField.Name(PeerClient.heldField).map { request.headers[$0] != nil } ?? false
    }

    /// An unsigned number in the query, or `standard` where it is absent; anything else is refused with `query.number`.
    static func number(
        _ name: String, _ request: Request, in range: ClosedRange<UInt64>, standard: UInt64
    ) throws -> UInt64 {
        guard let text = request.uri.queryParameters[name[...]] else { return standard }
        guard let number = ASCIIDecimal.parse(Array(text.utf8)[...]), range.contains(number)
        else { throw Problem(.badRequest, code: "query.number", field: name) }
        return number
    }

    /// A SHA-256 digest as the part `name` of the path: 64 lower-case hex digits, or there is nothing at the address.
    static func digest(_ name: String, _ context: PageRequestContext, missing code: String) throws -> Digest {
        guard let text = context.parameters.get(name), let digest = Digest(hex: text)
        else { throw Problem(.notFound, code: code) }
        return digest
    }

    /// An unsigned number as the part `name` of the path.
    static func number(_ name: String, _ context: PageRequestContext, missing code: String) throws -> UInt64 {
        guard let text = context.parameters.get(name),
            let number = ASCIIDecimal.parse(Array(text.utf8)[...], maximum: UInt64(Int64.max))
        else { throw Problem(.notFound, code: code) }
        return number
    }

    /// The rest of the path after `prefix`, percent escapes resolved (RFC 3986 section 2.1); nil if an escape is broken.
    static func rest(of path: String, after prefix: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = path.utf8.dropFirst(prefix.utf8.count)
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
