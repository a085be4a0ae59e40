import Foundation

/// Runs this program once more, for figures that another measurement in the same process would falsify.
enum OwnProcess {
    /// The one figure that `arguments` print as JSON.
    static func figure(_ arguments: [String]) async throws -> BenchFigure {
        let child = Process()
        child.executableURL = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        child.arguments = arguments + ["--json"]
        let pipe = Pipe()
        child.standardOutput = pipe
        try child.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        child.waitUntilExit()
        guard child.terminationStatus == 0 else { throw Complaint("the measured process ended with an error") }
        return try BenchFigure(json: String(decoding: output, as: UTF8.self))
    }
}
