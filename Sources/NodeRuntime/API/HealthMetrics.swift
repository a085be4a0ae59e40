import Finality
import Ordering
import Primitives

/// The health board in the Prometheus text exposition format 0.0.4.
package enum HealthMetrics {
    /// The figures of a report. What nothing was heard of has no figure: an alarm on its absence is the right alarm.
    package static func text(_ report: HealthReport) -> String {
        var text = ""
        func gauge(
            _ name: String, _ help: String, kind: String = "gauge", _ samples: [(labels: String, value: Int64)]
        ) {
            guard !samples.isEmpty else { return }
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
            for sample in samples { text += "\(name)\(sample.labels) \(sample.value)\n" }
        }
        func each(_ value: (HealthReport.Member) -> Int64?) -> [(labels: String, value: Int64)] {
            report.members.compactMap { member in
                // A party is an identifier: letters, digits and four marks that need no escape.
                value(member).map { ("{party=\"\(member.party)\"}", $0) }
            }
        }
        let own = report.own?.status
        gauge(
            "linlian_certificate_end_seconds", "When a node's first certificate ends, since 1970 UTC",
            each { $0.status?.certificateEnd.map { $0.milliseconds / 1_000 } })
        gauge(
            "linlian_certificate_warning", "1 while a node's first certificate has less than 30 days left",
            each { member in
                report.certificateDays(of: member).map { $0 < HealthReport.certificateDays ? 1 : 0 }
            })
        gauge(
            "linlian_node_lag_blocks", "Final blocks that a node lacks",
            each { report.lag(of: $0).map { Int64(clamping: $0) } })
        gauge(
            "linlian_node_clock_offset_ms", "A node's clock against this one's", each { $0.clockOffset })
        gauge("linlian_node_silent", "1 while nothing is heard of a node", each { report.isSilent($0) ? 1 : 0 })
        gauge(
            "linlian_disk_free_bytes", "Bytes free on the disk with the node's folder",
            each {
                $0.status.map { Int64(clamping: $0.diskFree) }
            })
        var faults: [Misbehaviour.Kind: Int64] = [:]
        for fault in report.faults { faults[fault.misbehaviour.kind, default: 0] += Int64(fault.count) }
        gauge(
            "linlian_faults_total", "Faults seen by this node", kind: "counter",
            Misbehaviour.Kind.allCases.map { ("{kind=\"\($0.rawValue)\"}", faults[$0] ?? 0) })
        gauge(
            "linlian_divergences_total", "How often this node took blocks back", kind: "counter",
            [("", Int64(report.divergences))])
        gauge(
            "linlian_engine_reached", "1 while the ordering engine is reached", [("", report.isEngineReached ? 1 : 0)])
        if let archive = report.archive {
            gauge("linlian_archived_leaves", "Leaves in the archive", [("", Int64(clamping: archive.leaves))])
            gauge(
                "linlian_archive_last_success_seconds", "When the node archived last without a fault, since 1970 UTC",
                archive.lastSuccess.map { [("", $0.milliseconds / 1_000)] } ?? [])
            gauge(
                "linlian_archive_failing", "1 while the node cannot archive, by the code of why",
                [(archive.failure.map { "{code=\"\($0)\"}" } ?? "", archive.failure == nil ? 0 : 1)])
            gauge(
                "linlian_archive_failures_total", "How often the node could not archive", kind: "counter",
                [("", Int64(clamping: archive.failures))])
            gauge(
                "linlian_archive_read_failures_total", "How often old leaves could not be read from the archive",
                kind: "counter", [("", Int64(clamping: archive.readFailures))])
        }
        if let own {
            gauge("linlian_final_height", "Height of the newest final block", [("", Int64(clamping: own.final) - 1)])
            gauge(
                "linlian_open_blocks", "Blocks that are executed and not final",
                [("", Int64(clamping: own.executed - own.final))])
        }
        return text
    }
}
