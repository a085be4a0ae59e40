import ArgumentParser
import NodeRuntime
import Foundation

/// `linlian`: one program for a node's whole life.
@main
struct Linlian: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "linlian",
        abstract: "邻链: a neighbourhood decides, and anyone can check it.",
        discussion: """
            Exit codes: 0 all is well; 1 a check failed or a request was refused (the line says what and what to do); \
            2 the ledger is damaged; 3 a certificate ends soon; 64 the command line is wrong; \
            70 the machine failed (disk, network).
            """,
        version: SoftwareVersion.current,
        subcommands: [
            BenchCommand.self, DemoCommand.self, InitCommand.self, ServeCommand.self, ImportCommand.self,
            VerifyCommand.self, DiffCommand.self, ModulesCommand.self,
            WitnessCommand.self, NetworkCommand.self, ExportCommand.self, BackupCommand.self, RestoreCommand.self,
            ArchiveCommand.self,
            KeysCommand.self,
            ActCommand.self,
        ])

    static func main() async {
        ProcessMemory.keepForReuse()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            ExitStatus.leave(error)
        }
    }
}
