import Foundation

/// The module's own source, for tests that hold what it may not do.
enum Sources {
    /// Name and text of every Swift file under a folder of the module.
    static func swift(under folder: String, file: String = #filePath) throws -> [(name: String, text: String)] {
        let root = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: folder)
        let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        let files = (found?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
        return try files.map { ($0.lastPathComponent, String(decoding: try Data(contentsOf: $0), as: UTF8.self)) }
    }
}
