import ConstitutionContract
package import ContractKit
import Primitives
import RegistryContract

extension OpenMotion {
    /// Announces the motion and sets its clock.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(AssemblyRoles.convener)
        guard let party = execution.caller.party else { throw Reason.notAllowed.at("as") }
        try check()
        guard !AssemblyTables.motions.contains(motion, in: execution) else {
            throw AssemblyReason.motionKnown.at("motion")
        }
        let rules = try MotionRules(in: execution)
        let begins = try rules.beginning(of: self, at: execution.time)
        try MotionRules.checkRoll(scope, in: execution)
        if let unit {
            guard let home = try OwnerRoll.unit(unit, in: execution), scope.includes(building: home.entry.building)
            else { throw AssemblyReason.conversion.at("unit") }
        }
        let row = MotionRow(announcing: self, opens: begins, party: party, rules: rules, at: execution.time)
        AssemblyTables.motions.put(motion, row, in: &execution)
        AssemblyTables.texts.put(motion, MotionText(title: title, text: text), in: &execution)
        execution.emit(MotionOpened(motion: motion, row: row, title: title))
        execution.schedule(AssemblyDue.close, id: motion, at: closes)
        if begins <= execution.time {
            try MotionClock.open(motion, &execution)
        } else {
            execution.schedule(AssemblyDue.open, id: motion, at: begins)
        }
    }
}

/// The rule values in force when a motion is announced.
struct MotionRules {
    let noticeDays: Int64
    let minimumDays: Int64
    let maximumDays: Int64
    let changePolicy: ChangePolicy

    init(in execution: borrowing Execution) throws(Reason) {
        noticeDays = try Parameters.integer(AssemblyParameters.noticeDays, in: execution)
        minimumDays = try Parameters.integer(AssemblyParameters.minimumVotingDays, in: execution)
        maximumDays = try Parameters.integer(AssemblyParameters.maximumVotingDays, in: execution)
        changePolicy =
            ChangePolicy(rawValue: try Parameters.text(AssemblyParameters.changePolicy, in: execution)) ?? .none
    }

    var noticeShortened: Bool { noticeDays < AssemblyParameters.lawfulNoticeDays }

    /// When voting on `motion`, announced at `time`, begins.
    func beginning(of motion: OpenMotion, at time: Instant) throws(Reason) -> Instant {
        let earliest = time.advanced(byDays: noticeDays)
        let opens = motion.opens ?? earliest
        guard opens >= earliest else { throw AssemblyReason.notice.at("opens") }
        guard motion.closes > opens, motion.closes >= opens.advanced(byDays: minimumDays),
            motion.closes <= opens.advanced(byDays: maximumDays)
        else { throw AssemblyReason.period.at("closes") }
        return opens
    }

    static func checkRoll(_ scope: RollScope, in execution: borrowing Execution) throws(Reason) {
        guard try OwnerRoll.totals(scope, in: execution).units > 0 else { throw AssemblyReason.scopeEmpty.at("scope") }
        guard try OwnerRoll.unitCount(in: execution) <= AssemblyLimits.units else { throw AssemblyReason.rollTooLarge }
    }
}

extension WithdrawMotion {
    /// Takes the motion back.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(AssemblyRoles.convener)
        var row = try AssemblyTables.motions.require(
            motion, in: execution, else: AssemblyReason.motionUnknown.at("motion"))
        guard row.party == execution.caller.party else { throw AssemblyReason.notConvener.at("as") }
        switch row.status {
        case .announced: guard execution.time < row.opens else { throw AssemblyReason.begun }
        case .open: throw AssemblyReason.begun
        case .closed: throw AssemblyReason.closed
        case .withdrawn: throw AssemblyReason.withdrawn
        }
        row.status = .withdrawn
        AssemblyTables.motions.put(motion, row, in: &execution)
        execution.unschedule(AssemblyDue.open, id: motion, at: row.opens)
        execution.unschedule(AssemblyDue.close, id: motion, at: row.closes)
        execution.emit(MotionWithdrawn(motion: motion))
    }
}

extension CastBallot {
    /// Records the unit's ballot, or replaces it where the motion allows that.
    package func execute(_ execution: inout Execution) throws(Reason) {
        try execution.requireRole(AssemblyRoles.resident)
        let row = try AssemblyTables.motions.require(
            motion, in: execution, else: AssemblyReason.motionUnknown.at("motion"))
        try row.requireVoting(at: execution.time)
        let home = try OwnerRoll.unit(unit, in: execution)
        guard let home else { throw AssemblyReason.unitUnknown.at("unit") }
        guard let owner = try OwnerRoll.owner(ofAccount: execution.caller.account, in: execution),
            owner == home.entry.owner
        else { throw AssemblyReason.notOwner.at("unit") }
        let id = AssemblyTables.ballotID(motion: motion, number: home.number)
        if let old = try AssemblyTables.ballots.find(id, in: execution) {
            // A vote that was cast before the unit was sold stands: only the owner who cast it may change it.
            guard row.changePolicy == .once, !old.changed, old.owner == owner else { throw AssemblyReason.ballotSecond }
            var changed = old
            changed.choice = choice
            changed.changed = true
            AssemblyTables.ballots.put(id, changed, in: &execution)
            execution.emit(
                BallotChanged(ballot: BallotNotice(motion: motion, number: home.number, ballot: changed)))
            return
        }
        try row.requireVote(of: home, owner: owner, in: execution)
        let ballot = BallotRow(unit: unit, owner: owner, area: home.entry.area, choice: choice)
        var turnout = try AssemblyTables.turnouts.find(motion, in: execution) ?? TurnoutRow()
        turnout.ballots = try turnout.ballots.adding(1)
        turnout.area = Area(hundredths: try turnout.area.hundredths.adding(ballot.area.hundredths))
        AssemblyTables.turnouts.put(motion, turnout, in: &execution)
        AssemblyTables.ballots.put(id, ballot, in: &execution)
        execution.emit(BallotCast(ballot: BallotNotice(motion: motion, number: home.number, ballot: ballot)))
    }
}

extension MotionRow {
    /// Refuses unless ballots are taken at `time`. The end counts to the millisecond, whether or not the due action has
    /// run yet.
    fileprivate func requireVoting(at time: Instant) throws(Reason) {
        switch status {
        case .announced: throw AssemblyReason.notOpen
        case .closed: throw AssemblyReason.closed
        case .withdrawn: throw AssemblyReason.withdrawn
        case .open: guard time < closes else { throw AssemblyReason.closed }
        }
    }

    /// Refuses a unit that has no vote on this motion.
    fileprivate func requireVote(
        of home: UnitRow, owner: String, in execution: borrowing Execution
    ) throws(Reason) {
        guard scope.includes(building: home.entry.building), home.number <= units
        else { throw AssemblyReason.unitOutside.at("unit") }
        guard let unit else { return }
        guard try OwnerRoll.unit(unit, in: execution)?.entry.owner != owner
        else { throw AssemblyReason.unitOutside.at("unit") }
    }
}

/// What happens to a motion when its time has come.
enum MotionClock {
    /// Voting begins.
    static func open(_ motion: String, _ execution: inout Execution) throws(Reason) {
        var row = try AssemblyTables.motions.require(motion, in: execution, else: AssemblyReason.motionUnknown)
        guard row.status == .announced else { return }
        let units = try OwnerRoll.unitCount(in: execution)
        guard units <= AssemblyLimits.units else {
            // The roll has outgrown the count since the announcement; a motion must not stay announced for ever.
            row.status = .withdrawn
            AssemblyTables.motions.put(motion, row, in: &execution)
            execution.emit(MotionWithdrawn(motion: motion, cause: AssemblyReason.rollTooLarge))
            return
        }
        let roll = try OwnerRoll.totals(row.scope, in: execution)
        row.status = .open
        row.units = units
        AssemblyTables.motions.put(motion, row, in: &execution)
        AssemblyTables.rolls.put(motion, roll, in: &execution)
        execution.emit(VotingOpened(motion: motion, roll: roll))
    }

    /// Voting ends.
    static func close(_ motion: String, _ execution: inout Execution) throws(Reason) {
        var row = try AssemblyTables.motions.require(motion, in: execution, else: AssemblyReason.motionUnknown)
        guard row.status == .open else { return }
        let result = try MotionCount.run(motion: motion, row, in: execution)
        row.status = .closed
        AssemblyTables.motions.put(motion, row, in: &execution)
        AssemblyTables.results.put(motion, result, in: &execution)
        execution.emit(MotionClosed(motion: motion, result: result))
    }
}
