import AssemblyContract
import BudgetingContract
import ContractKit
import Foundation
import LedgerCore
import NodeRuntime
import Primitives
import RegistryContract
import Synchronization

/// A clock that the demo turns: its first weeks are lived through in a second, with every legal period kept.
final class DemoClock: Sendable {
    private let time: Mutex<Instant>

    init(_ time: Instant) { self.time = Mutex(time) }

    var now: Instant { time.withLock { $0 } }

    func set(_ instant: Instant) { time.withLock { $0 = max($0, instant) } }
}

/// Founds the made-up neighbourhood and lets it live up to now.
struct DemoNeighbourhood {
    /// Homes for which the numbers of voters in `DemoTexts` are meant.
    static let usualHomes = 300
    private static let homesInBuilding = 60
    /// Homes whose owners have not enrolled: their codes are printed.
    private static let guests = 40
    /// Homes that the developer has not sold.
    private static let unsold = 6

    let directory: NodeDirectory
    let today: Instant
    /// How many homes there are: a neighbourhood, or as many as a whole town for measurements.
    var homes = usualHomes

    private struct Owner {
        let pseudonym: String
        let units: [String]
        let key: SigningKey
    }

    /// Makes everything and returns the enrolment codes of the owners who have not enrolled, with their units.
    func make() async throws -> [(code: EnrolmentCode, unit: String)] {
        let clock = DemoClock(day(-60))
        try await Founding.found(
            directory, origin: "demo.linlian.example/xingfuli",
            genesis: try GenesisFile(yaml: StandardGenesis.yaml(name: DemoTexts.name), from: "the demo"),
            clock: { clock.now })
        let salt = try RollSalt.read(directory)
        guard let key = try directory.signingKey("juweihui"), let owners = try directory.signingKey("yeweihui") else {
            throw Complaint("the demo's keys are missing")
        }
        return try await LocalNode.run(directory, clock: { clock.now }) { node in
            let committee = Signatory(node: node, key: key, capacity: .party("juweihui"))
            let assembly = Signatory(node: node, key: owners, capacity: .party("yeweihui"))
            let (roll, enrolled, waiting) = households(salt)
            clock.set(day(-58))
            for start in stride(from: 0, to: roll.count, by: 100) {
                try await committee.act(ImportUnits(rows: Array(roll[start..<min(start + 100, roll.count)])))
            }
            clock.set(day(-50))
            for start in stride(from: 0, to: enrolled.count, by: 100) {
                let part = enrolled[start..<min(start + 100, enrolled.count)]
                try await committee.act(
                    OpenAccounts(
                        accounts: try part.map { AssistedAccount(key: try $0.key.publicKey, owner: $0.pseudonym) }))
            }
            let notices = DemoNotices(
                node: node, today: today, parties: try keys(), residents: enrolled.map(\.key))
            try await live(clock, assembly: assembly, committee: committee, notices: notices, owners: enrolled)
            clock.set(today)
            let codes = try await CodeIssue(registrar: committee).issue(to: waiting.map(\.owner))
            return zip(codes, waiting).map { ($0, $1.unit) }
        }
    }

    /// The staff keys of all parties.
    private func keys() throws -> [String: SigningKey] {
        var keys: [String: SigningKey] = [:]
        for party in ["jiedao", "dangzhibu", "juweihui", "wuye", "yeweihui", "shehuizuzhi"] {
            keys[party] = try directory.signingKey(party)
        }
        return keys
    }

    private func day(_ offset: Int64) -> Instant { today.advanced(byDays: offset) }

    /// Units of buildings of sixty homes; some owners have two.
    private func households(
        _ salt: [UInt8]
    ) -> (roll: [ImportedUnit], enrolled: [Owner], waiting: [(owner: String, unit: String)]) {
        var roll: [ImportedUnit] = []
        var units: [String: [String]] = [:]
        var order: [String] = []
        let sizes: [Int64] = [6_450, 8_960, 10_440, 12_830, 14_275]
        for number in 0..<homes {
            let building = number / DemoNeighbourhood.homesInBuilding + 1
            let floor = number % DemoNeighbourhood.homesInBuilding / 4 + 1
            let door = number % 4 + 1
            let unit = "\(building)-\(floor)-\(door)"
            let isUnsold = number >= homes - DemoNeighbourhood.unsold
            // Every fifteenth home belongs to the owner of the one before it.
            let name = number % 15 == 14 ? number - 1 : number
            let owner = isUnsold ? nil : Pseudonym.owner("demo owner \(name)", salt: salt)
            roll.append(
                ImportedUnit(
                    unit: unit,
                    entry: UnitEntry(
                        area: Area(hundredths: sizes[(number * 7 + building) % sizes.count]), areaSource: .registry,
                        building: "\(building)", owner: owner, label: "\(building)号楼\(floor)层\(door)室")))
            if let owner {
                if units[owner] == nil { order.append(owner) }
                units[owner, default: []].append(unit)
            }
        }
        let waiting = order.suffix(DemoNeighbourhood.guests)
        let enrolled = order.dropLast(DemoNeighbourhood.guests).map { owner in
            Owner(pseudonym: owner, units: units[owner, default: []], key: SigningKey(generating: .es256))
        }
        return (roll, enrolled, waiting.map { ($0, units[$0, default: []].first ?? "") })
    }

    /// Everything that was announced, voted and closed until today, in the order of its days.
    private func live(
        _ clock: DemoClock, assembly: Signatory, committee: Signatory, notices: DemoNotices, owners: [Owner]
    ) async throws {
        var steps = notices.steps
        for motion in DemoTexts.motions {
            let open = OpenMotion(
                motion: motion.id, title: motion.title, text: motion.text, matter: .item(motion.matter),
                scope: .estate, opens: day(motion.opens), closes: day(motion.closes))
            steps.append((motion.announced, { try await assembly.act(open) }))
            if motion.opens < 0 {
                let texts = ballotsOn(motion, owners, assembly.node)
                steps.append((min(motion.opens + 1, 0), { try await assembly.node.submitAll(texts().map(\.bytes)) }))
            }
        }
        for budget in DemoTexts.budgets {
            steps.append((budget.opens - 1, { try await announce(budget, committee) }))
            let texts = ballotsOn(budget, owners, assembly.node)
            steps.append((min(budget.opens + 1, 0), { try await assembly.node.submitAll(texts().map(\.bytes)) }))
        }
        let ends = DemoTexts.motions.map(\.closes) + DemoTexts.budgets.map(\.closes) + DemoNotices.ends
        let progress = ProgressBar("demo", total: steps.count)
        for (number, step) in steps.enumerated().sorted(by: {
            ($0.element.day, $0.offset) < ($1.element.day, $1.offset)
        })
        .map(\.element).enumerated() {
            // What fell due before this day is done first, each at its own time.
            for end in ends.sorted() where end <= step.day { try await pass(day(end), clock, assembly.node) }
            // An hour before the day is full: the last step is in the past when the server starts.
            try await pass(day(step.day).advanced(byMilliseconds: -Instant.hour), clock, assembly.node)
            try await step.act()
            progress.reach(number + 1)
        }
        for end in ends.sorted() where end <= 0 { try await pass(day(end), clock, assembly.node) }
        progress.finish()
    }

    /// Turns the clock and waits until nothing that is due is left undone.
    private func pass(_ time: Instant, _ clock: DemoClock, _ node: Node) async throws {
        clock.set(time)
        for _ in 0..<200 where await node.hasDueActions() { try await Task.sleep(for: .milliseconds(20)) }
    }

    private func announce(_ budget: DemoTexts.Budget, _ committee: Signatory) async throws {
        try await committee.act(
            CreateVote(
                vote: budget.id, title: budget.title, budget: budget.budget, currency: "CNY", rule: budget.rule,
                minimumApprovals: 1, maximumApprovals: Int64(min(4, budget.projects.count)), opens: day(budget.opens),
                closes: day(budget.closes), step: 100, text: budget.text))
        try await committee.act(
            AddProjects(
                vote: budget.id,
                projects: budget.projects.map { ProjectEntry(id: $0.id, name: $0.name, cost: $0.cost) }))
        try await committee.act(PublishVote(vote: budget.id))
    }

    private func ballotsOn(
        _ motion: DemoTexts.Motion, _ owners: [Owner], _ node: Node
    ) -> @Sendable () throws -> [TransactionText] {
        {
            var texts: [TransactionText] = []
            for (number, owner) in owners.enumerated() where roll(motion.id, number, 1) < motion.share.part {
                let draw = roll(motion.id, number, 2)
                let choice: BallotChoice =
                    draw < motion.share.yes ? .yes : draw < motion.share.yes + motion.share.no ? .no : .abstain
                for unit in owner.units {
                    let ballot = CastBallot(motion: motion.id, unit: unit, choice: choice)
                    texts.append(try Signatory(node: node, key: owner.key, capacity: .resident).text(ballot))
                }
            }
            return texts
        }
    }

    private func ballotsOn(
        _ budget: DemoTexts.Budget, _ owners: [Owner], _ node: Node
    ) -> @Sendable () throws -> [TransactionText] {
        {
            var texts: [TransactionText] = []
            for (number, owner) in owners.prefix(budget.voters * homes / DemoNeighbourhood.usualHomes).enumerated() {
                var chosen = budget.projects.indices.filter {
                    roll(budget.id, number, 10 + $0) < budget.projects[$0].weight
                }.map { budget.projects[$0].id }
                if chosen.isEmpty { chosen = [budget.projects[number % budget.projects.count].id] }
                let ballot = CastBudgetBallot(vote: budget.id, projects: Array(chosen.prefix(4)))
                texts.append(try Signatory(node: node, key: owner.key, capacity: .resident).text(ballot))
            }
            return texts
        }
    }

    /// A number from 0 to 99 that is the same in every demo.
    private func roll(_ what: String, _ number: Int, _ salt: Int) -> Int {
        Int(CryptoSHA256.hash(Array("\(what) \(number) \(salt)".utf8)).word0 % 100)
    }
}
