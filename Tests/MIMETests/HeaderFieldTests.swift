import MIME
import Testing

@Suite("Header fields, RFC 5322 §2.2")
struct HeaderFieldTests {
    @Test(arguments: [
        ("Subject: x\r\n", "Subject", "x"),
        ("Subject:x", "Subject", "x"),
        ("Subject \t:  x \r\n", "Subject", "x"),
        ("A: b\r\n c\r\n\td\r\n", "A", "b\n c\n\td"),
        ("A:\n b\n", "A", "b"),
        ("A:\n", "A", ""),
        ("A: b: c\n", "A", "b: c"),
        ("A: gr\u{00E0}\n", "A", "gr\u{00E0}"),
        ("A: b\rc\n", "A", "b\rc"),
        ("no colon\n", "", "no colon"),
        (": x\n", "", ": x"),
        ("  : x\n", "", "  : x"),
    ])
    func `lines are taken apart as Tcllib does`(raw: String, name: String, value: String) {
        let field = HeaderField(parsing: octets(raw))
        #expect(string(field.name) == name)
        #expect(string(field.value) == value)
        #expect(field.raw == octets(raw))
    }

    @Test(arguments: [
        ("x", nil), ("", nil), ("a\n b", nil), ("a\r\n\tb", nil), ("a\tb\u{7F}", nil), ("\n b", nil), ("é", nil),
        ("a\nb", 1), ("a\r\nb", 1), ("a\rb", 1), ("a\r b", 1), ("a\n \n b", 1), ("a\n ", 1), ("a\n", 1), ("a\n\n b", 1),
        ("a\0", 1), ("ab\u{1B}", 2),
    ])
    func `only proper folding may hold line ends`(value: String, offset: Int?) {
        #expect(HeaderField.firstBadOctet(value: octets(value)) == offset)
    }

    @Test(arguments: [
        ("Subject", nil), ("X-!~", nil), ("", 0), ("a b", 1), ("a:", 1), ("aé", 1), ("a\r\nb", 1), ("\u{7F}", 0),
    ])
    func `names are ftext, RFC 5322 §3_6_8`(name: String, offset: Int?) {
        #expect(HeaderField.firstBadOctet(name: octets(name)) == offset)
    }

    @Test(arguments: [
        ("Subject", "hello", "Subject: hello\r\n"),
        ("Subject", "a\n b\r\n\tc", "Subject: a\r\n b\r\n\tc\r\n"),
        ("Subject", "a\r\nBcc: x", "Subject: a  Bcc: x\r\n"),
        ("Subject", "a\0b", "Subject: a b\r\n"), ("Subject", "a\n \0", "Subject: a   \r\n"),
        ("Subject", "Grüße", "Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n"),
        ("Subject", "an Müller und Söhne heute", "Subject: an =?utf-8?B?TcO8bGxlciB1bmQgU8O2aG5l?= heute\r\n"),
        ("Subject", "日本語", "Subject: =?utf-8?B?5pel5pys6Kqe?=\r\n"),
        ("Subject", "=?utf-8?Q?=C3=A9?=", "Subject: =?utf-8?Q?=C3=A9?=\r\n"),
        ("To", "Müller <a@b>, c@d", "To: =?utf-8?Q?M=C3=BCller?= <a@b>, c@d\r\n"),
        ("To", "\"Müller, \\\"J\\\"\" <a@b>", "To: =?utf-8?B?TcO8bGxlciwgIkoi?= <a@b>\r\n"),
        ("To", "a@b (Käse)", "To: a@b (=?utf-8?B?S8Okc2U=?=)\r\n"),
        ("Cc", "Käse: a@b;", "Cc: =?utf-8?B?S8Okc2U=?= : a@b;\r\n"),
        ("From", "jörg@exämple.de", "From: jörg@exämple.de\r\n"),
        (
            "Content-Disposition", "attachment; filename=\"ü;x.txt\"; size=3",
            "Content-Disposition: attachment;\r\n filename=\"=?utf-8?B?w7w7eC50eHQ=?=\";\r\n"
                + " filename*=utf-8''%C3%BC%3Bx.txt; size=3\r\n"
        ),
    ])
    func `fields go on the wire in US-ASCII, RFC 2047, RFC 2231`(name: String, value: String, wire: String) {
        #expect(string(HeaderField(name, text: value).wireForm()) == wire)
    }

    @Test func `octets that are no UTF-8 are ISO-8859-1`() {
        let field = HeaderField(name: octets("Subject"), octets: [0xE9])
        #expect(string(field.wireForm()) == "Subject: =?utf-8?B?w6k=?=\r\n")
    }

    @Test func `a parsed field keeps its octets but for line ends`() {
        let field = HeaderField(parsing: octets("sUBJECT : a\n  b\u{E9}\n"))
        #expect(string(field.wireForm()) == "sUBJECT : a\r\n  b\u{E9}\r\n")
    }

    @Test(
        arguments: ["Subject", "To", "Content-Disposition", "X-Y"], ["é ", "e ", "x@y, ", "日本語 <a@b>, ", "; a=é"])
    func `long values give short lines that decode to the same`(name: String, piece: String) throws {
        let value = octets("x") + Array(repeatElement(octets(piece), count: 400).joined())
        let wire = HeaderField(name: octets(name), text: value).wireForm()
        let lines = string(wire).wireLines
        #expect(lines.allSatisfy { $0.utf8.count <= 998 && $0.contains { $0 != " " } })
        let words: [Substring] = lines.joined(separator: " ").split(separator: " ").filter { $0.contains("=?") }
        #expect(words.allSatisfy { $0.utf8.count <= 77 })
        if name == "Subject" {
            let unfolded = string(wire.dropFirst(9).dropLast(2)).wireLines.joined()
            #expect(try EncodedWords.decodeToUTF8(octets(unfolded)) == value)
        }
    }

    @Test func `a word too long for a line becomes encoded-words, RFC 5322 §2_1_1`() throws {
        let value = [UInt8](repeating: 0x78, count: 3000)
        let wire = HeaderField(name: octets("Subject"), text: value).wireForm()
        #expect(string(wire).wireLines.allSatisfy { $0.utf8.count <= 78 })
        let unfolded = string(wire.dropFirst(9).dropLast(2)).wireLines.joined()
        #expect(try EncodedWords.decodeToUTF8(octets(unfolded)) == value)
    }
}

extension String {
    /// The lines between CRLFs, the last empty one dropped.
    var wireLines: [String] {
        var lines = split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

@Suite("Header sections, RFC 5322 §3.6")
struct HeaderSectionTests {
    private func section(_ fields: [(String, String)]) -> HeaderSection {
        HeaderSection(fields.map { HeaderField($0, text: $1) })
    }

    private func text(_ section: HeaderSection) -> [String] {
        section.fields.map { string($0.name) + "=" + string($0.value) }
    }

    @Test func `names are compared without case and listed once`() {
        let section = section([("To", "a"), ("Subject", "s"), ("TO", "b")])
        #expect(section.values(of: octets("to")).map { string($0) } == ["a", "b"])
        #expect(section.contains(octets("sUBJECT")))
        #expect(section.names.map { string($0) } == ["To", "Subject"])
    }

    @Test func `set replaces all fields at the place of the first, with its spelling`() {
        var section = section([("To", "a"), ("Subject", "s"), ("TO", "b"), ("X", "x")])
        section.set(HeaderField("tO", text: "c"))
        #expect(text(section) == ["To=c", "Subject=s", "X=x"])
        section.set(HeaderField("New", text: "n"))
        #expect(text(section).last == "New=n")
    }

    @Test func `append goes after the last of its name`() {
        var section = section([("To", "a"), ("Subject", "s")])
        section.append(HeaderField("to", text: "b"))
        section.append(HeaderField("Cc", text: "c"))
        #expect(text(section) == ["To=a", "To=b", "Subject=s", "Cc=c"])
    }

    @Test func `removal says whether there was anything`() {
        var section = section([("To", "a"), ("to", "b"), ("Cc", "c")])
        let wasThere = section.removeAll(named: octets("TO"))
        let isThere = section.removeAll(named: octets("TO"))
        #expect(wasThere && !isThere)
        #expect(text(section) == ["Cc=c"])
    }
}
