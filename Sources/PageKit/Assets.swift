/// One file that pages link to: style, script or picture.
package struct AssetFile: Sendable {
    /// Its plain name, such as "ballot.js".
    package let name: String
    /// Its bytes as written.
    package let bytes: [UInt8]

    /// Names the bytes of one file.
    package init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// The files pages link to, under addresses that change with their content and so may be kept for ever.
///
/// A file is served at `/assets/<name>.<first 12 hex digits of its digest>.<ending>`. Scripts import each other by plain
/// name ("./keys.js"); the plain names are replaced by the addresses before the digest is taken, innermost first.
package struct Assets: Sendable {
    /// A file ready to be served.
    package struct Served: Sendable {
        /// The bytes sent.
        package let bytes: [UInt8]
        /// The same as gzip; nil where that wins nothing.
        package let compressed: [UInt8]?
        /// The value of `Content-Type`.
        package let mediaType: String
    }

    private let addresses: [String: String]
    private let files: [String: Served]

    /// - Parameters:
    ///   - files: PageKit's own and every module's; names are unique.
    ///   - digest: SHA-256, given from outside.
    package init(_ files: [AssetFile], digest: @escaping ([UInt8]) -> [UInt8]) throws(PageMaterialError) {
        var maker = AssetMaker(digest: digest)
        for file in files {
            guard maker.sources.updateValue(file.bytes, forKey: file.name) == nil else {
                throw PageMaterialError(code: "asset.duplicate", subject: file.name)
            }
        }
        for file in files { _ = try maker.address(of: file.name) }
        addresses = maker.addresses
        self.files = maker.files
    }

    /// The address of a file by its plain name; nil if there is none.
    package func address(of name: String) -> String? { addresses[name] }

    /// What is served under the last part of an address; nil if there is none.
    package func file(at lastPart: String) -> Served? { files[lastPart] }

    /// For templates: "style.css" is found under `style_css`, because a dot would mean a step down.
    package var templateValues: [String: String] {
        Dictionary(
            uniqueKeysWithValues: addresses.map { name, address in
                (String(name.map { $0 == "." || $0 == "-" ? "_" : $0 }), address)
            })
    }
}

/// Works out addresses, following imports.
private struct AssetMaker {
    let digest: ([UInt8]) -> [UInt8]
    var sources: [String: [UInt8]] = [:]
    var addresses: [String: String] = [:]
    var files: [String: Assets.Served] = [:]
    private var open: Set<String> = []

    init(digest: @escaping ([UInt8]) -> [UInt8]) { self.digest = digest }

    mutating func address(of name: String) throws(PageMaterialError) -> String {
        if let known = addresses[name] { return known }
        guard var bytes = sources[name] else { throw PageMaterialError(code: "asset.missing", subject: name) }
        guard open.insert(name).inserted else { throw PageMaterialError(code: "asset.cycle", subject: name) }
        let parts = name.split(separator: ".")
        let ending = parts.last.map(String.init) ?? ""
        if ending == "js" {
            var text = String(decoding: bytes, as: UTF8.self)
            for imported in AssetMaker.imports(in: text) {
                text = text.replacing("\"./\(imported)\"", with: "\"\(try address(of: imported))\"")
            }
            bytes = Array(text.utf8)
        }
        let mark = digest(bytes).prefix(6).map { AssetMaker.hex($0) }.joined()
        let served = "\(name.dropLast(ending.utf8.count + 1)).\(mark).\(ending)"
        addresses[name] = "/assets/\(served)"
        files[served] = Assets.Served(
            bytes: bytes, compressed: Gzip.compressed(bytes, level: 9), mediaType: AssetMaker.mediaType(ending))
        open.remove(name)
        return "/assets/\(served)"
    }

    /// The plain names in `"./name.js"`.
    private static func imports(in text: String) -> [String] {
        text.split(separator: "\"").compactMap { part in
            part.hasPrefix("./") && part.hasSuffix(".js") ? String(part.dropFirst(2)) : nil
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    private static func mediaType(_ ending: String) -> String {
        switch ending {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "json": "application/json"
        case "wasm": "application/wasm"
        default: "application/octet-stream"
        }
    }
}
