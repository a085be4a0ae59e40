import ArgumentParser
import NodeRuntime

/// `--data DIR`, the folder of a node.
struct DataOption: ParsableArguments {
    @Option(name: .customLong("data"), help: "The node's folder.")
    var path: String

    /// The folder, which must hold a node.
    func directory() throws -> NodeDirectory {
        let directory = NodeDirectory(path)
        _ = try directory.identity()
        return directory
    }
}
