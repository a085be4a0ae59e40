import Foundation
import MerkleLog
import Primitives
import Testing

/// Published vectors (transparency-dev/merkle), read where they lie beside the package.
@Suite struct VectorTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/merkle")

    private struct Inclusion: Decodable {
        var leafIdx: UInt64
        var treeSize: UInt64?
        var start: UInt64?
        var end: UInt64?
        var root: String?
        var leafHash: String?
        var proof: [String]?
        var wantErr: Bool
    }

    private struct Consistency: Decodable {
        var size1: UInt64
        var size2: UInt64
        var root1: String?
        var root2: String?
        var proof: [String]?
        var wantErr: Bool
    }

    private func vectors<Vector: Decodable>(_ name: String, as: Vector.Type) throws -> [(String, Vector)] {
        let folder = Self.folder.appending(path: name)
        let files = try #require(
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil), "test data is missing")
        return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "json" }.map { url in
            (url.path(), try JSONDecoder().decode(Vector.self, from: Data(contentsOf: url)))
        }
    }

    private func digest(_ text: String?) throws -> Digest {
        guard let bytes = Base64.standard.decode(text ?? ""), let digest = Digest(bytes: bytes) else {
            throw SetupError()
        }
        return digest
    }

    @Test(arguments: [("inclusion", 98), ("subtreeinclusion", 204)])
    func inclusion(name: String, count: Int) throws {
        let vectors = try vectors(name, as: Inclusion.self)
        #expect(vectors.count == count)
        for (path, vector) in vectors {
            let accepted: Bool
            do {
                // A subtree [start, end) is checked like a tree of its own, if it is one of the tree's subtrees.
                let start = vector.start ?? 0
                let end = vector.end ?? vector.treeSize ?? 0
                guard end >= start, end - start < 1 << 62, vector.leafIdx >= start else { throw SetupError() }
                var span: UInt64 = 1
                while span < end - start { span *= 2 }
                guard start % span == 0 else { throw SetupError() }
                let hashes = try (vector.proof ?? []).map { try digest($0) }
                try InclusionProof(leafIndex: vector.leafIdx - start, treeSize: end - start, hashes: hashes)
                    .verify(leafHash: digest(vector.leafHash), root: digest(vector.root), using: H.self)
                accepted = true
            } catch {
                accepted = false
            }
            #expect(accepted != vector.wantErr, "\(path)")
        }
    }

    @Test func consistency() throws {
        let vectors = try vectors("consistency", as: Consistency.self)
        #expect(vectors.count == 98)
        for (path, vector) in vectors {
            let accepted: Bool
            do {
                let hashes = try (vector.proof ?? []).map { try digest($0) }
                // Some vectors have roots of another length, to show that roots are compared; equal ones stand here
                // for equal digests.
                let first = try? digest(vector.root1)
                let second = try? digest(vector.root2)
                let placeholder = vector.root1 == vector.root2 ? Digest.zero : nil
                guard let firstRoot = first ?? placeholder, let secondRoot = second ?? placeholder else {
                    throw SetupError()
                }
                try ConsistencyProof(firstSize: vector.size1, secondSize: vector.size2, hashes: hashes)
                    .verify(firstRoot: firstRoot, secondRoot: secondRoot, using: H.self)
                accepted = true
            } catch {
                accepted = false
            }
            #expect(accepted != vector.wantErr, "\(path)")
        }
    }
}
