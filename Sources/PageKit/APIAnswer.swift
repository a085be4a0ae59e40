package import Hummingbird
import HTTPTypes
package import Primitives

/// JSON answers of the modules' API routes, with keys sorted as everywhere.
package enum APIAnswer {
    /// An object with the fields that the closure writes.
    package static func object(_ fields: (inout JSONWriter) -> Void) -> Response {
        var writer = JSONWriter(capacity: 512)
        writer.object(fields)
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-cache"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }

    /// The problem that there is no such thing: status 404 with a code of the module.
    package static func missing(_ code: String, _ field: String) -> Problem {
        Problem(.notFound, code: code, field: field)
    }
}
