import HTTPTypes
import Hummingbird
import LedgerCore
import PageKit
import Primitives

/// How the node is: for whoever runs it.
struct HealthRoutes: Sendable {
    let node: Node
    let metrics: NodeMetrics

    func add(to router: Router<PageRequestContext>) {
        router.get("/healthz") { _, _ in await health() }
        router.get("/metrics") { _, _ in
            Answer.bytes(
                Array(await text().utf8), type: "text/plain; version=0.0.4; charset=utf-8", cacheControl: "no-store")
        }
        router.get("/robots.txt") { _, _ in
            // The ledger is public, but people need not be found by search engines through it.
            Answer.bytes(
                Array("User-agent: *\nDisallow: /ledger\nDisallow: /api\nDisallow: /tile\n".utf8),
                type: "text/plain; charset=utf-8", cacheControl: "public, max-age=86400")
        }
    }

    private func health() async -> Response {
        let failure = await node.failureCode
        let latest = node.hub.latest
        let waiting = await node.waitingTransactions
        var response = Answer.object { fields in
            if let failure { fields.field("code", failure) }
            if let latest { fields.field("height", Int64(clamping: latest.height)) }
            fields.field("ledger", node.origin)
            fields.field("size", Int64(clamping: latest?.size ?? 0))
            fields.field("status", literal: failure == nil ? "ok" : "failed")
            fields.field("waiting", waiting)
        }
        if failure != nil { response.status = .serviceUnavailable }
        return response
    }

    /// Prometheus text exposition format 0.0.4.
    private func text() async -> String {
        let counted = metrics.snapshot
        let latest = node.hub.latest
        var text = MetricsText()
        text.counter("linlian_transactions_accepted_total", "Transactions executed and accepted", counted.accepted)
        text.counters(
            "linlian_transactions_rejected_total", "Transactions executed and rejected", "code", counted.rejected)
        text.counters("linlian_transactions_refused_total", "Transactions refused at the gate", "code", counted.refused)
        text.gauge("linlian_ledger_height", "Height of the newest block", latest?.height ?? 0)
        text.gauge("linlian_ledger_size", "Leaves in the log", latest?.size ?? 0)
        text.gauge("linlian_ledger_transactions", "Transactions in the log", UInt64(node.transactions.count))
        text.gauge("linlian_state_keys", "Keys in the state", UInt64(node.state.count))
        text.gauge(
            "linlian_queue_transactions", "Transactions waiting for a block", UInt64(await node.waitingTransactions))
        text.gauge("linlian_healthy", "1 while blocks can be made", await node.failureCode == nil ? 1 : 0)
        text.seconds(
            "linlian_block_seconds_total", "Time that blocks have taken, by stage", "stage",
            node.times.seconds.map { ($0.stage.rawValue, $0.seconds) })
        text.witnesses(node.witnesses.report)
        if let report = try? await node.health() { text.text += HealthMetrics.text(report) }
        text.requests(counted.requests)
        return text.text
    }
}

/// Writes the exposition format.
private struct MetricsText {
    var text = ""

    private mutating func head(_ name: String, _ help: String, _ kind: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    mutating func counter(_ name: String, _ help: String, _ value: UInt64) {
        head(name, help, "counter")
        text += "\(name) \(value)\n"
    }

    mutating func gauge(_ name: String, _ help: String, _ value: UInt64) {
        head(name, help, "gauge")
        text += "\(name) \(value)\n"
    }

    mutating func counters(_ name: String, _ help: String, _ label: String, _ values: [String: UInt64]) {
        head(name, help, "counter")
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { text += "\(name){\(label)=\"\(key)\"} \(value)\n" }
    }

    mutating func seconds(_ name: String, _ help: String, _ label: String, _ values: [(String, Double)]) {
        head(name, help, "counter")
        for (key, value) in values { text += "\(name){\(label)=\"\(key)\"} \(value)\n" }
    }

    mutating func witnesses(_ records: [WitnessDesk.Record]) {
        guard !records.isEmpty else { return }
        func label(_ name: String) -> String {
            name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        }
        head("linlian_witness_last_cosigned_seconds", "When the witness cosigned last, since 1970 UTC", "gauge")
        for record in records {
            text += "linlian_witness_last_cosigned_seconds{witness=\"\(label(record.name))\"} \(record.lastCosigned)\n"
        }
        head("linlian_witness_failures_total", "Requests to the witness that failed", "counter")
        for record in records {
            text += "linlian_witness_failures_total{witness=\"\(label(record.name))\"} \(record.failures)\n"
        }
    }

    mutating func requests(_ groups: [NodeMetrics.Group: NodeMetrics.Durations]) {
        let known = NodeMetrics.Group.allCases.compactMap { group in groups[group].map { (group.rawValue, $0) } }
        head("linlian_http_requests_total", "Answered requests", "counter")
        for (group, durations) in known {
            for (digit, count) in durations.statuses.enumerated() where count > 0 {
                text += "linlian_http_requests_total{group=\"\(group)\",status=\"\(digit)xx\"} \(count)\n"
            }
        }
        head("linlian_http_request_seconds", "Time until an answer was ready", "histogram")
        for (group, durations) in known {
            var sum: UInt64 = 0
            for (place, count) in durations.counts.enumerated() {
                sum += count
                let limit =
                    place < NodeMetrics.limits.count ? "\(Double(NodeMetrics.limits[place]) / 1_000_000)" : "+Inf"
                text += "linlian_http_request_seconds_bucket{group=\"\(group)\",le=\"\(limit)\"} \(sum)\n"
            }
            text +=
                "linlian_http_request_seconds_sum{group=\"\(group)\"} \(Double(durations.microseconds) / 1_000_000)\n"
            text += "linlian_http_request_seconds_count{group=\"\(group)\"} \(sum)\n"
        }
    }
}
