import PageKit

/// The rooms of the site: first page, sections, what is mine, and what helps on.
extension SamplePages {
    private var doors: [[String: Any]] {
        [
            [
                "path": "/motions", "label": say("assembly.navigation"), "note": say("assembly.navigationNote"),
                "icon": "icon-vote",
            ],
            ["path": "/verify", "label": say("page.navigation.verify"), "icon": "icon-check"],
        ]
    }

    var home: Page {
        Page(
            title: say("page.home.title"), templateName: "home",
            context: [
                "hasOpen": true, "open": openCards, "hasNews": true, "news": openCards, "hasDecided": true,
                "decided": decidedCards, "doors": doors,
                "figures": [
                    figure("page.figure.records", "12,345"), figure("page.figure.blocks", "1,204"),
                    figure("page.figure.parties", "6"),
                ],
            ], scripts: ["mine.js"])
    }

    var decisions: Page {
        Page(
            title: say("page.section.decisions.title"), templateName: "section",
            context: [
                "title": say("page.section.decisions.title"), "lead": say("page.section.decisions.lead"),
                "entries": doors, "hasOpen": true, "open": openCards, "hasDecided": true, "decided": decidedCards,
                "subscribe": true,
            ])
    }

    var me: Page {
        Page(
            title: say("page.me.title"), templateName: "me",
            context: ["helpPhone": ["number": "12345", "address": "tel:12345"]], scripts: ["mine.js"])
    }

    var poster: Page {
        Page(
            title: motionTitle, templateName: "poster",
            context: [
                "kind": say("assembly.poster.notice"), "title": motionTitle, "paragraphs": [motionTitle],
                "facts": [fact("page.fact.time", time.moment(now, language))], "path": "/motions/1",
                "address": "https://wutongli.example/motions/1",
                "svg": QRCode.svg(
                    "https://wutongli.example/motions/1", id: "poster-qr", title: say("page.poster.scan")),
            ], scripts: ["print.js"])
    }

    var error: Page {
        Page(
            title: say("page.reason.notFound.message"), templateName: "error",
            context: [
                "message": say("page.reason.notFound.message"), "help": say("page.reason.notFound.help"),
                "code": "page.notFound", "status": "404", "lost": true,
                "helpPhone": ["number": "12345", "address": "tel:12345"],
            ])
    }
}
