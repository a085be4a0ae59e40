/// Times in words, in the zone of the neighbourhood.
package struct TimeFormat: Sendable {
    private let catalog: MessageCatalog
    private let offsetMinutes: Int64

    /// - Parameter offsetMinutes: the zone of every time shown, east of UTC positive.
    package init(_ catalog: MessageCatalog, offsetMinutes: Int64 = 480) {
        self.catalog = catalog
        self.offsetMinutes = offsetMinutes
    }

    /// Day and time: "2026年3月5日（周四）14:30" · "Thu 5 Mar 2026, 14:30".
    package func moment(_ milliseconds: Int64, _ language: Language) -> String {
        let time = CalendarTime(milliseconds: milliseconds, offsetMinutes: offsetMinutes)
        return catalog.text("page.time.moment", language, parts(time, language))
    }

    /// The day alone: "2026年3月5日" · "5 Mar 2026".
    package func day(_ milliseconds: Int64, _ language: Language) -> String {
        let time = CalendarTime(milliseconds: milliseconds, offsetMinutes: offsetMinutes)
        return catalog.text("page.time.date", language, parts(time, language))
    }

    /// For `<time datetime>`.
    package func machine(_ milliseconds: Int64) -> String {
        CalendarTime(milliseconds: milliseconds, offsetMinutes: offsetMinutes).machineText(offsetMinutes: offsetMinutes)
    }

    /// How long until `end`: "还有 3 天" · "3 days left"; "已结束" · "ended" once it has come.
    package func remaining(until end: Int64, now: Int64, _ language: Language) -> String {
        let (left, overflow) = end.subtractingReportingOverflow(now)
        guard !overflow, left > 0 else { return catalog.text("page.time.ended", language) }
        let minutes = left / 60_000
        if minutes >= 2_880 { return catalog.counted("page.time.daysLeft", minutes / 1_440, language) }
        if minutes >= 60 { return catalog.counted("page.time.hoursLeft", minutes / 60, language) }
        return catalog.counted("page.time.minutesLeft", max(1, minutes), language)
    }

    /// How near an end is: "over", "today" on the same day of the calendar, "soon" within three days, "far".
    package func urgency(of end: Int64, now: Int64) -> String {
        guard end > now else { return "over" }
        let (last, today) = (day(number: end), day(number: now))
        return last == today ? "today" : last - today <= 3 ? "soon" : "far"
    }

    private func day(number milliseconds: Int64) -> Int64 {
        let bounded = min(max(milliseconds, -62_135_596_800_000), 253_402_214_400_000)
        let local = bounded + offsetMinutes * 60_000
        return local / 86_400_000 - (local % 86_400_000 < 0 ? 1 : 0)
    }

    /// What the partial "deadline" shows: `time`, `datetime`, `remaining`, `ended`, `urgency`.
    package func deadline(_ end: Int64, now: Int64, _ language: Language) -> [String: Any] {
        [
            "time": moment(end, language), "datetime": machine(end),
            "remaining": remaining(until: end, now: now, language),
            "ended": end <= now, "urgency": urgency(of: end, now: now),
        ]
    }

    /// What the partial "moment" shows: `time`, `datetime`.
    package func context(_ milliseconds: Int64, _ language: Language) -> [String: Any] {
        ["time": moment(milliseconds, language), "datetime": machine(milliseconds)]
    }

    private func parts(_ time: CalendarTime, _ language: Language) -> [String: String] {
        [
            "year": String(time.year), "month": catalog.text("page.time.month\(time.month)", language),
            "day": String(time.day), "clock": time.clock,
            "weekday": catalog.text("page.time.weekday\(time.weekday)", language),
        ]
    }
}
