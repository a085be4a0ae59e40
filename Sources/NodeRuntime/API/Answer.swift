import HTTPTypes
import Hummingbird
import PageKit
import Primitives

/// The forms that answers of the API take.
enum Answer {
    /// Headers of JSON that must not be kept.
    private static let jsonFields: HTTPFields = [
        .contentType: "application/json", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
    ]

    /// A JSON answer.
    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: jsonFields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A JSON object.
    static func object(_ fields: (inout JSONWriter) -> Void) -> Response {
        var writer = JSONWriter(capacity: 1_024)
        writer.object(fields)
        return json(writer.bytes)
    }

    /// Bytes with their media type and how long they may be kept.
    static func bytes(_ bytes: [UInt8], type: String, cacheControl: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: type, .cacheControl: cacheControl, .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Bytes with a validator; 304 without them if the reader has them already (RFC 9110 section 13.1.2).
    static func bytes(
        _ request: Request, type: String, cacheControl: String, tag: String, _ content: () throws -> [UInt8]
    ) rethrows -> Response {
        guard !EntityTag.matches(request.headers[.ifNoneMatch], tag) else {
            return Response(status: .notModified, headers: [.cacheControl: cacheControl, .eTag: tag])
        }
        var response = bytes(try content(), type: type, cacheControl: cacheControl)
        response.headers[.eTag] = tag
        return response
    }

    /// A refusal as JSON, whatever the address.
    static func problem(_ problem: Problem, _ catalog: MessageCatalog, _ language: Language) -> Response {
        var response = json(Array(problem.json(catalog, language).utf8), status: problem.status)
        response.headers[.contentLanguage] = language.rawValue
        return response
    }
}

/// How long answers may be kept by readers and caches between.
enum CacheControl {
    /// Never changes.
    static let immutable = "public, max-age=31536000, immutable"
    /// May be asked again at once, with its validator.
    static let revalidate = "no-cache"
    /// A few seconds: changes with every block.
    static let short = "public, max-age=2"
    /// A partial tile stays true, but the full one will replace it.
    static let partial = "public, max-age=60"
}
