package import ContractKit
package import Primitives

/// The personal-data screen of the gate to the chain (`ledger.md`, Admission): finds resident identity numbers
/// (GB 11643 check digit), mobile numbers and bank cards (ISO/IEC 7812 Luhn) in any string of a body.
package enum PersonalDataScreen {
    /// Longest run of letters and digits that is looked into: longer ones are digests, keys and signatures.
    private static let longestWord = 24
    /// Most spaces and hyphens that may part two groups of one number.
    private static let mostSeparators = 3

    /// Refuses with `personalData.identityNumber`, `.phone` or `.bankCard` and the path of the field.
    package static func check(_ value: JSONValue, path: String = "body") throws(Reason) {
        switch value.kind {
        case .object:
            for (key, member) in value.members { try check(member, path: "\(path).\(key)") }
        case .array:
            var index = 0
            for element in value.elements {
                try check(element, path: "\(path)[\(index)]")
                index += 1
            }
        case .string:
            let raw = value.rawBytes
            guard raw.count >= 11 else { return }
            if let code = find(in: value.stringBytes ?? []) { throw Reason(code, field: path) }
        default: return
        }
    }

    /// The code for the first number found in a text, or nil.
    ///
    /// Groups of digits are looked at alone, joined with all groups that only spaces or hyphens part from them, and in
    /// the groupings in which people write telephone and identity numbers: a house number before them hides nothing.
    package static func find(in text: [UInt8]) -> String? {
        let ascii = normalised(text)
        let words = words(ascii)
        for word in words { if let code = find(inWord: word) { return code } }
        let joined = joined(ascii)
        if joined.count == ascii.count { return nil }
        for word in PersonalDataScreen.words(joined) { if let code = find(inWord: word) { return code } }
        for at in words.indices.dropLast(2) where isUsualGrouping(words[at...at + 2], in: ascii) {
            if let code = find(inWord: ArraySlice(words[at...at + 2].joined())) { return code }
        }
        return nil
    }

    private static func find(inWord word: ArraySlice<UInt8>) -> String? {
        guard word.count <= longestWord else { return nil }
        var digits: [UInt8] = []
        for byte in word {
            if isDigit(byte) {
                digits.append(byte - 0x30)
            } else if byte | 0x20 == UInt8(ascii: "x"), digits.count == 17, isIdentityNumber(digits, check: 10) {
                return "personalData.identityNumber"
            } else {
                if let code = classify(digits) { return code }
                digits.removeAll(keepingCapacity: true)
            }
        }
        return classify(digits)
    }

    /// Three groups of 3, 4 and 4 (telephone) or 6, 8 and 4 (identity number), parted by spaces or hyphens only.
    private static func isUsualGrouping(_ groups: ArraySlice<ArraySlice<UInt8>>, in text: [UInt8]) -> Bool {
        let counts = groups.map(\.count)
        guard counts == [3, 4, 4] || counts == [6, 8, 4] else { return false }
        return zip(groups, groups.dropFirst()).allSatisfy { left, right in
            right.startIndex - left.endIndex <= mostSeparators
                && text[left.endIndex..<right.startIndex].allSatisfy(isSeparator)
        }
    }

    private static func classify(_ digits: [UInt8]) -> String? {
        if digits.count == 18, isIdentityNumber(Array(digits.prefix(17)), check: digits[17]) {
            return "personalData.identityNumber"
        }
        if isPhone(digits) { return "personalData.phone" }
        if (16...19).contains(digits.count), passesLuhn(digits) { return "personalData.bankCard" }
        return nil
    }

    /// ASCII for full-width digits and X, for the wide space and for the many hyphens and dashes.
    private static func normalised(_ text: [UInt8]) -> [UInt8] {
        var ascii: [UInt8] = []
        ascii.reserveCapacity(text.count)
        var at = 0
        while at < text.count {
            if text[at] >= 0xC2, let (byte, length) = plain(text[at...].prefix(3)) {
                ascii.append(byte)
                at += length
            } else {
                ascii.append(text[at])
                at += 1
            }
        }
        return ascii
    }

    /// The ASCII character that the beginning of `bytes` stands for, and its length in UTF-8; nil for other characters.
    private static func plain(_ bytes: ArraySlice<UInt8>) -> (UInt8, length: Int)? {
        guard let first = bytes.first, let second = bytes.dropFirst().first else { return nil }
        if first == 0xC2, second == 0xA0 { return (UInt8(ascii: " "), 2) }  // U+00A0
        guard let third = bytes.dropFirst(2).first else { return nil }
        switch (first, second, third) {
        case (0xEF, 0xBC, 0x90...0x99): return (third - 0x90 + 0x30, 3)  // U+FF10–FF19, full-width digits
        case (0xEF, 0xBC, 0xB8), (0xEF, 0xBD, 0x98): return (UInt8(ascii: "X"), 3)  // U+FF38, U+FF58
        case (0xEF, 0xBC, 0x8D), (0xE2, 0x88, 0x92), (0xE2, 0x80, 0x90...0x95):  // U+FF0D, U+2212, U+2010–2015
            return (UInt8(ascii: "-"), 3)
        case (0xE3, 0x80, 0x80), (0xE2, 0x80, 0x80...0x8B): return (UInt8(ascii: " "), 3)  // U+3000, U+2000–200B
        default: return nil
        }
    }

    /// Joins digits that at most three spaces or hyphens part.
    private static func joined(_ ascii: [UInt8]) -> [UInt8] {
        var joined: [UInt8] = []
        joined.reserveCapacity(ascii.count)
        var at = 0
        while at < ascii.count {
            if isSeparator(ascii[at]), let last = joined.last, isDigit(last) {
                var end = at
                while end < ascii.count, end - at < mostSeparators, isSeparator(ascii[end]) { end += 1 }
                if end < ascii.count, isDigit(ascii[end]) {
                    at = end
                    continue
                }
            }
            joined.append(ascii[at])
            at += 1
        }
        return joined
    }

    private static func words(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        text.split { !(isDigit($0) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A)) }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-") }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// Mainland mobile numbers: 1, then 3–9, then nine digits; with 86 before them as well.
    private static func isPhone(_ digits: [UInt8]) -> Bool {
        var number = digits[...]
        if number.count == 13, number.starts(with: [8, 6]) { number = number.dropFirst(2) }
        guard number.count == 11, let first = number.first, let second = number.dropFirst().first else { return false }
        return first == 1 && second >= 3
    }

    /// GB 11643: 17 digits with weights, month and day plausible, check value 10 written X.
    private static func isIdentityNumber(_ digits: [UInt8], check: UInt8) -> Bool {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let checks: [UInt8] = [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2]
        guard digits.count == 17 else { return false }
        let month = digits[10] * 10 + digits[11]
        let day = digits[12] * 10 + digits[13]
        guard (1...12).contains(month), (1...31).contains(day) else { return false }
        var sum = 0
        for (digit, weight) in zip(digits, weights) { sum += Int(digit) * weight }
        return checks[sum % 11] == check
    }

    private static func passesLuhn(_ digits: [UInt8]) -> Bool {
        var sum = 0
        for (position, digit) in digits.reversed().enumerated() {
            let doubled = Int(digit) * (position % 2 == 1 ? 2 : 1)
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0 && digits.contains { $0 != 0 }
    }
}
