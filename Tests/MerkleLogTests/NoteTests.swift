import MerkleLog
import Primitives
import Testing

@Suite struct NoteTests {
    private let exampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    private let exampleNote = """
        This is an example message.

        — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

        """

    @Test func theExampleOfSignedNoteVerifies() throws {
        let key = try VerifierKey(parsing: exampleKey, using: H.self)
        #expect(key.name.description == "example.com/foo")
        #expect(key.keyID == 0x530d_903a)
        #expect(key.type == .ed25519)
        #expect(key.text == exampleKey)
        let note = try SignedNote(parsing: ascii(exampleNote))
        #expect(note.text == ascii("This is an example message.\n"))
        #expect(note.bytes == ascii(exampleNote))
        #expect(note.status(of: key, using: CryptoEd25519.self) == .valid(time: nil))
        let altered = try SignedNote(parsing: ascii(exampleNote.replacing("example message", with: "Example message")))
        #expect(altered.status(of: key, using: CryptoEd25519.self) == .invalid)
        let other = try Signer("example.com/foo", .ed25519, seed: 1)
        #expect(note.status(of: other.key, using: CryptoEd25519.self) == .absent)
    }

    @Test func theLastEmptyLinePartsTextFromSignatures() throws {
        let poem = """
            Ognuno sta solo sul cuor della terra
            trafitto da un raggio di sole:

            ed è subito sera.

            — quasimodo.example/salvatore \
            NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=

            """
        let note = try SignedNote(parsing: ascii(poem))
        #expect(String(decoding: note.text, as: UTF8.self).hasSuffix("ed è subito sera.\n"))
        #expect(note.signatures.count == 1)
        #expect(note.signatures.first?.keyID == 0x367b_a04b)
        #expect(note.bytes == ascii(poem))
        let blank = try SignedNote(parsing: ascii("a\n\n\n— b AAAAAAA=\n"))
        #expect(blank.text == ascii("a\n\n"))
    }

    @Test(arguments: [
        ("", NoteError.notText), ("text", .notText), ("text\n", .noSignature), ("\n", .noSignature),
        ("\n\n", .noSignature), ("text\n— b AAAAAAA=\n", .noSignature), ("text\n\n", .noSignature),
        ("text\n\n— b AAAAAAA=", .notText), ("te\rxt\n\n— b AAAAAAA=\n", .notText),
        ("text\n\n- b AAAAAAA=\n", .malformedSignature(number: 1)),
        ("text\n\n— b  AAAAAAA=\n", .malformedSignature(number: 1)),
        ("text\n\n— b AAAAAA==\n", .malformedSignature(number: 1)),
        ("text\n\n— b AAAAAAB=\n", .malformedSignature(number: 1)),
        ("text\n\n— b+c AAAAAAA=\n", .malformedSignature(number: 1)),
        ("text\n\n—  AAAAAAA=\n", .malformedSignature(number: 1)),
        ("text\n\n— b\u{a0}c AAAAAAA=\n", .malformedSignature(number: 1)),
        ("text\n\n— b\u{3000} AAAAAAA=\n", .malformedSignature(number: 1)),
        ("text\n\n— b AAAAAAA=\n— c\n", .malformedSignature(number: 2)),
    ])
    func otherNotesAreRefused(text: String, error: NoteError) {
        #expect(throws: error, "\(text)") { try SignedNote(parsing: ascii(text)) }
    }

    @Test func sizesAndCountsAreLimited() throws {
        let line = "— b AAAAAAA=\n"
        let hundred = "text\n\n" + String(repeating: line, count: 100)
        #expect(try SignedNote(parsing: ascii(hundred)).signatures.count == 100)
        #expect(throws: NoteError.tooManySignatures) { try SignedNote(parsing: ascii(hundred + line)) }
        #expect(throws: NoteError.tooLarge) { try SignedNote(parsing: [UInt8](repeating: 0x61, count: 131_073)) }
        #expect(throws: NoteError.notText) { try SignedNote(parsing: [0xC0, 0x80, 0x0A]) }
    }

    @Test func keysAreRefusedWithTheirReason() throws {
        #expect(throws: VerifierKeyError.keyIDMismatch(expected: 0x530d_903a, found: 0x530d_903b)) {
            try VerifierKey(parsing: exampleKey.replacing("530d903a", with: "530d903b"), using: H.self)
        }
        #expect(throws: VerifierKeyError.unsupportedType(6)) {
            try VerifierKey(parsing: "a+00000000+BgAA", using: H.self)
        }
        for text in [
            "", "a", "a+00000000", "+00000000+AQ==", "a+0000000+AQ==", "a+00000000+AQ", "a+0000000G+AQ==",
            "a+00000000+", "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", exampleKey + "\n",
            "a+00000000+AQ==",
        ] {
            #expect(throws: VerifierKeyError.malformed, "\(text)") { try VerifierKey(parsing: text, using: H.self) }
        }
        let cosigner = try Signer("a.example", .cosignature, seed: 2)
        #expect(try VerifierKey(parsing: cosigner.key.text, using: PortableSHA256.self) == cosigner.key)
    }

    @Test func namesHaveNoSpacesOrPlus() {
        for name in ["", "a b", "a+b", "a\u{85}", "\u{1680}", "\u{2003}b", "\u{2029}", "\u{202f}", "\u{205f}", "a\tb"] {
            #expect(SignerName(name) == nil)
        }
        #expect(SignerName(String(repeating: "a", count: 256)) == nil)
        for name in ["邻里.example/账本", "a", "\u{200b}", "é"] { #expect(SignerName(name)?.description == name) }
    }

    @Test func theExampleCheckpointAndCosignatureReadAndWrite() throws {
        let text = """
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            """
        let signatures = """

            — example.com/behind-the-sofa \
            Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
            — witness.example.com/w1 \
            jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==

            """
        let head = try SignedCheckpoint(parsing: ascii(text + signatures))
        #expect(head.bytes == ascii(text + signatures))
        #expect(head.checkpoint.origin == "example.com/behind-the-sofa")
        #expect(head.checkpoint.size == 20_852_163)
        #expect(head.checkpoint.root.hex == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62")
        #expect(head.checkpoint.text == ascii(text))
        let last = try #require(head.note.signatures.last)
        let cosignature = try #require(Cosignature(bytes: last.bytes))
        #expect(cosignature.time == 1_679_315_147)
        #expect(cosignature.bytes == last.bytes)
        #expect(
            Cosignature.message(time: cosignature.time, text: head.note.text)
                == ascii("cosignature/v1\ntime 1679315147\n" + text))
        #expect(Cosignature(bytes: [0x80] + [UInt8](repeating: 0, count: 71)) == nil)
        #expect(Cosignature(bytes: [UInt8](repeating: 0, count: 71)) == nil)
    }

    @Test(arguments: [
        ("", 1), ("\n", 1), ("o", 1), ("o\n", 2), ("o\n01\n", 2), ("o\n1\n", 3), ("o\n-1\nAA==\n", 2),
        ("o\n1\nAA==\n", 3),
        ("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", 3),
        ("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", 3),
        ("o\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", 2),
        ("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n", 4),
        ("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\next\nmore", 5),
    ])
    func otherCheckpointsAreRefused(text: String, line: Int) {
        #expect(throws: NoteError.malformedCheckpoint(line: line), "\(text)") { try Checkpoint(parsing: ascii(text)) }
    }

    @Test func whatIsSignedHereVerifies() throws {
        let checkpoint = try #require(
            Checkpoint(origin: "邻里.example/log", size: 7, root: Digest(1, 2, 3, 4), extensions: ["one", "two"]))
        #expect(try Checkpoint(parsing: checkpoint.text) == checkpoint)
        #expect(Checkpoint(origin: "", size: 7, root: .zero) == nil)
        #expect(Checkpoint(origin: "a\nb", size: 7, root: .zero) == nil)
        #expect(Checkpoint(origin: "a", size: 7, root: .zero, extensions: [""]) == nil)
        let log = try Signer("邻里.example/log", .ed25519, seed: 3)
        let party = try Signer("party.example", .cosignature, seed: 4)
        var head = try SignedCheckpoint(checkpoint)
        head.add(try log.sign(checkpoint.text))
        head.add(try party.sign(checkpoint.text, time: 9))
        head.add(try party.sign(checkpoint.text, time: 8))
        let note = try SignedCheckpoint(parsing: head.bytes).note
        #expect(note.status(of: log.key, using: CryptoEd25519.self) == .valid(time: nil))
        #expect(note.status(of: party.key, using: CryptoEd25519.self) == .valid(time: 9))
    }
}
