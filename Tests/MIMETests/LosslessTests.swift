import MIME
import Octets
import Testing

/// A mail with mixed line ends, odd fields, preamble, epilogue and an inner message.
private let odd = octets(
    "From mbox\nsUBJECT :  x\r\nX: \tfolded\n  more\r\nContent-Type: multipart/mixed;\r\n boundary=\"b\"\r\n\npre\r\n--b  \r\n"
        + "Content-Transfer-Encoding: quoted-printable\n\none=\n two \n\r\n--b\nContent-Type: message/rfc822\n\nTo: y\nA: b\n\nthree\n"
        + "--b\n\nfour\r\n--b-- \nepilogue\n--b\n")

@Suite("Parsed messages are written back octet for octet")
struct LosslessTests {
    @Test func `unchanged`() throws {
        #expect(try MessageWriter.message(Entity.parse(odd)) == odd)
        #expect(try MessageWriter.message(Entity.parse(SlowSource(odd, step: 3))) == odd)
    }

    @Test func `each part alone`() throws {
        let entity = try Entity.parse(odd)
        #expect(try message(entity.parts[0]) == "Content-Transfer-Encoding: quoted-printable\n\none=\n two \n")
        #expect(try message(entity.parts[1].parts[0]) == "To: y\nA: b\n\nthree")
    }

    @Test(arguments: 0..<5)
    func `with a field added to one entity, all else is raw`(index: Int) throws {
        let entity = try Entity.parse(odd)
        all(entity)[index].header.append(HeaderField("X-New", text: "y"))
        let text = try message(entity)
        #expect(text.contains("X-New: y"))
        #expect(text.replacing("X-New: y\r\n").replacing("X-New: y\n") == string(odd))
    }

    @Test func `with a field replaced or removed, the others keep their octets`() throws {
        let entity = try Entity.parse(odd)
        entity.header.set(HeaderField("Subject", text: "new"))
        #expect(try message(entity) == string(odd).replacing("sUBJECT :  x\r\n", with: "sUBJECT: new\r\n"))
        let other = try Entity.parse(odd)
        #expect(try message(other, removing: "subject") == string(odd).replacing("sUBJECT :  x\r\n"))
    }

    private func message(_ entity: Entity, removing name: String? = nil) throws -> String {
        string(try MessageWriter.message(entity, removing: name.map { [octets($0)] } ?? []))
    }

    @Test func `with another body, one part is written anew`() throws {
        let entity = try Entity.parse(odd)
        entity.parts[0].body = .leaf(OctetBuffer(octets("é\n")), isDecoded: true)
        #expect(try message(entity) == string(odd).replacing("one=\n two \n\r\n--b\nC", with: "=C3=A9\r\n\r\n--b\nC"))
    }

    @Test func `with another encoding, the body is encoded anew`() throws {
        let entity = try Entity.parse(odd)
        entity.parts[0].transferEncoding = .base64
        let text = try message(entity)
        #expect(text.contains("--b  \r\nContent-Transfer-Encoding: base64\n\nb25lIHR3bwo=\r\n--b\n"))
    }

    @Test func `with another type, only that field changes`() throws {
        let entity = try Entity.parse(octets("A: b\nContent-Type: text/plain\nC: d\n\nx"))
        entity.contentType = ContentType("text/html")
        #expect(try message(entity) == "A: b\nContent-Type: text/html\nC: d\n\nx")
        let bare = try Entity.parse(octets("A: b"))
        bare.contentType["charset"] = octets("utf-8")
        #expect(try message(bare) == "A: b\r\nContent-Type: text/plain;\r\n              charset=\"utf-8\"\r\n\r\n")
    }

    @Test(arguments: [
        ("A: b\n", "A: b\nX: y\n\n"), ("A: b\r\n\r", "A: b\r\nX: y\r\n\r\n"), ("A: b", "A: b\r\nX: y\r\n\r\n"),
        ("", "X: y\r\n\r\n"),
        ("text", "X: y\r\n\r\ntext"),
    ])
    func `with a field added where no empty line was`(raw: String, expected: String) throws {
        let entity = try Entity.parse(octets(raw))
        entity.header.append(HeaderField("X", text: "y"))
        #expect(try message(entity) == expected)
    }

    @Test func `with other parts, the multipart is made anew with its boundary`() throws {
        let entity = try Entity.parse(odd)
        entity.body = .parts(Array(entity.parts.prefix(1)))
        let text = try message(entity)
        #expect(
            text.hasSuffix(
                " boundary=\"b\"\r\n\n--b\r\nContent-Transfer-Encoding: quoted-printable\n\none=\n two \n\r\n--b--\r\n")
        )
    }

    @Test func `inside a new multipart, also twice`() throws {
        let (changed, same) = (try Entity.parse(octets("A: b\n\nx")), try Entity.parse(octets("C: d\n\ny")))
        changed.header.set(HeaderField("A", text: "c"))
        var type = ContentType("multipart/mixed")
        type["boundary"] = octets("b")
        let entity = Entity(contentType: type, body: .parts([changed, same, changed]))
        let part = "--b\r\nA: c\n\nx\r\n"
        #expect(try message(entity).hasSuffix("\r\n\r\n\(part)--b\r\nC: d\n\ny\r\n\(part)--b--\r\n"))
    }

    @Test func `an encoded message stays encoded until a part of it changes`() throws {
        let raw = octets(
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\nA: b\n\nU3ViamVjdDogeQoKeg==\n")
        let entity = try Entity.parse(raw)
        entity.header.append(HeaderField("C", text: "d"))
        #expect(try message(entity) == string(raw).replacing("A: b\n", with: "A: b\nC: d\n"))
        let other = try Entity.parse(raw)
        other.parts[0].header.append(HeaderField("C", text: "d"))
        #expect(try message(other) == "Content-Type: message/rfc822\nA: b\n\nSubject: y\nC: d\n\nz")
    }

    @Test func `random octets and lines come back whatever they are`() throws {
        var seed: UInt32 = 42
        func random(_ count: Int) -> Int {
            seed = seed &* 1_664_525 &+ 1_013_904_223
            return Int(seed >> 12) % count
        }
        let lines = [
            "Content-Type: multipart/mixed; boundary=b", "Content-Type: multipart/a; boundary=\"c d\"", "", "", "--b",
            "--b--",
            "--c d", "--c d--", "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "YWJj", "text",
            " fold",
            "From x", "A: b", ": x", "--", "é", "\u{0}", "--b \t",
        ]
        for _ in 0..<400 {
            var text: [UInt8] = []
            for _ in 0..<random(20) {
                text += octets(lines[random(lines.count)] + ["\n", "\r\n", "\n", "\r"][random(4)])
            }
            let entity = try Entity.parse(text)
            #expect(try MessageWriter.message(entity) == text)
            let touched = try Entity.parse(text)
            if all(touched).contains(where: { $0.defects.contains { $0.code == .encodedMessage } }) { continue }
            for entity in all(touched) where random(2) == 0 { entity.header = HeaderSection(entity.header.fields) }
            let lineEnds: Set<UInt8> = [10, 13]
            #expect(
                try MessageWriter.message(touched).filter { !lineEnds.contains($0) }
                    == text.filter { !lineEnds.contains($0) })
            let slow = try Entity.parse(SlowSource(text, step: 1 + random(9)))
            #expect(try tree(slow) == tree(entity))
            #expect(try MessageWriter.message(slow) == text)
        }
    }
}

extension String {
    /// The text with the only occurrence of `old` replaced.
    fileprivate func replacing(_ old: String, with new: String = "") -> String {
        let text = Array(utf8)
        let pattern = Array(old.utf8)
        guard let range = text.firstRange(of: pattern) else { return self }
        return String(decoding: text[..<range.lowerBound] + Array(new.utf8) + text[range.upperBound...], as: UTF8.self)
    }
}

@Suite("Hostile input ends soon")
struct HostileTests {
    @Test(arguments: [
        "A: b\n", "junk\n", " \n", "A:\n b\n", "Content-Type: message/rfc822\n\n",
        "Content-Type: multipart/a; boundary=b\n\n--b\n",
        "--b\n", "\n", "\r", ":", "Content-Type: a/b; ", "Content-Transfer-Encoding: base64\n", "(", "\"",
    ])
    func `many times the same`(piece: String) throws {
        let many = Array(repeatElement(octets(piece), count: 5000).joined())
        for prefix in ["", "Content-Type: multipart/a; boundary=b\n\n", "Content-Type: ", "X: "] {
            let entity = try Entity.parse(octets(prefix) + many)
            #expect(try MessageWriter.message(entity).count == prefix.utf8.count + many.count)
            _ = try entity.size()
        }
    }
}
