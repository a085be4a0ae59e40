import Foundation
import PageKit

/// The pages' material as it lies in the package: PageKit's own and every module's, so that a new module is held to the
/// same rules without being named here.
enum Material {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Folders that hold `Templates` and `Messages`.
    static func parts() throws -> [URL] {
        let modules = root.appending(path: "Modules")
        let names = try FileManager.default.contentsOfDirectory(atPath: modules.path).sorted()
        let apps = names.map { modules.appending(path: "\($0)/App") }
        return [root.appending(path: "Sources/PageKit")]
            + apps.filter { FileManager.default.fileExists(atPath: $0.appending(path: "Messages").path) }
    }

    static func files(_ folder: String, in part: URL) throws -> [URL] {
        let place = part.appending(path: folder)
        guard FileManager.default.fileExists(atPath: place.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }
    }

    static func bytes(_ file: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: file)) }

    static func templates() throws -> [TemplateSource] {
        try parts().flatMap { try files("Templates", in: $0) }.map {
            TemplateSource($0.deletingPathExtension().lastPathComponent, try bytes($0))
        }
    }

    static func messages() throws -> [MessageSource] {
        var sources: [MessageSource] = []
        for part in try parts() {
            for language in Language.allCases {
                sources.append(
                    MessageSource(language, try bytes(part.appending(path: "Messages/\(language.rawValue).json"))))
            }
        }
        return sources
    }

    static func catalog() throws -> MessageCatalog { try MessageCatalog(messages()) }

    /// Stands in for SHA-256, which comes from outside: eight bytes of FNV-1a, four times.
    static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let eight = (0..<8).map { UInt8(truncatingIfNeeded: hash >> ($0 * 8)) }
        return eight + eight + eight + eight
    }

    static let now: Int64 = 1_772_692_200_000

    static func renderer(
        secure: Bool = false, name: String = "梧桐里小区", helpPhone: String = "12345"
    ) throws -> PageRenderer {
        PageRenderer(
            catalog: try catalog(), templates: try TemplateLibrary(templates()),
            assets: try Assets(OwnMaterial.assets, digest: digest),
            navigation: NavigationEntry.own + [
                NavigationEntry(
                    path: "/motions", messageKey: "assembly.navigation", icon: "icon-vote",
                    place: .section(.decisions), order: 10),
                NavigationEntry(
                    path: "/roll", messageKey: "registry.navigation", icon: "icon-people", place: .foot, order: 10),
            ],
            site: Site(name: name, secure: secure, demonstration: true, helpPhone: helpPhone),
            status: { LedgerStatus(origin: "wutongli.example/ledger", size: 12_345, checkpointTime: now - 60_000) },
            now: { now })
    }
}
