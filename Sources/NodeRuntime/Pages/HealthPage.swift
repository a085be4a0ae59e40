import Finality
import Hummingbird
import Ordering
package import PageKit
import Primitives

/// `/supervision`: how all nodes are, what was wrong, and what the supervision committee found, for anybody to read.
package struct HealthPage {
    private static let gigabyte: UInt64 = 1 << 30
    private static let megabyte: UInt64 = 1 << 20

    private let report: HealthReport
    private let findings: [HomeCard]
    private let wording: Wording
    private let name: (_ party: String) throws -> String

    /// A page that tells `report`; `findings` are the modules' cards, `name` what a party is called.
    package init(
        _ report: HealthReport, findings: [HomeCard], _ wording: Wording,
        name: @escaping (_ party: String) throws -> String
    ) {
        self.report = report
        self.findings = findings
        self.wording = wording
        self.name = name
    }

    /// The page.
    package func page() throws -> Page {
        var values = HomeCard.context(findings, wording)
        values["nodes"] = try report.members.map(node)
        values["figures"] = figures
        values["warnings"] = try warnings()
        values["faults"] = try report.faults.map(fault)
        values["hasFaults"] = !report.faults.isEmpty
        values["evidence"] = try report.evidence.map(evidence)
        values["hasEvidence"] = !report.evidence.isEmpty
        values["witnesses"] = report.witnesses.map(witness)
        values["hasWitnesses"] = !report.witnesses.isEmpty
        values["now"] = wording.moment(report.now.milliseconds)
        if report.divergences > 0 {
            values["divergences"] = wording.catalog.counted(
                "page.health.divergences", Int64(report.divergences), wording.language)
        }
        return Page(
            title: wording.say("page.health.title"), templateName: "health", context: values, scripts: ["health.js"])
    }

    private var figures: [[String: Any]] {
        let present = report.members.count { !report.isSilent($0) }
        var figures = [
            wording.figure(
                "page.health.figure.nodes",
                wording.say("page.health.of", ["part": "\(present)", "whole": "\(report.members.count)"])),
            wording.figure("page.health.figure.final", Formats.count(Int64(clamping: report.highest))),
        ]
        if let status = report.own?.status {
            figures.append(
                wording.figure(
                    "page.health.figure.open", Formats.count(Int64(clamping: status.executed - status.final))))
        }
        if report.isShared {
            figures.append(
                wording.figure(
                    "page.health.figure.engine",
                    wording.say(report.isEngineReached ? "page.health.reached" : "page.health.notReached")))
        }
        return figures
    }

    /// What somebody must do something about.
    private func warnings() throws -> [[String: Any]] {
        var warnings: [[String: Any]] = []
        if report.failure == "node.key" {
            warnings.append([
                "title": wording.say("page.health.warning.key"), "note": wording.say("page.health.warning.keyNote"),
                "command": wording.say("page.health.warning.keyCommand"),
            ])
        } else if let failure = report.failure {
            let key = failure == "node.diskFull" ? "page.health.warning.diskFull" : "page.health.warning.stopped"
            warnings.append(["title": wording.say(key), "note": wording.say("\(key)Note")])
        }
        if report.isShared, !report.isEngineReached {
            warnings.append([
                "title": wording.say("page.health.warning.engine"),
                "note": wording.say("page.health.warning.engineNote"),
            ])
        }
        let ending = report.members.filter { member in
            report.certificateDays(of: member).map { $0 < HealthReport.certificateDays } ?? false
        }
        if !ending.isEmpty {
            let lines = try ending.map { member in
                let days = report.certificateDays(of: member) ?? 0
                return wording.say(
                    "page.health.list", ["party": try name(member.party), "state": certificate(days)])
            }
            warnings.append([
                "title": wording.say("page.health.warning.certificate"), "lines": lines,
                "note": wording.say("page.health.warning.certificateNote"),
                "command": wording.say("page.health.warning.certificateCommand"),
            ])
        }
        if let failure = report.archive?.failure {
            warnings.append([
                "title": wording.say("page.health.warning.archive"),
                "note": wording.say("page.health.warning.archiveNote", ["code": failure]),
            ])
        }
        if !report.evidence.isEmpty {
            let parties = Set(report.evidence.map(\.party)).sorted()
            warnings.append([
                "title": wording.say(
                    "page.health.warning.equivocation", ["parties": wording.list(try parties.map(name))]),
                "note": wording.say("page.health.warning.equivocationNote"),
            ])
        }
        return warnings
    }

    private func node(_ member: HealthReport.Member) throws -> [String: Any] {
        let alarms = report.alarms(of: member)
        let pill: Pill =
            switch alarms.first {
            case nil: wording.pill(.good, "page.health.alarm.none")
            case .silent, .certificateEnded, .engine:
                wording.pill(.bad, "page.health.alarm.\(alarms[0].rawValue)")
            case .some(let alarm): wording.pill(.wait, "page.health.alarm.\(alarm.rawValue)")
            }
        var values: [String: Any] = [
            "name": try name(member.party), "pill": pill.context, "facts": facts(member), "id": member.party,
            "more": alarms.dropFirst().map { wording.say("page.health.alarm.\($0.rawValue)") },
        ]
        if member.isOwn { values["role"] = wording.say("page.health.own") }
        if member.observes { values["observes"] = true }
        if report.isSilent(member) {
            if let heard = member.heard {
                values["since"] = wording.moment(heard.milliseconds)
            } else {
                values["never"] = true
            }
        }
        return values
    }

    private func facts(_ member: HealthReport.Member) -> [[String: Any]] {
        var facts: [[String: Any]] = []
        if let status = member.status {
            facts.append(wording.fact("page.health.fact.final", Formats.count(Int64(clamping: status.final))))
            if let lag = report.lag(of: member) {
                facts.append(
                    wording.fact(
                        "page.health.fact.lag",
                        lag == 0
                            ? wording.say("page.health.noLag")
                            : wording.catalog.counted("page.health.lag", Int64(clamping: lag), wording.language)))
            }
        }
        if let cosigned = member.cosigned {
            facts.append(wording.fact("page.health.fact.cosigned", time: cosigned.time.milliseconds))
        } else if report.isShared {
            facts.append(wording.fact("page.health.fact.cosigned", wording.say("page.health.notYet")))
        }
        if !member.isOwn, let offset = member.clockOffset {
            let shown = offset > 0 ? "+\(Formats.count(offset))" : Formats.count(offset)
            facts.append(
                wording.fact("page.health.fact.clock", wording.say("page.health.milliseconds", ["count": shown])))
        }
        guard let status = member.status else { return facts }
        facts.append(wording.fact("page.health.fact.disk", HealthPage.size(status.diskFree)))
        if let days = report.certificateDays(of: member) {
            facts.append(wording.fact("page.health.fact.certificate", certificate(days)))
        }
        if report.isShared {
            facts.append(
                wording.fact(
                    "page.health.fact.engine",
                    wording.say(status.isEngineReached ? "page.health.reached" : "page.health.notReached")))
            facts.append(wording.fact("page.health.fact.faults", Formats.count(Int64(clamping: status.faults))))
        }
        facts.append(wording.fact("page.health.fact.version", status.version))
        return facts
    }

    private func certificate(_ days: Int64) -> String {
        days < 0
            ? wording.say("page.health.certificateEnded")
            : wording.catalog.counted("page.health.days", days, wording.language)
    }

    private static func size(_ bytes: UInt64) -> String {
        bytes >= gigabyte
            ? "\(Formats.count(Int64(clamping: bytes / gigabyte))) GB"
            : "\(Formats.count(Int64(clamping: bytes / megabyte))) MB"
    }

    private func fault(_ fault: HealthBoard.Fault) throws -> [String: Any] {
        let party = fault.misbehaviour.party
        return [
            "what": wording.say("page.health.fault.\(fault.misbehaviour.kind.rawValue)"),
            "who": party.isEmpty ? wording.say("page.health.nobody") : try name(party),
            "count": Formats.count(Int64(fault.count)), "last": wording.moment(fault.last.milliseconds),
        ]
    }

    private func evidence(_ file: EvidenceFolder.File) throws -> [String: Any] {
        [
            "party": try name(file.party), "digest": file.digest.hex,
            "path": "/supervision/evidence/\(file.digest.hex).txt",
        ]
    }

    private func witness(_ witness: HealthReport.Witness) -> [String: Any] {
        let pill =
            witness.isFailing
            ? wording.pill(.bad, "page.health.witnessFails")
            : witness.lastCosigned == nil
                ? wording.pill(.wait, "page.health.notYet") : wording.pill(.good, "page.health.witnessCosigns")
        var values: [String: Any] = ["name": witness.name, "pill": pill.context]
        if let time = witness.lastCosigned { values["last"] = wording.moment(time.milliseconds) }
        return values
    }
}

extension LedgerPages {
    /// The health board and the evidence that it offers.
    func addHealth(to router: Router<PageRequestContext>) {
        router.get("/supervision") { request, context in
            let wording = Wording(renderer, context.language)
            let findings = try modules.flatMap { try $0.supervisionCards(environment, context.language) }
            let page = try HealthPage(try await node.health(), findings: findings, wording) { party in
                for module in modules {
                    if let name = try module.name(ofParty: party, environment) { return name }
                }
                return party
            }.page()
            return try renderer.response(page, request: request, context: context)
        }
        router.get("/supervision/evidence/{file}") { _, context in
            let name = try context.parameters.require("file")
            guard name.hasSuffix(".txt"), let digest = Digest(hex: String(name.dropLast(4))),
                let file = node.evidence.file(digest)
            else { throw Problem(.notFound, code: "evidence.unknown") }
            var response = Answer.bytes(
                file.text, type: "text/plain; charset=utf-8", cacheControl: "public, max-age=31536000, immutable")
            response.headers[.contentDisposition] = "attachment; filename=\"linlian-evidence-\(name)\""
            return response
        }
    }
}
