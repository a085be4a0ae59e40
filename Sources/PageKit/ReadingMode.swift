import Hummingbird

/// How pages are set for the reader: the usual way, or in care mode 关怀模式 at one of three sizes (`rules.md` §7): larger
/// type and targets, read aloud, a telephone number at hand. The value of `reading` in the query and the cookie, and of
/// `<html data-reading>`, by which the stylesheet knows it.
package enum ReadingMode: String, CaseIterable, Sendable {
    /// The usual setting.
    case usual
    /// Care mode, body type of 21 px.
    case care
    /// Care mode, 25 px.
    case careLarge = "care-large"
    /// Care mode, 30 px.
    case careLargest = "care-largest"

    /// Whether this is care mode.
    package var isCare: Bool { self != .usual }

    /// The wish of a request: `?reading=`, else the cookie, else the usual setting.
    init(request: Request) {
        self =
            ReadingMode.chosen(in: request)
            ?? request.cookies["reading"].flatMap { ReadingMode(rawValue: $0.value) } ?? .usual
    }

    /// The mode named in the query, if there is such a one.
    static func chosen(in request: Request) -> ReadingMode? {
        request.uri.queryParameters["reading"].flatMap { ReadingMode(rawValue: String($0)) }
    }

    /// The message that names the size in the switch.
    var messageKey: String {
        switch self {
        case .usual: "page.care.leave"
        case .care: "page.care.size1"
        case .careLarge: "page.care.size2"
        case .careLargest: "page.care.size3"
        }
    }
}
