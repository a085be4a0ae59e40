import Foundation
import PageKit
import Testing

/// Every refusal a person can meet has its words: the codes are read from the sources themselves.
@Suite("Reasons")
struct ReasonTests {
    /// Codes that only whoever checks a ledger meets: the command line tells them with the place, not a page.
    private static let forCheckers: Set<String> = ["leaf.form", "leaf.seal", "leaf.events"]

    private func swiftFiles(_ folder: URL) -> [URL] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
    }

    /// The codes in `Reason("…"` and in the problems of pages and API.
    private func codes() throws -> Set<String> {
        var found: Set<String> = []
        for file in swiftFiles(Material.root.appending(path: "Sources"))
            + swiftFiles(Material.root.appending(path: "Modules"))
        where !file.path.contains("/Tests/") && !file.path.contains("/Sources/linlian/") {
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            for match in text.matches(of: /Reason\("([a-z][A-Za-z.-]*)"/) { found.insert(String(match.1)) }
            for match in text.matches(of: /(?:Problem\([^"()]*code: |APIAnswer\.missing\()"([a-z][A-Za-z.]*)"/) {
                found.insert(String(match.1))
            }
        }
        return found
    }

    @Test("every code in the sources has a message and a help in both languages")
    func complete() throws {
        var sources = try Material.messages()
        for language in Language.allCases {
            let file = Material.root.appending(path: "Sources/NodeRuntime/Messages/\(language.rawValue).json")
            sources.append(MessageSource(language, try Material.bytes(file)))
        }
        let catalog = try MessageCatalog(sources)
        let lacking = Set(Language.allCases.flatMap { catalog.missing(in: $0) })
        let codes = try codes().subtracting(Self.forCheckers)
        #expect(codes.count > 90)
        for code in codes.sorted() {
            let dot = code.firstIndex(of: ".") ?? code.endIndex
            for part in ["message", "help"] {
                let key = "\(code[..<dot]).reason\(code[dot...]).\(part)"
                #expect(catalog.contains(key) && !lacking.contains(key), "\(key)")
            }
        }
    }
}
