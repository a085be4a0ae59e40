package import Hummingbird

/// A language the pages speak: the value of `lang` in the query and the cookie and of `<html lang>` (BCP 47, RFC 5646).
package enum Language: String, CaseIterable, Sendable {
    /// Simplified Chinese, the default: residents read it first.
    case simplifiedChinese = "zh-Hans"
    /// English.
    case english = "en"

    /// The language of a request that expresses no wish.
    package static let standard = Language.simplifiedChinese

    /// The language's name in itself, for the switch.
    package var ownName: String {
        switch self {
        case .simplifiedChinese: "中文"
        case .english: "English"
        }
    }

    /// Best match of an `Accept-Language` header (RFC 9110 section 12.5.4); nil if none of its ranges is spoken here.
    ///
    /// At most 16 ranges are looked at; a range without a readable weight counts as 1, one with weight 0 is refused.
    package init?(acceptLanguage header: String) {
        var best: (language: Language, weight: Int)?
        for range in header.prefix(512).split(separator: ",").prefix(16) {
            let parts = range.split(separator: ";")
            guard let tag = parts.first.map({ $0.trimming().lowercased() }), let language = Language(range: tag) else {
                continue
            }
            let weight = parts.dropFirst().compactMap { Language.weight($0) }.first ?? 1000
            if weight > 0, weight > best?.weight ?? 0 { best = (language, weight) }
        }
        guard let best else { return nil }
        self = best.language
    }

    /// The wish of a request: `?lang=`, else the cookie `lang`, else `Accept-Language`, else `standard`.
    package init(request: Request) {
        self =
            Language.chosen(in: request)
            ?? request.cookies["lang"].flatMap { Language(rawValue: $0.value) }
            ?? request.headers[.acceptLanguage].flatMap { Language(acceptLanguage: $0) }
            ?? .standard
    }

    /// The language named in the query, if it is one we speak.
    package static func chosen(in request: Request) -> Language? {
        request.uri.queryParameters["lang"].flatMap { Language(rawValue: String($0)) }
    }

    private init?(range tag: String) {
        switch tag.split(separator: "-").first {
        case "zh", "*": self = .simplifiedChinese
        case "en": self = .english
        default: return nil
        }
    }

    /// `q=0.8` in thousandths; nil for anything else.
    private static func weight(_ parameter: Substring) -> Int? {
        let text = parameter.trimming()
        guard text.hasPrefix("q=") else { return nil }
        let digits = text.dropFirst(2).split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = digits.first.flatMap({ Int($0) }), whole == 0 || whole == 1, digits.count <= 2 else {
            return nil
        }
        guard whole == 0, digits.count == 2 else { return whole * 1000 }
        var thousandths = 0
        for (place, digit) in zip([100, 10, 1], digits[1].utf8) {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            thousandths += place * Int(digit - 0x30)
        }
        return thousandths
    }
}

extension Substring {
    /// Without spaces and tabs at both ends.
    fileprivate func trimming() -> Substring {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return text
    }
}
