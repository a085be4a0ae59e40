package import HTTPTypes

/// A refusal with a stable code, told to a program as JSON and to a person as a page, each saying what to do next.
///
/// The texts of code "assembly.closed" are the messages "assembly.reason.closed.message" and ".help".
package struct Problem: Error, Sendable {
    /// The HTTP status, 4xx or 5xx.
    package let status: HTTPResponse.Status
    /// The stable code: a part's name, a dot, the reason.
    package let code: String
    /// Which field of the request is at fault, as a path such as "body.unit"; nil if none in particular.
    package let field: String?
    /// What fills the places of the message.
    package let values: [String: String]
    /// Methods that are allowed, for status 405 (RFC 9110 section 15.5.6).
    package let allowedMethods: [String]

    /// Names a refusal.
    package init(
        _ status: HTTPResponse.Status, code: String, field: String? = nil, values: [String: String] = [:],
        allowedMethods: [String] = []
    ) {
        self.status = status
        self.code = code
        self.field = field
        self.values = values
        self.allowedMethods = allowedMethods
    }

    /// Nothing is at this address.
    package static let notFound = Problem(.notFound, code: "page.notFound")

    /// The refusal that stands for a bare HTTP status.
    package init(status: HTTPResponse.Status) {
        let code =
            switch status.code {
            case 404: "page.notFound"
            case 405: "page.methodNotAllowed"
            case 413: "page.tooLarge"
            case 415: "page.mediaType"
            case 429: "page.tooMany"
            case 503: "page.unavailable"
            case 400..<500: "page.badRequest"
            default: "page.internal"
            }
        self.init(status, code: code)
    }

    /// The key of its message or help; "page.reason.unknown" if the code has no text.
    package func messageKey(_ part: String, in catalog: MessageCatalog) -> String {
        let dot = code.firstIndex(of: ".") ?? code.endIndex
        let reason = code[dot...].dropFirst()
        let key = "\(code[..<dot]).reason.\(reason).\(part)"
        return catalog.contains(key) ? key : "page.reason.unknown.\(part)"
    }

    /// What went wrong, in words.
    package func message(_ catalog: MessageCatalog, _ language: Language) -> String {
        catalog.text(messageKey("message", in: catalog), language, values)
    }

    /// What to do next, in words.
    package func help(_ catalog: MessageCatalog, _ language: Language) -> String {
        catalog.text(messageKey("help", in: catalog), language, values)
    }

    /// `{"error":{"code":…,"field":…,"message":…,"help":…}}`; `field` only if there is one.
    package func json(_ catalog: MessageCatalog, _ language: Language) -> String {
        var members = ["code": code, "message": message(catalog, language), "help": help(catalog, language)]
        members["field"] = field
        return "{\"error\":\(JSONText.object(members))}"
    }
}
