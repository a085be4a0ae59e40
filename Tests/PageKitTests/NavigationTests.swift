import PageKit
import Testing

@Suite("Navigation")
struct NavigationTests {
    /// The addresses of the bar's entries, and which of them is marked as the place where the reader is.
    private func bar(_ path: String) throws -> (all: [String], current: [String]) {
        let renderer = try Material.renderer()
        let samples = SamplePages(catalog: renderer.catalog, language: .english)
        let html = try renderer.html(samples.error, language: .english, path: path)
        let bar = try #require(html.firstMatch(of: /<nav class="bar"[\s\S]*?<\/nav>/)).0
        return (
            bar.matches(of: /href="([^"]*)"/).map { String($0.1) },
            bar.matches(of: /href="([^"]*)" aria-current="page"/).map { String($0.1) }
        )
    }

    @Test("five rooms, always the same")
    func five() throws {
        #expect(try bar("/").all == ["/", "/decisions", "/services", "/together", "/me"])
    }

    @Test(
        "a page lights the room that leads to it, and only that one",
        arguments: [
            ("/", "/"), ("/decisions", "/decisions"), ("/motions", "/decisions"),
            ("/motions/lift/result", "/decisions"),
            ("/me", "/me"), ("/public", "/services"),
        ])
    func current(path: String, room: String) throws {
        #expect(try bar(path).current == [room])
    }

    @Test("a page of no room lights none", arguments: ["/motionsother", "/roll", "/nowhere"])
    func none(path: String) throws {
        #expect(try bar(path).current == [])
    }
}
