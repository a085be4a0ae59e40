import Finality
import Hummingbird
import Ordering
import PageKit
import Primitives

/// `GET /api/v1/health`: how all nodes are, as this one knows it.
struct HealthAPI: Sendable {
    let node: Node

    func add(to router: Router<PageRequestContext>) {
        router.get("/api/v1/health") { _, _ in HealthAPI.answer(try await node.health(), origin: node.origin) }
    }

    private static func answer(_ report: HealthReport, origin: String) -> Response {
        Answer.object { fields in
            if let archive = report.archive {
                fields.field(
                    "archive",
                    object: { fields in
                        if let failure = archive.failure { fields.field("failure", failure) }
                        if let time = archive.lastSuccess { fields.field("lastSuccess", time.milliseconds) }
                        fields.field("leaves", Int64(clamping: archive.leaves))
                    })
            }
            fields.field("divergences", report.divergences)
            fields.field("engineReached", report.isEngineReached)
            fields.field("evidence", array: report.evidence) { writer, file in
                writer.object { fields in
                    fields.field("digest", file.digest.hex)
                    fields.field("party", file.party)
                }
            }
            if let failure = report.failure { fields.field("failure", failure) }
            fields.field("faults", array: report.faults) { writer, fault in
                writer.object { fields in
                    fields.field("count", fault.count)
                    fields.field("kind", fault.misbehaviour.kind.rawValue)
                    fields.field("last", fault.last.milliseconds)
                    if !fault.misbehaviour.party.isEmpty { fields.field("party", fault.misbehaviour.party) }
                }
            }
            fields.field("finalBlocks", Int64(clamping: report.highest))
            fields.field("ledger", origin)
            fields.field("nodes", array: report.members) { writer, member in
                writer.object { HealthAPI.write(member, report, to: &$0) }
            }
            fields.field("now", report.now.milliseconds)
            fields.field("shared", report.isShared)
            fields.field("witnesses", array: report.witnesses) { writer, witness in
                writer.object { fields in
                    fields.field("failing", witness.isFailing)
                    if let time = witness.lastCosigned { fields.field("lastCosigned", time.milliseconds) }
                    fields.field("name", witness.name)
                }
            }
        }
    }

    private static func write(_ member: HealthReport.Member, _ report: HealthReport, to fields: inout JSONWriter) {
        fields.field("alarms", array: report.alarms(of: member)) { $0.string($1.rawValue) }
        if let end = member.status?.certificateEnd { fields.field("certificateEnd", end.milliseconds) }
        if let offset = member.clockOffset { fields.field("clockOffset", offset) }
        if let cosigned = member.cosigned {
            fields.field(
                "cosigned",
                object: { fields in
                    fields.field("size", Int64(clamping: cosigned.size))
                    fields.field("time", cosigned.time.milliseconds)
                })
        }
        if let status = member.status {
            fields.field("diskFree", Int64(clamping: status.diskFree))
            fields.field("engineReached", status.isEngineReached)
            fields.field("executedBlocks", Int64(clamping: status.executed))
            fields.field("faults", Int64(clamping: status.faults))
            fields.field("finalBlocks", Int64(clamping: status.final))
        }
        if let heard = member.heard { fields.field("heard", heard.milliseconds) }
        if let lag = report.lag(of: member) { fields.field("lag", Int64(clamping: lag)) }
        fields.field("observes", member.observes)
        fields.field("party", member.party)
        fields.field("self", member.isOwn)
        fields.field("silent", report.isSilent(member))
        if let status = member.status { fields.field("version", status.version) }
    }
}
