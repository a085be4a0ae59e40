#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads elections in the Pabulib format (Faliszewski et al., Participatory Budgeting: Data, Tools, and Analysis,
/// 2023; pabulib.org/format): sections META, PROJECTS and VOTES of semicolon-separated rows, each with its own header.
package enum PabulibReader {
    /// Reads a file in pieces; only ballots as project numbers and voter identifiers are kept.
    ///
    /// - Throws: ``PabulibError`` with line, column and field.
    package static func read(
        path: String, limits: PabulibLimits = PabulibLimits()
    ) throws(PabulibError) -> PabulibElection {
        guard let file = fopen(path, "rb") else {
            throw PabulibError(.unreadable, "\(path) cannot be opened (errno \(errno)); check name and permissions")
        }
        defer { _ = fclose(file) }
        var parser = PabulibParser(limits: limits)
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = buffer.withUnsafeMutableBytes { fread($0.baseAddress, 1, $0.count, file) }
            if count == 0 { break }
            try parser.feed(buffer[..<count])
        }
        guard ferror(file) == 0 else { throw PabulibError(.unreadable, "\(path) cannot be read to its end") }
        return try parser.finish()
    }

    /// Reads a file that is already in memory.
    package static func read(
        bytes: [UInt8], limits: PabulibLimits = PabulibLimits()
    ) throws(PabulibError) -> PabulibElection {
        var parser = PabulibParser(limits: limits)
        try parser.feed(bytes[...])
        return try parser.finish()
    }
}
