import PageKit

/// The ledger's own pages.
extension SamplePages {
    var blocks: Page {
        let rows: [[String: Any]] = (0..<6).map { number in
            [
                "path": "/ledger/\(1204 - number)", "height": "\(1204 - number)", "entries": "\(17 + number * 3)",
                "moment": time.context(now - Int64(number) * 61_000, language),
                "proposer": pick("居委会", "residents’ committee"),
                "pill": number == 0 ? pill("wait", "page.explorer.due") : pill("good", "page.explorer.final"),
            ]
        }
        return Page(
            title: say("page.explorer.title"), templateName: "explorer-blocks",
            context: [
                "onBlocks": true, "blocks": rows,
                "figures": [figure("page.figure.records", "12,345"), figure("page.figure.blocks", "1,204")],
                "pagination": ["next": "/ledger?before=1199", "position": "1 / 201"] as [String: Any],
            ])
    }

    private var ballotRecords: [[String: Any]] {
        (0..<5).map { number in
            [
                "path": "/ledger/transactions/\(digest)", "index": "\(12_340 + number)", "short": "3f2a9c01…",
                "digest": digest,
                "kind": pick("投出表决票", "ballot cast"), "actor": pick("居民", "resident"),
                "moment": time.context(now - Int64(number) * 61_000, language),
                "pill": number == 3 ? pill("bad", "page.explorer.rejected") : pill("good", "page.explorer.accepted"),
            ]
        }
    }

    var block: Page {
        Page(
            title: say("page.explorer.blockNumber", ["height": "1204"]), templateName: "explorer-block",
            context: [
                "height": "1204", "pill": pill("good", "page.explorer.final"),
                "facts": [
                    fact("page.fact.time", time.moment(now, language)),
                    fact("page.fact.proposer", pick("居委会", "residents’ committee")),
                    code("page.fact.previous", digest), code("page.fact.state", digest),
                ],
                "records": ballotRecords,
                "raw":
                    "linlian/seal/v1\nheight 1204\ntime \(now)\nprevious \(digest)\nentries 12340 5\nstate \(digest)\nposition 1204\nproposer juweihui",
            ])
    }

    var records: Page {
        Page(
            title: say("page.explorer.transactions"), templateName: "explorer-transactions",
            context: ["onTransactions": true, "records": ballotRecords])
    }

    var record: Page {
        Page(
            title: pick("投出表决票", "ballot cast"), templateName: "explorer-transaction",
            context: [
                "kind": pick("投出表决票", "ballot cast"), "pill": pill("good", "page.explorer.final"),
                "facts": [
                    code("page.fact.id", digest), fact("page.fact.block", "1204", path: "/ledger/1204"),
                    fact("page.fact.time", time.moment(now, language)),
                    code("page.fact.key", "q1ZtVw0m2l4Yk8c7h3J5s9d1f2G6b4N8xE0aR7uTzKo"),
                ],
                "receiptPath": "/api/v1/receipts/\(digest)",
                "fields": [
                    ["name": "motion", "value": "m-2026-01"], ["name": "unit", "value": "3-2-1201"],
                    ["name": "choice", "value": "yes"],
                ],
                "events": [
                    [
                        "name": "assembly.ballotCast",
                        "text": #"{"choice":"yes","event":"assembly.ballotCast","unit":"3-2-1201"}"#,
                    ]
                ],
                "proof": [
                    "leaf": digest, "root": digest,
                    "hashes": (1...4).map { ["number": "\($0)", "side": say("page.explorer.left"), "digest": digest] },
                ] as [String: Any],
                "raw":
                    "linlian/tx/v1\nES256 q1ZtVw0m2l4Yk8c7h3J5s9d1f2G6b4N8xE0aR7uTzKo MEUCIQ…\n{\"ledger\":\"wutongli.example/ledger\"}\naccepted\n[]",
            ])
    }
}
