/// A person shown by pseudonym: a short code and a mark of two tones made from it, never a face and never a name.
///
/// The mark is the same everywhere, so that neighbours recognise who spoke before without learning who it is. It says no
/// more than the code beside it and is hidden from screen readers.
package enum PersonMark {
    /// What the partial "component-person" shows under "person": `svg` and `code`.
    package static func context(_ pseudonym: String) -> [String: Any] {
        ["svg": svg(pseudonym), "code": code(pseudonym)]
    }

    /// The first eight letters and digits in two groups: "3F2A-9C01".
    package static func code(_ pseudonym: String) -> String {
        let signs = pseudonym.unicodeScalars.filter {
            $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
        }
        .prefix(8).map { Character($0) }
        let text = String(signs).uppercased()
        return text.count > 4 ? "\(text.prefix(4))-\(text.dropFirst(4))" : text
    }

    /// Five by five fields, the right half the mirror of the left.
    package static func svg(_ pseudonym: String) -> String {
        var bits = mixed(pseudonym)
        let tone = bits % UInt64(Chart.mostSeries) + 1
        bits /= UInt64(Chart.mostSeries)
        var path = ""
        for y in 0..<5 {
            for x in 0..<3 {
                // The middle is always filled: a mark without anything in it would look like a fault.
                if bits & 1 == 1 || (x == 2 && y == 2) {
                    path += "M\(x + 1) \(y + 1)h1v1h-1z"
                    if x < 2 { path += "M\(5 - x) \(y + 1)h1v1h-1z" }
                }
                bits >>= 1
            }
        }
        return
            "<svg class=\"person-mark\" viewBox=\"0 0 7 7\" aria-hidden=\"true\"><rect class=\"person-ground\" width=\"7\" "
            + "height=\"7\"/><path class=\"person-tone-\(tone)\" d=\"\(path)\"/></svg>"
    }

    /// FNV-1a, then a finisher that lets every byte reach every bit (from SplitMix64). It hides nothing and need not.
    private static func mixed(_ text: String) -> UInt64 {
        var state: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
        state = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        state = (state ^ (state >> 27)) &* 0x94d0_49bb_1331_11eb
        return state ^ (state >> 31)
    }
}
