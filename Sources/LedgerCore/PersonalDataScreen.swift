package import ContractKit
package import Primitives

/// The personal-data screen of the gate to the chain (`ledger.md`, Admission): finds resident identity numbers
/// (GB 11643 check digit), mobile numbers and bank cards (ISO/IEC 7812 Luhn) in any string of a body.
package enum PersonalDataScreen {
    /// Longest run of letters and digits that is looked into: longer ones are digests, keys and signatures.
    private static let longestWord = 24

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
    package static func find(in text: [UInt8]) -> String? {
        for word in words(normalised(text)) {
            var digits: [UInt8] = []
            for byte in word {
                if byte >= 0x30 && byte <= 0x39 {
                    digits.append(byte - 0x30)
                } else if byte | 0x20 == UInt8(ascii: "x"), digits.count == 17, isIdentityNumber(digits, check: 10) {
                    return "personalData.identityNumber"
                } else {
                    if let code = classify(digits) { return code }
                    digits.removeAll(keepingCapacity: true)
                }
            }
            if let code = classify(digits) { return code }
        }
        return nil
    }

    private static func classify(_ digits: [UInt8]) -> String? {
        if digits.count == 18, isIdentityNumber(Array(digits.prefix(17)), check: digits[17]) {
            return "personalData.identityNumber"
        }
        if isPhone(digits) { return "personalData.phone" }
        if (16...19).contains(digits.count), passesLuhn(digits) { return "personalData.bankCard" }
        return nil
    }

    /// ASCII digits for full-width ones, and digits that only a space or hyphen separates joined into one run.
    private static func normalised(_ text: [UInt8]) -> [UInt8] {
        var ascii: [UInt8] = []
        ascii.reserveCapacity(text.count)
        var at = 0
        while at < text.count {
            // Full-width digits are U+FF10–U+FF19: EF BC 90–99.
            if at + 2 < text.count, text[at] == 0xEF, text[at + 1] == 0xBC, (0x90...0x99).contains(text[at + 2]) {
                ascii.append(text[at + 2] - 0x90 + 0x30)
                at += 3
            } else {
                ascii.append(text[at])
                at += 1
            }
        }
        var joined: [UInt8] = []
        joined.reserveCapacity(ascii.count)
        for (at, byte) in ascii.enumerated() {
            let separates = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-")
            if separates, at > 0, at + 1 < ascii.count, isDigit(ascii[at - 1]), isDigit(ascii[at + 1]) { continue }
            joined.append(byte)
        }
        return joined
    }

    private static func words(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        text.split { !(isDigit($0) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A)) }
            .filter { $0.count <= longestWord && hasOneRunOfDigits($0) }
    }

    /// Whether the digits of a word stand together, as in `tel13800138000`; in a pseudonym or digest they are scattered.
    private static func hasOneRunOfDigits(_ word: ArraySlice<UInt8>) -> Bool {
        var runs = 0
        var inside = false
        for byte in word {
            if isDigit(byte), !inside { runs += 1 }
            inside = isDigit(byte)
        }
        return runs == 1
    }

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
