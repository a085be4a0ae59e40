import ContractKit
package import Finality
import LedgerCore
package import Primitives
import Storage

/// How all nodes of a ledger are, as one of them knows it: what the health board, `/api/v1/health` and `/metrics` tell.
package struct HealthReport: Sendable {
    /// One party's node.
    package struct Member: Sendable {
        /// The party.
        package var party: String
        /// Whether it is the node that reports.
        package var isOwn: Bool
        /// Whether it only watches the ledger.
        package var observes: Bool
        /// What it said last; nil if nothing was heard yet.
        package var status: StatusStatement?
        /// When it said that, by the reporting node's clock.
        package var heard: Instant?
        /// Its clock against the reporting node's in ms; nil where that is not known.
        package var clockOffset: Int64?
        /// What it cosigned last.
        package var cosigned: HealthBoard.Cosigned?

        /// A node.
        package init(
            party: String, isOwn: Bool = false, observes: Bool = false, status: StatusStatement? = nil,
            heard: Instant? = nil, clockOffset: Int64? = nil, cosigned: HealthBoard.Cosigned? = nil
        ) {
            self.party = party
            self.isOwn = isOwn
            self.observes = observes
            self.status = status
            self.heard = heard
            self.clockOffset = clockOffset
            self.cosigned = cosigned
        }
    }

    /// A witness of `network.json`.
    package struct Witness: Sendable {
        /// Its name.
        package var name: String
        /// When it cosigned last; nil before it has.
        package var lastCosigned: Instant?
        /// Whether the last request to it failed.
        package var isFailing: Bool

        /// A witness.
        package init(name: String, lastCosigned: Instant?, isFailing: Bool) {
            self.name = name
            self.lastCosigned = lastCosigned
            self.isFailing = isFailing
        }
    }

    /// How it stands with the archive of old leaves.
    package struct Archive: Sendable {
        /// Number of leaves in it.
        package var leaves: UInt64
        /// When the running node archived last without a fault; nil before it has.
        package var lastSuccess: Instant?
        /// Why it last could not, as a code; nil if it could.
        package var failure: String?
        /// How often the running node could not archive.
        package var failures: UInt64
        /// How often old leaves could not be read from it.
        package var readFailures: UInt64

        /// An archive.
        package init(
            leaves: UInt64, lastSuccess: Instant? = nil, failure: String? = nil, failures: UInt64 = 0,
            readFailures: UInt64 = 0
        ) {
            self.leaves = leaves
            self.lastSuccess = lastSuccess
            self.failure = failure
            self.failures = failures
            self.readFailures = readFailures
        }
    }

    /// A node of which nothing was heard for longer, in ms, is silent.
    package static let silence: Int64 = 15_000
    /// A clock further off than this, in ms, is wrong.
    package static let wrongClock: Int64 = 5_000
    /// A node so many blocks behind is behind; fewer are on their way.
    package static let behind: UInt64 = 20
    /// Less disk than this, in bytes, is little.
    package static let littleDisk: UInt64 = 2 << 30
    /// A certificate with fewer days than this is to be renewed.
    package static let certificateDays: Int64 = 30

    /// The reporting node's clock.
    package var now: Instant
    /// Whether several parties keep the ledger.
    package var isShared: Bool
    /// Whether blocks can be made here; else the code of why not.
    package var failure: String?
    /// Whether the ordering engine is reached from here.
    package var isEngineReached: Bool
    /// The nodes, in the order of admission.
    package var members: [Member]
    /// Faults seen here, the latest first.
    package var faults: [HealthBoard.Fault]
    /// How often this node had to take blocks back.
    package var divergences: Int
    /// Evidence kept here.
    package var evidence: [EvidenceFolder.File]
    /// Witnesses that this node asks.
    package var witnesses: [Witness]
    /// The archive of old leaves; nil if the node has none.
    package var archive: Archive?

    /// A report.
    package init(
        now: Instant, isShared: Bool, failure: String? = nil, isEngineReached: Bool, members: [Member],
        faults: [HealthBoard.Fault] = [], divergences: Int = 0, evidence: [EvidenceFolder.File] = [],
        witnesses: [Witness] = [], archive: Archive? = nil
    ) {
        self.now = now
        self.isShared = isShared
        self.failure = failure
        self.isEngineReached = isEngineReached
        self.members = members
        self.faults = faults
        self.divergences = divergences
        self.evidence = evidence
        self.witnesses = witnesses
        self.archive = archive
    }

    /// The reporting node's own entry.
    package var own: Member? { members.first(where: \.isOwn) }

    /// The most blocks that are final on any node.
    package var highest: UInt64 { members.compactMap { $0.status?.final }.max() ?? 0 }

    /// How many final blocks a node lacks; nil where nothing was heard of it.
    package func lag(of member: Member) -> UInt64? { member.status.map { highest - $0.final } }

    /// Whether a node has been silent for too long.
    package func isSilent(_ member: Member) -> Bool {
        guard let heard = member.heard else { return true }
        return heard.advanced(byMilliseconds: HealthReport.silence) < now
    }

    /// Whole days until a node's first certificate ends, negative after it; nil where it has none.
    package func certificateDays(of member: Member) -> Int64? {
        member.status?.certificateEnd.map { end in
            let left = end.milliseconds - now.milliseconds
            return left >= 0 ? left / Instant.day : -1 - (-left / Instant.day)
        }
    }

    /// What is wrong with a node, the worst first.
    package enum Alarm: String, Sendable, CaseIterable {
        /// Nothing was heard for too long.
        case silent
        /// A certificate has ended.
        case certificateEnded
        /// It does not reach the engine.
        case engine
        /// It is behind.
        case behind
        /// Its clock is wrong.
        case clock
        /// Its disk is nearly full.
        case disk
        /// A certificate ends within 30 days.
        case certificate
    }

    /// What is wrong with a node. What a silent one said before says nothing of its engine and clock now.
    package func alarms(of member: Member) -> [Alarm] {
        let days = certificateDays(of: member)
        let silent = isSilent(member)
        var alarms: [Alarm] = silent ? [.silent] : []
        if let days, days < 0 { alarms.append(.certificateEnded) }
        if !silent, let status = member.status {
            if !status.isEngineReached { alarms.append(.engine) }
            if lag(of: member) ?? 0 >= HealthReport.behind { alarms.append(.behind) }
            if let offset = member.clockOffset, offset.magnitude > UInt64(HealthReport.wrongClock) {
                alarms.append(.clock)
            }
            if status.diskFree < HealthReport.littleDisk { alarms.append(.disk) }
        }
        if let days, (0..<HealthReport.certificateDays).contains(days) { alarms.append(.certificate) }
        return alarms
    }
}

extension Node {
    /// How all nodes are, as this one knows it.
    package func health() async throws -> HealthReport {
        let now = clock()
        let network = try LedgerTables.network.find("current", in: state)
        let status = await reporter.status()
        let parties = network?.members ?? [.init(party: party, cosigner: "")]
        let members = parties.map { member in
            let isOwn = member.party == party
            let word = isOwn ? nil : board.word(of: member.party)
            return HealthReport.Member(
                party: member.party, isOwn: isOwn, observes: member.observes,
                status: isOwn ? status : word?.status, heard: isOwn ? now : word?.heard,
                clockOffset: isOwn ? 0 : word?.clockOffset, cosigned: board.cosigned(by: member.party))
        }
        return HealthReport(
            now: now, isShared: network != nil, failure: await failureCode, isEngineReached: board.isEngineReached,
            members: members, faults: board.faults, divergences: board.divergences, evidence: evidence.files(),
            witnesses: witnesses.report.map { record in
                HealthReport.Witness(
                    name: record.name,
                    lastCosigned: record.lastCosigned == 0
                        ? nil : Instant(milliseconds: Int64(clamping: min(record.lastCosigned, 4_102_444_800)) * 1_000),
                    isFailing: record.isFailing)
            },
            archive: archiving.report.map { record in
                HealthReport.Archive(
                    leaves: store.archivedLeafCount, lastSuccess: record.lastSuccess, failure: record.failure,
                    failures: record.failures, readFailures: store.archived.failures)
            })
    }
}
