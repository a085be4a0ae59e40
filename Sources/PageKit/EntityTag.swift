/// Validators of pages (RFC 9110 section 8.8.3).
package enum EntityTag {
    /// A weak tag of 64 bits by FNV-1a. It guards a reader's own copy of a public page and nothing else; what must be
    /// proved is proved by the ledger.
    package static func weak(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            hash ^= UInt64(byte)
            hash &*= 0x100_0000_01b3
        }
        return "W/\"\(String(hash, radix: 16))\""
    }

    /// Whether an `If-None-Match` names `tag`; weak comparison, at most 16 tags looked at.
    package static func matches(_ header: String?, _ tag: String) -> Bool {
        guard let header else { return false }
        return header.prefix(1024).split(separator: ",").prefix(16).contains { candidate in
            let bare = candidate.filter { $0 != " " }
            return bare == "*" || bare == tag || "W/\(bare)" == tag
        }
    }
}
