import Ordering
import Primitives
import Testing

@Suite("The start of an order that people begin anew")
struct OrderStartTests {
    private static let origin = "example.org/lane"
    private static let text = """
        linlian/start/v1
        example.org/lane
        position 812
        size 1204
        root \(String(repeating: "ab", count: 32))
        time 1767225600000

        """

    @Test("It reads as it is written")
    func roundTrip() throws {
        let start = try #require(OrderStart(parsing: Array(Self.text.utf8), origin: Self.origin))
        #expect(start.position == 812 && start.size == 1_204 && start.time.milliseconds == 1_767_225_600_000)
        #expect(start.root.hex == String(repeating: "ab", count: 32))
        #expect(String(decoding: start.text(origin: Self.origin), as: UTF8.self) == Self.text)
    }

    @Test(
        "Nothing else is taken for one",
        arguments: [
            ("linlian/start/v1", "linlian/start/v2"), ("lane", "street"), ("position 812", "position 0812"),
            ("position 812", "position -1"), ("position 812", "position 9223372036854775808"),
            ("position 812", "position  812"), ("position 812", "place 812"), ("size 1204", "size 0"),
            ("size 1204\n", ""), ("root ab", "root AB"), ("root ab", "root ag"), ("root ab", "root "),
            ("time 1767225600000", "time yesterday"), ("1767225600000\n", "1767225600000"),
            ("1767225600000\n", "1767225600000\n\n"), ("1767225600000\n", "1767225600000\r\n"),
        ])
    func refusals(_ old: String, _ new: String) {
        let text = Self.text.replacing(old, with: new, maxReplacements: 1)
        #expect(text != Self.text)
        #expect(OrderStart(parsing: Array(text.utf8), origin: Self.origin) == nil, "\(text)")
    }

    @Test("A long text is not even looked at")
    func size() {
        let text = Self.text + String(repeating: "x", count: OrderStart.largestText) + "\n"
        #expect(OrderStart(parsing: Array(text.utf8), origin: Self.origin) == nil)
    }
}
