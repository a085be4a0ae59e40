import PageKit
import Testing

@Suite("Formats")
struct FormatTests {
    @Test("counts, money, areas")
    func numbers() {
        #expect(Formats.count(0) == "0")
        #expect(Formats.count(999) == "999")
        #expect(Formats.count(1_000) == "1,000")
        #expect(Formats.count(-1_234_567) == "-1,234,567")
        #expect(Formats.count(.min) == "-9,223,372,036,854,775,808")
        #expect(Formats.money(fen: 123_456) == "¥1,234.56")
        #expect(Formats.money(fen: 5) == "¥0.05")
        #expect(Formats.money(fen: -5) == "-¥0.05")
        #expect(Formats.area(hundredths: 34_057_545) == "340,575.45 m²")
        #expect(Formats.hundredths(.min) == "-92,233,720,368,547,758.08")
        #expect(Formats.short("0123456789abcdef") == "01234567…")
        #expect(Formats.short("0123456789ab") == "0123456789ab")
    }

    @Test("amounts in parts, with a sign only where one is wanted")
    func amounts() {
        func told(_ fen: Int64, signed: Bool = false) -> String {
            let parts = Formats.amount(fen: fen, signed: signed)
            return ["sign", "yuan", "fen"].map { parts[$0] as? String ?? "" }.joined(separator: "|")
        }
        #expect(told(123_456) == "|1,234|56")
        #expect(told(5, signed: true) == "+|0|05")
        #expect(told(-5) == "-|0|05")
        #expect(told(0, signed: true) == "|0|00")
        #expect(told(.min) == "-|92,233,720,368,547,758|08")
        #expect(Formats.amount(fen: 1, big: true)["big"] as? Bool == true)
    }

    @Test("percentages round half up and never claim too much")
    func percentages() {
        #expect(Formats.percentage(3_179, of: 3_936) == "80.77%")
        #expect(Formats.percentage(28_119_421, of: 34_057_545) == "82.56%")
        #expect(Formats.percentage(1, of: 3) == "33.33%")
        #expect(Formats.percentage(2, of: 3) == "66.67%")
        #expect(Formats.percentage(1, of: 8) == "12.50%")
        #expect(Formats.percentage(99_999_999, of: 100_000_000) == "99.99%")
        #expect(Formats.percentage(1, of: 100_000_000) == "0.01%")
        #expect(Formats.percentage(0, of: 5) == "0.00%")
        #expect(Formats.percentage(5, of: 5) == "100.00%")
        #expect(Formats.percentage(5, of: 0) == "–")
        #expect(Formats.percentage(.max, of: .max) == "100.00%")
        #expect(Formats.percentage(.max - 1, of: .max) == "99.99%")
        #expect(Formats.percentage(.max, of: 1) == "–")
        #expect(Formats.percentage(-1, of: 2) == "–")
    }

    @Test("shares agree with plain arithmetic on seeded numbers")
    func percentageProperty() {
        var seed: UInt64 = 20_260_305
        for _ in 0..<2_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let whole = Int64(seed >> 40) + 1
            let part = Int64(seed % UInt64(whole + 1))
            var expected = (20_000 * part + whole) / (2 * whole)
            if part < whole { expected = min(expected, 9_999) }
            if part > 0 { expected = max(expected, 1) }
            #expect(
                Formats.percentage(part, of: whole) == "\(Formats.hundredths(expected))%",
                "seed 20260305: \(part)/\(whole)")
        }
    }

    @Test("times on the wall clock of a fixed zone")
    func times() throws {
        let time = CalendarTime(milliseconds: 1_772_692_200_000)
        #expect([time.year, time.month, time.day, time.hour, time.minute, time.weekday] == [2026, 3, 5, 14, 30, 4])
        #expect(time.machineText() == "2026-03-05T14:30:00+08:00")
        let leap = CalendarTime(milliseconds: 951_782_400_000, offsetMinutes: 0)
        #expect([leap.year, leap.month, leap.day, leap.weekday] == [2000, 2, 29, 2])
        let before = CalendarTime(milliseconds: -1, offsetMinutes: -90)
        #expect(before.machineText(offsetMinutes: -90) == "1969-12-31T22:29:59-01:30")
        #expect(CalendarTime(milliseconds: .max).year == 9999)
        #expect(CalendarTime(milliseconds: .min, offsetMinutes: 0).year == 1)
        let format = TimeFormat(try Material.catalog())
        #expect(format.moment(1_772_692_200_000, .simplifiedChinese) == "2026年3月5日（周四）14:30")
        #expect(format.moment(1_772_692_200_000, .english) == "Thu 5 Mar 2026, 14:30")
        #expect(format.day(1_772_692_200_000, .english) == "5 Mar 2026")
    }

    @Test(
        "how near an end is, by the calendar of the neighbourhood",
        arguments: [
            (Int64(-1), "over"), (0, "over"), (1, "today"),
            // 14:30 in China: nine and a half hours are left of the day.
            (9 * 3_600_000, "today"), (10 * 3_600_000, "soon"), (3 * 86_400_000, "soon"), (4 * 86_400_000, "far"),
            (Int64.max - 1_772_692_200_000, "far"),
        ] as [(Int64, String)])
    func urgency(left: Int64, word: String) throws {
        let now: Int64 = 1_772_692_200_000
        #expect(TimeFormat(try Material.catalog()).urgency(of: now + left, now: now) == word)
    }

    @Test("money, areas, dates and plurals in both languages")
    func languages() throws {
        let catalog = try Material.catalog()
        let format = TimeFormat(catalog)
        let end: Int64 = 1_772_692_200_000
        #expect(format.day(end, .simplifiedChinese) == "2026年3月5日")
        for (left, chinese, english) in [
            (60_000, "还有 1 分钟", "1 minute left"), (3_600_000, "还有 1 小时", "1 hour left"),
            (172_800_000, "还有 2 天", "2 days left"), (86_400_000 * 1_200, "还有 1,200 天", "1,200 days left"),
        ] as [(Int64, String, String)] {
            #expect(format.remaining(until: end + left, now: end, .simplifiedChinese) == chinese)
            #expect(format.remaining(until: end + left, now: end, .english) == english)
        }
        for key in ["page.time.daysLeft", "page.time.hoursLeft", "page.time.minutesLeft"] {
            #expect(catalog.counted(key, 0, .english).contains("s left"), "none is many in English")
            #expect(catalog.counted(key, 1, .simplifiedChinese).contains("1"))
        }
        for language in Language.allCases {
            let keys = Set(catalog.texts(under: "", language).keys)
            for key in keys where key.hasSuffix("Left.one") {
                #expect(keys.contains(key.dropLast(4) + ".other"), "\(key)")
            }
            for month in 1...12 { #expect(keys.contains("page.time.month\(month)")) }
        }
    }

    @Test(
        "what is left of a period",
        arguments: [
            (Int64(0), "ended"), (-5, "ended"), (1, "1 minute left"), (3_599_999, "59 minutes left"),
            (3_600_000, "1 hour left"),
            (172_799_999, "47 hours left"), (172_800_000, "2 days left"),
        ])
    func remaining(left: Int64, words: String) throws {
        let format = TimeFormat(try Material.catalog())
        #expect(format.remaining(until: 1_000_000 + left, now: 1_000_000, .english) == words)
    }
}
