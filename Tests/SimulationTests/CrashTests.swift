import LedgerCore
import LedgerSamples
import LedgerTesting
import Storage
import Testing

@Suite("A node that is killed", .serialized)
struct CrashTests {
    static let deaths: [(WritePoint, Int)] = WritePoint.allCases.flatMap { point in
        switch point {
        // A snapshot is written once in such a short life, when the node stops.
        case .beforeSnapshot, .insideSnapshot, .afterSnapshot: [(point, 1)]
        default: [(point, 1), (point, 2), (point, 5), (point, 11)]
        }
    }

    @Test(
        "At any write point: everything acknowledged is there, nothing twice, and the node goes on", arguments: deaths)
    func dies(at point: WritePoint, occurrence: Int) async throws {
        let folder = try CrashFolder()
        let label = "\(point) \(occurrence)"
        let ending = try folder.run(0, groups: 60, dieAt: (point, occurrence))
        #expect(ending.killed && !ending.ended, "\(label): the node did not die: \(ending)")
        try await folder.open { node in
            try await folder.check(node, "\(label), restarted")
            try await folder.submit(0, groups: 60, to: node)
            try await folder.check(node, "\(label), all submitted again")
        }
        try await folder.open { try await folder.check($0, "\(label), opened again") }
        let second = try folder.run(1, groups: 20)
        #expect(second.ended && second.status == 0, "\(label): the second run: \(second)")
        try await folder.open { try await folder.check($0, "\(label), after a second run") }
    }

    @Test("Many times in a row, without a clean stop between", arguments: [UInt64(71), 72])
    func diesOften(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let folder = try CrashFolder()
        for life in 0..<12 {
            let (point, _) = Self.deaths[Int.random(in: 0..<Self.deaths.count, using: &random)]
            let occurrence = Int.random(in: 1...12, using: &random)
            let ending = try folder.run(life / 2, groups: 40, dieAt: (point, occurrence))
            #expect(ending.killed || ending.ended, "seed \(seed), life \(life): \(ending)")
        }
        try await folder.open { try await folder.check($0, "seed \(seed)") }
        try await folder.open { node in
            for run in 0..<6 { try await folder.submit(run, groups: 40, to: node) }
            try await folder.check(node, "seed \(seed), all submitted again")
        }
        try await folder.open { try await folder.check($0, "seed \(seed), opened again") }
    }
}
