// A node that kills itself in the middle of its work, for the crash tests.
// usage: crash-node FOLDER RUN GROUPS [WRITE-POINT OCCURRENCE]
//        crash-node FOLDER catch-up ANSWERS HEIGHT [WRITE-POINT OCCURRENCE]
// Prints the id of each transaction once the node has acknowledged it, or the heights that it has caught up to, and "end" when
// it has closed its files.

import Foundation
import LedgerCore
import LedgerSamples
import Logging
import NodeRuntime
import Primitives
import Storage
import Synchronization

var arguments = CommandLine.arguments
let catchesUp = arguments.count > 2 && arguments[2] == "catch-up"
if catchesUp { arguments.remove(at: 2) }
guard arguments.count == 4 || arguments.count == 6, let run = catchesUp ? 0 : Int(arguments[2]),
    let count = Int(arguments[3])
else {
    FileHandle.standardError.write(Data("usage: crash-node FOLDER RUN GROUPS [WRITE-POINT OCCURRENCE]\n".utf8))
    exit(64)
}
let fatal = arguments.count == 6 ? WritePoint(rawValue: arguments[4]) : nil
let occurrence = arguments.count == 6 ? Int(arguments[5]) ?? 1 : 0
let reached = Mutex(0)

/// One line, on its way before the next step is taken.
@Sendable func tell(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

let onWrite: @Sendable (WritePoint) -> Void = { point in
    guard point == fatal else { return }
    let now = reached.withLock { reached in
        reached += 1
        return reached
    }
    if now == occurrence { kill(getpid(), SIGKILL) }
}

if catchesUp {
    try await CatchUp.run(arguments[1], answers: arguments[2], height: UInt64(count), onWrite: onWrite)
    exit(0)
}

var logger = Logger(label: "crash-node")
logger.logLevel = .critical
let node = try await Node.open(
    NodeDirectory(arguments[1]), catalog: SampleSigner.catalog, projections: [], logger: logger,
    clock: { SampleSigner.start }, onWrite: onWrite)
let working = Task { try await node.run() }
for status in try await node.submit(CrashScript.founding()) { tell(status.id.hex) }
let groups = try CrashScript.groups(run: run, count: count)
// Three at a time, so that blocks hold several groups and groups wait while a block is written.
try await withThrowingTaskGroup { workers in
    for worker in 0..<3 {
        workers.addTask {
            for group in stride(from: worker, to: groups.count, by: 3).map({ groups[$0] }) {
                for status in try await node.submit(group) { tell(status.id.hex) }
            }
        }
    }
    try await workers.waitForAll()
}
await node.shutDown()
try await working.value
try node.close()
tell("end")
