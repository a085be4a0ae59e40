import AssemblyContract
import PageKit
import ReadModels

/// How many owners take part, motion by motion.
enum AssemblyStatistics {
    /// Motions that the chart holds; older ones are on their own pages.
    private static let motions: Int64 = 12

    /// Turnout by heads and by area of the motions counted last, in the order in which they were counted.
    static func turnout(_ environment: AppEnvironment, _ language: Language) throws -> [Statistic] {
        let wording = Wording(environment.renderer, language)
        let counted = try environment.readModels.read {
            try AssemblyQueries.motions($0, .closed, limit: motions)
        }.reversed()
        guard !counted.isEmpty else { return [] }
        let title = wording.say("assembly.statistics.turnout")
        // Hundredths of a percent, for the drawing alone; the table has the numbers themselves.
        let series = [
            Chart.Series(
                wording.say("assembly.result.heads"), counted.map { permyriad($0.heads, of: $0.totalHeads) }),
            Chart.Series(wording.say("assembly.result.area"), counted.map { permyriad($0.area, of: $0.totalArea) }),
        ]
        let svg = Chart.line(
            series, moments: counted.map { wording.dayText($0.closes) }, Chart.Words(id: "turnout", title: title)
        ) { "\($0 / 100)%" }
        return [
            Statistic(
                id: "turnout", title: title, note: wording.say("assembly.statistics.turnoutNote"), svg: svg,
                keys: Chart.keys(series),
                columns: ["motion", "closed", "heads", "headsShare", "area", "areaShare"].map {
                    wording.say("assembly.statistics.column.\($0)")
                },
                rows: counted.map { motion in
                    [
                        motion.title, wording.dayText(motion.closes),
                        "\(Formats.count(motion.heads)) / \(Formats.count(motion.totalHeads))",
                        Formats.percentage(motion.heads, of: motion.totalHeads),
                        "\(Formats.area(hundredths: motion.area)) / \(Formats.area(hundredths: motion.totalArea))",
                        Formats.percentage(motion.area, of: motion.totalArea),
                    ]
                })
        ]
    }

    private static func permyriad(_ part: Int64, of whole: Int64) -> Int64? {
        guard whole > 0, part >= 0 else { return nil }
        let (high, low) = UInt64(part).multipliedFullWidth(by: 10_000)
        guard high < UInt64(whole) else { return nil }
        return Int64(clamping: UInt64(whole).dividingFullWidth((high, low)).quotient)
    }
}
