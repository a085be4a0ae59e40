import Foundation
import PageKit
import Testing

/// Residents read plain words: receipt, record, deposit. The pages on which the ledger explains itself to those who check it may be exact.
@Suite("Plain words")
struct PlainWordsTests {
    /// Beginnings of keys that only those meet who check the ledger or whose program calls it.
    private static let exact = ["page.explorer.", "page.verify.", "page.fact."]

    private static func forbidden(in text: String) -> [String] {
        let words = Set(text.lowercased().split(whereSeparator: { !$0.isLetter }).map(String.init))
        let english = [
            "hash", "hashes", "nonce", "nonces", "transaction", "transactions", "blockchain", "payload", "merkle",
        ]
        let chinese = ["哈希", "随机数", "交易", "区块链", "散列", "默克尔"]
        return english.filter(words.contains) + chinese.filter(text.contains)
    }

    @Test("no message for residents is in the language of engineers")
    func messages() throws {
        for source in try Material.messages() {
            let texts = try JSONDecoder().decode([String: String].self, from: Data(source.bytes))
            for (key, text) in texts where !PlainWordsTests.exact.contains(where: key.hasPrefix) {
                let found = PlainWordsTests.forbidden(in: text)
                #expect(found.isEmpty, "\(key): \(text)")
            }
        }
    }

    @Test("the rule bites")
    func bites() {
        #expect(PlainWordsTests.forbidden(in: "The hash of your transaction") == ["hash", "transaction"])
        #expect(PlainWordsTests.forbidden(in: "这笔交易的哈希") == ["哈希", "交易"])
        #expect(PlainWordsTests.forbidden(in: "Rehash nothing; keep your receipt 凭据").isEmpty)
    }
}
