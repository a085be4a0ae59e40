/// One subject of the page of statistics: a chart, and the table with the same numbers, which is its CSV too.
package struct Statistic: Sendable {
    /// Unique over all modules, made of letters, digits and hyphens; the CSV is `/statistics/<id>.csv`.
    package let id: String
    /// What is counted, in the page's language.
    package let title: String
    /// How to read it; nil if the title says enough.
    package let note: String?
    /// The chart as SVG.
    package let svg: String
    /// What the chart's colours, dashes and letters stand for.
    package let keys: [Chart.Key]
    /// The heads of the columns, in the page's language.
    package let columns: [String]
    /// The rows as people read them.
    package let rows: [[String]]

    /// Describes a subject.
    package init(
        id: String, title: String, note: String? = nil, svg: String, keys: [Chart.Key] = [], columns: [String],
        rows: [[String]]
    ) {
        self.id = id
        self.title = title
        self.note = note
        self.svg = svg
        self.keys = keys
        self.columns = columns
        self.rows = rows
    }
}
