import Foundation
import Testing

@Suite("Browser code")
struct ScriptTests {
    @Test("node's tests of the scripts pass")
    func node() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let folder = Material.root.appending(path: "Tests/PageKitTests/js")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        process.arguments = ["node", "--test"] + files.map(\.path).filter { $0.hasSuffix(".test.mjs") }.sorted()
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
    }
}
