import ArgumentParser
import ContractKit
import Foundation
import LedgerCore
import NodeRuntime
import Primitives

/// `linlian act`: signs any transaction with a key of the node's folder and has it executed.
struct ActCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "act", abstract: "Sign and submit a transaction, such as assembly.openMotion.",
        discussion: """
            The body is JSON, given as text, as @FILE or as - for standard input. The node must not be running; to act \
            on a running node, print the signed text with --print and POST it to /api/v1/transactions.
            """)

    @Argument(help: "The transaction's type.")
    var type: String

    @Option(help: "The body: JSON, @FILE, or -.")
    var body: String

    @Option(help: "The key's name in the node's folder.")
    var key: String

    @Option(name: .customLong("as"), help: "party:ID, resident or guest. Default: party:KEY.")
    var capacity: String?

    @Flag(name: .customLong("print"), help: "Print the signed text instead of submitting it.")
    var printOnly = false

    @OptionGroup var data: DataOption

    func run() async throws {
        let directory = try data.directory()
        guard let signingKey = try directory.signingKey(key) else {
            throw Complaint("there is no key called \(key); linlian keys --data \(data.path) lists them")
        }
        let capacityText = capacity ?? "party:\(key)"
        guard let capacity = Capacity(capacityText) else { throw ValidationError("--as: party:ID, resident or guest") }
        let json = try readBody()
        let document: JSONDocument
        do {
            document = try JSONDocument(json, limits: .init(depth: 15, bytes: 60_000, allowsNewlines: true))
        } catch {
            throw Complaint("--body: \(error.problem.rawValue) at byte \(error.offset)")
        }
        let text = try Transaction.signedText(
            ledger: try directory.identity().origin, type: type, capacity: capacity,
            body: CanonicalJSON.bytes(document.root), nonce: Randomness.bytes(16),
            notAfter: SystemClock.now.advanced(byMilliseconds: Instant.hour), keys: [signingKey])
        if printOnly {
            print(String(decoding: text.bytes, as: UTF8.self), terminator: "")
            return
        }
        let status = try await LocalNode.run(directory) { try await $0.submit([text]) }.first
        guard let status else { throw Complaint("the node gave no answer") }
        print("\(status.outcome.line)\t\(status.id.hex)\tleaf \(status.leaf)")
        if case .rejected = status.outcome { throw ExitCode(1) }
    }

    private func readBody() throws -> [UInt8] {
        if body == "-" { return [UInt8](FileHandle.standardInput.readDataToEndOfFile()) }
        guard body.hasPrefix("@") else { return [UInt8](body.utf8) }
        guard let data = FileManager.default.contents(atPath: String(body.dropFirst())) else {
            throw Complaint("--body: \(body.dropFirst()) cannot be read")
        }
        return [UInt8](data)
    }
}

/// Writes a parsed JSON value canonically, so that a hand-written body becomes one line.
enum CanonicalJSON {
    static func bytes(_ value: JSONValue) -> [UInt8] {
        switch value.kind {
        case .object:
            let members = value.members.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
            return join(members.map { string($0.key) + [UInt8(ascii: ":")] + bytes($0.value) }, "{", "}")
        case .array: return join(value.elements.map(bytes), "[", "]")
        case .string: return string(value.string ?? "")
        default: return Array(value.text)
        }
    }

    private static func string(_ text: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(text)
        return writer.bytes
    }

    private static func join(_ parts: [[UInt8]], _ open: String, _ close: String) -> [UInt8] {
        Array(open.utf8) + Array(parts.joined(separator: [UInt8(ascii: ",")])) + Array(close.utf8)
    }
}
