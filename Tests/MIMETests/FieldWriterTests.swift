import MIME
import Octets
import Testing

@Suite("Writing fields and parameters, RFC 5322 §2.1.1, RFC 2047, RFC 2231")
struct FieldWriterTests {
    private func wire(_ name: String, _ value: String, _ encoding: ParameterEncoding = .both) -> String {
        string(HeaderField(name, text: value).wireForm(parameters: encoding))
    }

    @Test(arguments: [
        (ParameterEncoding.rfc2231, "a; name*=utf-8''%C3%BC.txt\r\n"),
        (.rfc2047, "a; name=\"=?utf-8?B?w7wudHh0?=\"\r\n"),
        (.both, "a; name=\"=?utf-8?B?w7wudHh0?=\"; name*=utf-8''%C3%BC.txt\r\n"),
    ])
    func `a parameter outside US-ASCII`(encoding: ParameterEncoding, expected: String) {
        let wire = wire("Content-Disposition", "a; name=\"\u{FC}.txt\"", encoding)
        #expect(wire.replacing("\r\n ", with: " ") == "Content-Disposition: " + expected)
    }

    @Test(arguments: ["Content-Disposition", "X"], [ParameterEncoding.rfc2231, .rfc2047, .both])
    func `what is written is read again`(field: String, encoding: ParameterEncoding) throws {
        for name in ["a", "a b", "a\"b\\c", "\u{FC}", "\u{FC};=\"\\'%*", String(repeating: "\u{20AC}x", count: 300)] {
            let entity = Entity(contentType: ContentType("a/b"), body: .leaf(OctetBuffer([]), isDecoded: true))
            entity.parameterEncoding = encoding
            entity.setFileName(octets(name))
            let text = try message(entity)
            #expect(text.utf8.allSatisfy { $0 < 0x80 })
            #expect(text.wireLines.allSatisfy { $0.utf8.count <= 78 })
            let parsed = try Entity.parse(octets(text))
            #expect(parsed.parameterText("name").map(string) == name)
            #expect(parsed.dispositionParameters().text(octets("filename")).map(string) == name)
        }
    }

    @Test func `a file name stays away from what is there`() throws {
        var type = ContentType("a/b")
        type["name"] = octets("x")
        let entity = Entity(contentType: type, body: .leaf(OctetBuffer([]), isDecoded: true))
        entity.header.append(HeaderField("Content-Disposition", text: "inline; filename=y;"))
        entity.setFileName(octets("z"))
        #expect(entity.parameterText("name").map(string) == "x")
        #expect(entity.parameterText("filename").map(string) == "y")
        entity.header.set(HeaderField("content-disposition", text: "inline ; "))
        entity.setFileName(octets("z"))
        #expect(entity.header.values(of: octets("Content-Disposition")).map(string) == ["inline; filename=\"z\""])
    }

    @Test func `a very long US-ASCII parameter is cut into pieces`() throws {
        var type = ContentType("a/b")
        type["x"] = [UInt8](repeating: 0x61, count: 5000)
        let entity = Entity(contentType: type, body: .leaf(OctetBuffer([]), isDecoded: true))
        let text = try message(entity)
        #expect(text.wireLines.allSatisfy { $0.utf8.count <= 78 })
        #expect(try Entity.parse(octets(text)).parameterText("x")?.count == 5000)
    }

    // An address that is not US-ASCII has no other form: RFC 6532 §3.2 has it in UTF-8.
    @Test(arguments: [
        ("é", "=?utf-8?B?w6k=?="), ("é, ü", "=?utf-8?B?w6k=?=, =?utf-8?B?w7w=?="), ("é@b.c", "é@b.c"),
        ("<é@b.c>", "<é@b.c>"), ("é <a@é.c>", "=?utf-8?B?w6k=?= <a@é.c>"), ("<a@b.c>é", "<a@b.c> =?utf-8?B?w6k=?="),
        ("g: é@b.c, é, x@y.z;, é@b.c", "g: é@b.c, =?utf-8?B?w6k=?=, x@y.z;, é@b.c"), ("a; é", "a; =?utf-8?B?w6k=?="),
        ("\"é\" <a@b.c>", "=?utf-8?B?w6k=?= <a@b.c>"),
    ])
    func `an address field is US-ASCII but for its addresses`(value: String, wire: String) {
        for field in ["To", "reply-to", "Resent-Cc"] {
            #expect(self.wire(field, value) == field + ": " + wire + "\r\n")
        }
    }

    @Test func `what is no parameter has no place for encoded text`() {
        #expect(wire("Content-Disposition", "a; é; é=b; c=d") == "Content-Disposition: a; __; __=b; c=d\r\n")
    }

    @Test(arguments: [
        ("To", "aaaa@b.example,", 100), ("Cc", "\"a, b\" <aaaa@b.example>, ", 60),
        ("References", "<aaaa@b.example>", 100),
        ("List-Unsubscribe", "<https://a.example/x?a=1,2,3;4>,", 60), ("Subject", "word ", 300), ("X", "a,", 400),
        ("Content-Disposition", "; a=\"b;c\"", 200),
    ])
    func `US-ASCII of more than 998 octets is folded where nothing changes`(name: String, unit: String, count: Int) {
        let value = "x" + String(repeating: unit, count: count)
        let wire = wire(name, value)
        let lines = wire.wireLines
        #expect(lines.count > 2 || name == "X")
        #expect(lines.allSatisfy { $0.utf8.count <= (name == "X" ? 998 : 110) && $0.contains { $0 != " " } })
        let whole = lines.joined().replacing(" ", with: "")
        #expect(whole == "\(name):\(value)".replacing(" ", with: "") || name == "X")
        for unit in ["\"a, b\"", "<https://a.example/x?a=1,2,3;4>"] where value.contains(unit) {
            #expect(lines.joined().ranges(of: unit).count == count)
        }
    }

    @Test func `US-ASCII below 999 octets is written as it is`() {
        for value in [String(repeating: "a ", count: 490) + "b", "a  b", "a\tb", String(repeating: "a@b,", count: 240)]
        {
            #expect(wire("Subject", value) == "Subject: \(value)\r\n")
            #expect(wire("To", value) == "To: \(value)\r\n")
        }
    }

    @Test(arguments: ["References", "Message-ID", "DKIM-Signature"])
    func `structured fields of US-ASCII never become encoded-words`(name: String) {
        let value = "<" + String(repeating: "a", count: 3000) + "@b>"
        #expect(wire(name, value).replacing("\r\n ", with: " ") == "\(name): \(value)\r\n")
    }

    @Test func `long address lists are folded between addresses`() {
        let value = (0..<50).map { "K\u{E4}the \($0) <k\($0)@example.org>" }.joined(separator: ",")
        let lines = wire("To", value).wireLines
        #expect(lines.count > 30)
        #expect(lines.allSatisfy { $0.utf8.count <= 78 })
        let plain = "\u{FC} <a@b>, " + String(repeating: "plain@example.org, ", count: 50) + "z@b"
        #expect(wire("To", plain).wireLines.allSatisfy { $0.utf8.count <= 78 })
    }

    @Test func `text beside encoded-words is folded`() {
        let words = String(repeating: "plain words ", count: 20)
        let lines = wire("Subject", words + "\u{20AC} " + words).wireLines
        #expect(lines.allSatisfy { $0.utf8.count <= 78 })
        #expect(
            string(HeaderField(parsing: octets(lines.joined(separator: "\r\n"))).text()) == words + "\u{20AC} "
                + words.dropLast())
    }
}
