// Runs seeded schedules of several parties that keep one ledger, with real keys and the node's own replica.
// usage: finality-simulation [SCHEDULES [FIRST-SEED]]
// Prints the seed of each schedule that fails; exit code 1 if one does. A program of its own, because signatures cost
// twenty times as much in a debug build.

import Foundation

let count = CommandLine.arguments.count > 1 ? UInt64(CommandLine.arguments[1]) ?? 0 : 10_000
let first = CommandLine.arguments.count > 2 ? UInt64(CommandLine.arguments[2]) ?? 1 : 1
guard let parties = SimulatedParties.shared, count > 0 else {
    FileHandle.standardError.write(Data("usage: finality-simulation [SCHEDULES [FIRST-SEED]]\n".utf8))
    exit(64)
}
let workers = UInt64(max(1, ProcessInfo.processInfo.activeProcessorCount))
let started = ProcessInfo.processInfo.systemUptime
let tasks = (0..<workers).map { worker in
    Task { await failed(of: stride(from: first + worker, to: first + count, by: Int(workers)), parties) }
}
var failures: [String] = []
var stopped = 0
var losses = 0
for task in tasks {
    let result = await task.value
    failures += result.failures
    stopped += result.stopped
    losses += result.losses
}

@concurrent
func failed(of seeds: StrideTo<UInt64>, _ parties: SimulatedParties) async -> (
    failures: [String], stopped: Int, losses: Int
) {
    var failures: [String] = []
    var stopped = 0
    var losses = 0
    for seed in seeds where failures.count < 5 {
        do {
            var schedule = try Schedule(seed: seed, parties: parties)
            try schedule.run()
            losses += schedule.losses
        } catch is RightlyStopped {
            stopped += 1
        } catch {
            failures.append("seed \(seed): \(error)")
        }
    }
    return (failures, stopped, losses)
}

for failure in failures { print(failure) }
let seconds = Int(ProcessInfo.processInfo.systemUptime - started)
print(
    "\(count) schedules from seed \(first) in \(seconds) s, \(failures.count) failed, in \(stopped) a node stopped, "
        + "\(losses) times the engine was lost whole")
// Stopping is for what hardly ever happens; if it became usual, the rest would no longer be tried.
exit(failures.isEmpty && stopped * 100 <= count && (losses > 0 || count < 100) ? 0 : 1)
