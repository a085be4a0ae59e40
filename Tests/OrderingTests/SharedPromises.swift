import Ordering
import Primitives
import Testing

/// What an engine promises that several nodes share.
extension OrderingConformance {
    private func say(_ text: String, _ kind: Statement.Kind, _ party: String, at engine: Engine) async throws {
        // A statement is not put up again and again by the engine; whoever has something to say is.
        for _ in 0..<100 {
            do {
                return try await engine.publish(Statement(kind: kind, party: party, text: Array(text.utf8)))
            } catch {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        Issue.record("nothing could be said")
    }

    func tellsTheLatest(_ shared: OrderingBench<Engine>.Shared) async throws {
        let early = OrderingReader(shared.other)
        try await say("1", .seen, "a", at: engine)
        try await say("2", .seen, "a", at: engine)
        try await say("x", .cosigned, "a", at: engine)
        try await say("y", .seen, "b", at: shared.other)
        let late = OrderingReader(engine)
        let before = ["a seen": "2", "a cosigned": "x", "b seen": "y"]
        for reader in [early, late] {
            try await reader.wait("everything was heard") { $0.latestStatements == before }
        }
        try await say("3", .seen, "a", at: engine)
        try await say("ok", .status, "b", at: shared.other)
        let after = ["a seen": "3", "a cosigned": "x", "b seen": "y", "b status": "ok"]
        for reader in [early, late] {
            try await reader.wait("the news was heard") { $0.latestStatements == after }
        }
        // Also after a connection was lost.
        try await shared.breakConnections()
        try await say("4", .seen, "b", at: shared.other)
        for reader in [early, late] {
            try await reader.wait("the last word was heard") { $0.latestStatements["b seen"] == "4" }
        }
    }

    func goesOn(_ shared: OrderingBench<Engine>.Shared) async throws {
        let readers = [OrderingReader(engine), OrderingReader(shared.other)]
        for part in [0..<10, 10..<20, 20..<25] {
            try await submit(part)
            for reader in readers {
                #expect(try await reader.batches(part.upperBound).map(\.number) == Array(0..<part.upperBound))
            }
            try await shared.breakConnections()
        }
        for reader in readers {
            try await reader.wait("it is connected again") { $0.connections >= 3 }
            expectIncreasing(reader.batches.map(\.position), after: 0)
            // What is given again is what was given before, and goes on where that ended.
            var numbers: [UInt64: Int] = [:]
            var newest = 0
            for ordered in reader.ordered {
                #expect(numbers[ordered.position] ?? ordered.number == ordered.number)
                #expect(ordered.number <= newest, "batch \(ordered.number) came before batch \(newest)")
                numbers[ordered.position] = ordered.number
                newest = max(newest, ordered.number + 1)
            }
        }
    }

    func saysWhatIsMissing(_ shared: OrderingBench<Engine>.Shared) async throws {
        let steady = OrderingReader(engine)
        try await submit(0..<10)
        let last = try await steady.batches(10)[9].position
        try await shared.cutHistory()
        let late = OrderingReader(shared.other)
        try await late.finished()
        #expect(late.isMissingSomething && late.ordered.isEmpty)
        #expect(late.misbehaviours.map(\.kind) == [.compacted], "people can see why it had to ask the others")
        try await submit(10..<13)
        let again = [last, 0].map { OrderingReader(shared.other, after: $0, acceptingGap: true) }
        for reader in again { #expect(try await reader.batches(3).map(\.number) == [10, 11, 12]) }
        try await submit(13..<14)
        for reader in again {
            #expect(try await reader.batches(4).map(\.number) == [10, 11, 12, 13])
            #expect(!reader.isMissingSomething)
        }
        // Who has read all along notices nothing of it.
        #expect(try await steady.batches(14).map(\.number) == Array(0..<14))
        #expect(!steady.isMissingSomething)
    }

    func beginsAnew(_ shared: OrderingBench<Engine>.Shared) async throws {
        let reader = OrderingReader(engine)
        try await submit(0..<5)
        let last = try await reader.batches(5)[4].position
        var order = OrderName.first
        var before = last
        for round in 1...2 {
            // Nobody may take what comes for what was there, so positions go on from what people say.
            let start = OrderStart(
                position: before + 1_000, size: UInt64(round), root: Digest.zero,
                time: Instant(milliseconds: Int64(round)))
            let running = OrderingReader(shared.other, after: before, of: order)
            try await running.wait("it is reached") { $0.connections > 0 }
            try await shared.beginAnew(start)
            // Who reads is told and must come back, and so is who asks for an order of before.
            try await running.finished()
            let late = OrderingReader(engine, after: 0, of: order)
            try await late.finished()
            let begun = try #require(running.begunAnew)
            #expect(begun.start == start && begun.name != order && begun.name != .first)
            #expect(late.begunAnew?.start == start && late.begunAnew?.name == begun.name)
            #expect(late.ordered.isEmpty)
            order = begun.name
            let readers = [engine, shared.other].map { OrderingReader($0, after: start.position, of: order) }
            try await submit(round * 10..<round * 10 + 4)
            for reader in readers {
                let found = try await reader.batches(4)
                #expect(found.map(\.number) == Array(round * 10..<round * 10 + 4), "nothing of before is given")
                expectIncreasing(found.map(\.position), after: start.position)
                #expect(reader.begunAnew == nil && !reader.isMissingSomething)
                before = found[3].position
            }
            // Also from the middle, after a lost connection, and over a gap.
            let middle = OrderingReader(engine, after: before, of: order)
            let over = OrderingReader(shared.other, after: start.position, of: order, acceptingGap: true)
            try await middle.wait("it is reached") { $0.connections > 0 }
            try await shared.breakConnections()
            try await submit(round * 10 + 4..<round * 10 + 6)
            #expect(try await middle.batches(2).map(\.number) == [round * 10 + 4, round * 10 + 5])
            #expect(try await over.batches(6).map(\.number) == Array(round * 10..<round * 10 + 6))
            before = try await middle.batches(2)[1].position
        }
    }

    func putsUpOnce(_ shared: OrderingBench<Engine>.Shared) async throws {
        let readers = [OrderingReader(engine), OrderingReader(shared.other)]
        try await submit(0..<1)
        for reader in readers { _ = try await reader.batches(1) }
        try await shared.interrupt()
        async let first: Void = engine.submit(batch(1, "office"))
        async let second: Void = shared.other.submit(batch(2, "other"))
        // Longer than a call may take: it has failed at least once.
        try await Task.sleep(for: .milliseconds(1_300))
        for reader in readers { #expect(reader.batches.count == 1) }
        try await shared.restore()
        _ = try await (first, second)
        // Somebody who did not get the answer asks once more.
        try await submit(1..<2)
        try await submit(3..<4)
        for reader in readers {
            let found = try await reader.batches(4).map(\.number)
            #expect(found.first == 0 && found.last == 3 && found.sorted() == [0, 1, 2, 3])
            #expect(Set(reader.ordered.map(\.position)).count == 4, "nothing has two places")
        }
    }
}
