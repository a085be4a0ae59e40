/// The published order in which ties are broken, the same for every rule:
///
/// 1. the higher score (greedy) or the larger number of supporters (Equal Shares) goes first;
/// 2. then the lower cost;
/// 3. then the smaller identifier. Identifiers are read as UTF-8 bytes. Runs of the digits 0–9 compare as whole
///    numbers (`c2` before `c10`), every other byte by its value. If all parts are equal, as in `7` and `07`, the
///    plain byte order decides (`07` before `7`).
package enum ProjectOrder {
    /// Whether the first of two identifiers goes before the second.
    package static func precedes(_ first: String, _ second: String) -> Bool {
        precedes(Array(first.utf8), Array(second.utf8))
    }

    static func precedes(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        var i = 0
        var j = 0
        while i < first.count, j < second.count {
            if isDigit(first[i]), isDigit(second[j]) {
                let left = digitRun(first, from: i)
                let right = digitRun(second, from: j)
                if let smaller = numberPrecedes(first[left], second[right]) { return smaller }
                i = left.upperBound
                j = right.upperBound
            } else {
                if first[i] != second[j] { return first[i] < second[j] }
                i += 1
                j += 1
            }
        }
        // One is used up: it is the start of the other as far as numbers go, so the one with nothing left is smaller.
        let leftOver = first.count - i
        let rightOver = second.count - j
        if leftOver == 0, rightOver == 0 { return first.lexicographicallyPrecedes(second) }
        return leftOver == 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func digitRun(_ bytes: [UInt8], from start: Int) -> Range<Int> {
        var end = start
        while end < bytes.count, isDigit(bytes[end]) { end += 1 }
        return start..<end
    }

    /// Compares two digit strings of any length as numbers; `nil` means equal in value.
    private static func numberPrecedes(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> Bool? {
        let left = first.drop { $0 == 0x30 }
        let right = second.drop { $0 == 0x30 }
        if left.count != right.count { return left.count < right.count }
        if left.elementsEqual(right) { return nil }
        return left.lexicographicallyPrecedes(right)
    }
}
