import OrderingEtcd
import Testing

@Suite("What is said of an etcd that is away")
struct OutageTests {
    @Test("One line when it goes, one when it is back")
    func once() {
        var outage = Outage()
        #expect(outage.worked(.follow, at: 0) == nil)
        #expect(outage.failed(.follow, at: 1_000) == .away)
        for time in 1...50 {
            #expect(outage.failed(time.isMultiple(of: 2) ? .submit : .follow, at: 1_000 + Int64(time)) == nil)
        }
        // Reading goes again, and writing does not yet.
        #expect(outage.worked(.follow, at: 1_100) == nil)
        #expect(outage.failed(.submit, at: 2_000) == nil)
        #expect(outage.worked(.submit, at: 3_500) == .back(failures: 52, milliseconds: 2_500))
        #expect(outage.worked(.submit, at: 3_600) == nil)
        #expect(outage.failed(.publish, at: 9_000) == .away)
    }

    @Test("A reminder a minute, with the count")
    func reminders() {
        var outage = Outage()
        var lines: [Int64: Outage.Line] = [:]
        for second in Int64(0)...200 {
            if let line = outage.failed(.submit, at: second * 1_000) { lines[second] = line }
        }
        #expect(
            lines == [
                0: .away, 60: .still(failures: 61, milliseconds: 60_000),
                120: .still(failures: 121, milliseconds: 120_000), 180: .still(failures: 181, milliseconds: 180_000),
            ])
    }

    @Test("One that comes and goes all the time is told of now and then")
    func flapping() {
        var outage = Outage()
        var lines: [Outage.Line] = []
        for round in Int64(0)..<600 {
            if let line = outage.failed(.follow, at: round * 1_000) { lines.append(line) }
            if let line = outage.worked(.follow, at: round * 1_000 + 500) { lines.append(line) }
        }
        let away = lines.count { $0 == .away }
        let back = lines.count { if case .back = $0 { true } else { false } }
        #expect(lines.count <= 2 * Outage.mostTold * 10 && away == back && away == Outage.mostTold * 10)
    }
}
