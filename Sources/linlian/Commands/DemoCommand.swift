import ArgumentParser
import Foundation
import NodeRuntime

/// `linlian demo`: a made-up neighbourhood to click through.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "A made-up neighbourhood of 300 homes: pages, open motions and a budget vote.",
        discussion: """
            The first start founds it and lets it live through two months in seconds, with every legal period kept; \
            later starts go on where it stopped. Everything is in the --data folder: delete it to begin anew.
            """)

    @Option(name: .customLong("data"), help: "The demo's folder.")
    var data = "demo-data"

    @OptionGroup var listen: ListenOptions

    func run() async throws {
        let directory = NodeDirectory(data)
        var options = try listen.serverOptions()
        options.isDemonstration = true
        if !directory.exists {
            let codes = try await DemoNeighbourhood(directory: directory, today: SystemClock.now).make()
            let lines = codes.map { "\($0.code.grouped),\($0.unit)" }.joined(separator: "\n")
            try Data(("code,unit\n" + lines + "\n").utf8).write(to: URL(fileURLWithPath: directory.file("codes.csv")))
        }
        let codes = try String(contentsOfFile: directory.file("codes.csv"), encoding: .utf8)
            .split(separator: "\n").dropFirst().map { $0.split(separator: ",").joined(separator: " ") }
        try await Service.run(directory, options: options) { node, address in
            print("address \(address)")
            for code in codes.prefix(8) { print("code \(code)") }
            print("policy \(directory.policyFile)")
            print("Each code enrols one owner, once; all \(codes.count) are in \(directory.file("codes.csv")).")
            print("Staff keys for \(address)/desk/key are in \(directory.file("keys")).")
            print("Open \(address)/enrol, enrol with a code, then vote under \(address)/motions. Ctrl-C stops.")
            fflush(nil)
        }
    }
}
