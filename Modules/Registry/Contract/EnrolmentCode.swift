package import ContractKit
package import Primitives

/// A one-time enrolment code: 16 characters of Crockford's base 32 in upper case, 80 bits.
///
/// The ledger knows only its hash until it is used, so whoever reads the ledger cannot enrol with it.
package struct EnrolmentCode: Hashable, Sendable {
    /// The 16 characters.
    package let text: String

    /// Refuses anything else, with `field.range`.
    package init(_ text: String) throws(Reason) {
        guard text.utf8.count == 16, text.utf8.allSatisfy(EnrolmentCode.isDigit)
        else { throw Reason.fieldRange.at("code") }
        self.text = text
    }

    /// A code from 10 random bytes; nil for another number of bytes.
    package init?(random bytes: [UInt8]) {
        guard bytes.count == 10 else { return nil }
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
        var digits: [UInt8] = []
        var pending: UInt32 = 0
        var bits = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                digits.append(alphabet[Int(pending >> UInt32(bits) & 31)])
            }
            pending &= (1 << UInt32(bits)) - 1
        }
        text = String(decoding: digits, as: UTF8.self)
    }

    /// SHA-256(0x03 ‖ code), what the ledger knows of an issued code.
    package var hash: Digest { PortableSHA256.hash(prefix: 3, Array(text.utf8)) }

    /// Crockford's base 32 leaves out I, L, O and U.
    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x48, 0x4A, 0x4B, 0x4D, 0x4E, 0x50...0x54, 0x56...0x5A: true
        default: false
        }
    }
}
