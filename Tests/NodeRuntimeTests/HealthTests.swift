import ContractKit
import enum Crypto.Curve25519
import Finality
import Foundation
import HTTPTypes
import HummingbirdTesting
import LedgerCore
import LedgerTesting
import MerkleLog
import NodeRuntime
import Ordering
import PageKit
import PageTesting
import Primitives
import Testing

@Suite("The health board")
struct HealthTests {
    private static let now = Instant(milliseconds: TestNode.start)

    private static func member(
        _ party: String, heard: Int64 = 2_000, final: UInt64 = 1_200, waiting: UInt64 = 0, offset: Int64? = 3,
        days: Int64? = 200, disk: UInt64 = 40 << 30, engine: Bool = true, cosigned: Bool = true
    ) -> HealthReport.Member {
        let status = StatusStatement(
            party: party, clock: now, executed: final + waiting, final: final, diskFree: disk,
            certificateEnd: days.map { now.advanced(byDays: $0) }, isEngineReached: engine, faults: 0,
            version: "0.1.0")
        return HealthReport.Member(
            party: party, isOwn: party == "own", observes: party == "observer", status: status,
            heard: now.advanced(byMilliseconds: -heard), clockOffset: offset,
            cosigned: cosigned ? .init(size: 4_000, time: now.advanced(byMilliseconds: -4_000)) : nil)
    }

    private static func evidence() throws -> Evidence {
        let key = Curve25519.Signing.PrivateKey()
        let signer = try #require(
            NodeSigner(origin: TestNode.origin, party: "twice", logKey: .init(), cosignerKey: key))
        func head(_ text: String) throws -> SignedCheckpoint {
            try signer.checkpoint(size: 7, root: CryptoSHA256.hash(Array(text.utf8)), at: now)
        }
        let second = try head("b")
        return Evidence(party: "twice", first: try head("a"), second: second, root: second.checkpoint.root)
    }

    /// A network in which everything that can be wrong is wrong somewhere.
    private static func report() -> HealthReport {
        let digest = CryptoSHA256.hash([1])
        return HealthReport(
            now: now, isShared: true, isEngineReached: false,
            members: [
                member("own", waiting: 3), member("well"), member("silent", heard: 15_001),
                HealthReport.Member(party: "never"),
                member("behind", final: 1_180), member("clock", offset: -5_001), member("disk", disk: 1 << 30),
                member("certificate", days: 29), member("ended", days: -2), member("engine", engine: false),
                member("observer", cosigned: false),
            ],
            faults: Misbehaviour.Kind.allCases.enumerated().map { number, kind in
                .init(
                    misbehaviour: Misbehaviour(kind, party: kind == .alarm ? "" : "well", position: 1),
                    last: now.advanced(byMilliseconds: -Int64(number) * 60_000), count: number + 1)
            },
            divergences: 2, evidence: [.init(digest: digest, party: "twice", text: [])],
            witnesses: [
                .init(name: "district", lastCosigned: now.advanced(byMilliseconds: -60_000), isFailing: false),
                .init(name: "university", lastCosigned: nil, isFailing: true),
            ])
    }

    @Test("alarms are raised at their limits and not before")
    func alarms() {
        let report = HealthTests.report()
        func alarms(_ member: HealthReport.Member) -> [HealthReport.Alarm] { report.alarms(of: member) }
        let byParty = Dictionary(uniqueKeysWithValues: report.members.map { ($0.party, alarms($0)) })
        #expect(byParty["own"] == [] && byParty["well"] == [] && byParty["observer"] == [])
        #expect(byParty["silent"] == [.silent] && byParty["never"] == [.silent])
        #expect(byParty["behind"] == [.behind] && byParty["clock"] == [.clock] && byParty["disk"] == [.disk])
        #expect(byParty["certificate"] == [.certificate] && byParty["ended"] == [.certificateEnded])
        #expect(byParty["engine"] == [.engine])
        #expect(alarms(HealthTests.member("x", heard: 15_000)) == [])
        #expect(alarms(HealthTests.member("x", final: 1_181)) == [])
        #expect(alarms(HealthTests.member("x", offset: 5_000, days: 30)) == [])
        #expect(alarms(HealthTests.member("x", days: 0)) == [.certificate])
    }

    @Test("the page tells all of it in both languages", arguments: Language.allCases)
    func page(language: Language) throws {
        let bench = try PageBench(RuleBench([]), contracts: [], modules: [])
        let renderer = try bench.renderer(now: HealthTests.now.milliseconds)
        let wording = Wording(renderer, language)
        let findings = [
            HomeCard(
                isOpen: true, title: "节点停机", kind: "finding", pill: Pill(.open, "open"),
                address: "/supervision/findings/f",
                time: nil, began: 1, isNews: true)
        ]
        let whole = try HealthPage(HealthTests.report(), findings: findings, wording) { "«\($0)»" }.page()
        let solo = HealthReport(
            now: HealthTests.now, isShared: false, isEngineReached: true,
            members: [HealthTests.member("own", offset: 0, days: nil, cosigned: false)])
        let pages = [("health", whole), ("health-solo", try HealthPage(solo, findings: [], wording) { $0 }.page())]
        for (name, page) in pages {
            let html = try renderer.html(page, language: language, path: "/supervision")
            Words.expectWhole(html, name)
            try bench.show(html, as: "\(name).\(language.rawValue)")
            try Words.expectSame(html, name, language)
        }
    }

    @Test("the figures for Prometheus name every node and every kind of fault")
    func metrics() {
        let text = HealthMetrics.text(HealthTests.report())
        for line in [
            "linlian_certificate_end_seconds{party=\"certificate\"} 1769731200",
            "linlian_certificate_warning{party=\"certificate\"} 1", "linlian_certificate_warning{party=\"ended\"} 1",
            "linlian_certificate_warning{party=\"well\"} 0",
            "linlian_node_lag_blocks{party=\"behind\"} 20", "linlian_node_lag_blocks{party=\"own\"} 0",
            "linlian_node_clock_offset_ms{party=\"clock\"} -5001", "linlian_disk_free_bytes{party=\"disk\"} 1073741824",
            "linlian_faults_total{kind=\"equivocation\"} \(Misbehaviour.Kind.allCases.count)",
            "linlian_engine_reached 0", "linlian_final_height 1199", "linlian_open_blocks 3",
            "linlian_node_silent{party=\"never\"} 1", "linlian_divergences_total 2",
            "# TYPE linlian_faults_total counter", "# TYPE linlian_node_lag_blocks gauge",
        ] { #expect(text.contains("\(line)\n"), "\(line)") }
        #expect(!text.contains("linlian_node_lag_blocks{party=\"never\"}"))
    }

    @Test("a node that keeps its ledger alone shows itself, and offers evidence that is whole")
    func served() async throws {
        try await TestNode.with { test in
            let evidence = try HealthTests.evidence()
            try test.node.evidence.keep(evidence)
            try test.node.evidence.keep(evidence)
            let files = test.node.evidence.files()
            #expect(files.map(\.party) == ["twice"])
            let digest = try #require(files.first).digest.hex
            try await test.api { client in
                let page = try await client.get("/supervision")
                #expect(page.status == .ok && page.string.contains("/supervision/evidence/\(digest).txt"))
                let file = try await client.get("/supervision/evidence/\(digest).txt")
                #expect(file.status == .ok && Evidence(parsing: Array(file.string.utf8)) == evidence)
                for name in ["\(String(repeating: "0", count: 64)).txt", "..%2Fnode.json", digest, "x.txt"] {
                    #expect(try await client.get("/supervision/evidence/\(name)").status == .notFound)
                }
                let health = try JSONDocument(Array(try await client.get("/api/v1/health").string.utf8)).root
                #expect(health.member("shared")?.bool == false && health.member("nodes")?.count == 1)
                #expect(health.member("evidence")?.elements.first?.member("digest")?.string == digest)
                let own = try #require(health.member("nodes")?.elements.first)
                #expect(own.member("party")?.string == "committee" && own.member("lag")?.integer == 0)
                #expect(own.member("diskFree")?.integer ?? 0 > 0 && own.member("silent")?.bool == false)
                #expect(try await client.get("/metrics").string.contains("linlian_final_height "))
            }
            // What was changed afterwards, and what is no evidence, is not offered.
            let folder = test.node.directory.file("evidence")
            try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(digest).txt"))
            #expect(test.node.evidence.files().isEmpty)
        }
    }

    @Test("of one party only so much evidence is kept")
    func bounded() async throws {
        try await TestNode.with { test in
            for _ in 0..<20 { try test.node.evidence.keep(try HealthTests.evidence()) }
            #expect(test.node.evidence.files().count == 16)
        }
    }

    @Test("the ends of all certificates of a file are read, and nothing else is taken for one")
    func certificates() {
        let one = """
            -----BEGIN CERTIFICATE-----
            MIIBMjCB5aADAgECAhRBumeI1ELJby+rdZlQr1/bB5qhhjAFBgMrZXAwDzENMAsG
            A1UEAwwEdGVzdDAeFw0yNjExMjEyMjMyMTJaFw0zNjExMTgyMjMyMTJaMA8xDTAL
            BgNVBAMMBHRlc3QwKjAFBgMrZXADIQA20XbYKtZqzPXJ4N2Jbzjkb4bMc3Ylmnwy
            Ww/Vrr7xoaNTMFEwHQYDVR0OBBYEFMBz/gRJXC0PwgzQYJMlELC1MWfiMB8GA1Ud
            IwQYMBaAFMBz/gRJXC0PwgzQYJMlELC1MWfiMA8GA1UdEwEB/wQFMAMBAf8wBQYD
            K2VwA0EAGcV7F5i5dEqtdp3CFp/pFhaab/Vq7ViNDB1xlB+8hICdAp0UeKnrdyRu
            zblMDJEsJeS5tZUUp4LCw++7bFElBA==
            -----END CERTIFICATE-----

            """
        let end = Instant(milliseconds: 2_110_660_332_000)
        #expect(CertificateDates.ends(in: one) == [end])
        #expect(CertificateDates.ends(in: one + one) == [end, end])
        #expect(CertificateDates.ends(in: "").isEmpty && CertificateDates.ends(in: "nothing").isEmpty)
    }
}
