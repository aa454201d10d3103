@testable import MIME
import Testing

@Suite("Content-Type, RFC 2045 §5")
struct ContentTypeTests {
    @Test(arguments: [
        ("text/plain", "text/plain", []),
        ("Text/HTML; Charset=UTF-8", "text/html", ["charset=UTF-8"]),
        ("message", "message/rfc822", []),
        ("text/plain;", "text/plain", []),
        ("text/plain ; ", "text/plain", []),
        ("(c) text (d) / (e) plain ; a (f) = (g) b (h)", "text/plain", ["a=b"]),
        ("text/plain; a=\"b;c\"; d=e", "text/plain", ["a=b;c", "d=e"]),
        ("text/plain;\n\ta=b", "text/plain", ["a=b"]),
        ("text/plain; a=b; A=c; d=e", "text/plain", ["a=c", "d=e"]),
        ("text/plain; a=\"\\\"q\\\\\"", "text/plain", ["a=\"q\\"]),
        ("multipart/mixed; boundary=\"----- =_x\"", "multipart/mixed", ["boundary=----- =_x"]),
        ("text/plain; f*=utf-8''x%20y", "text/plain", ["f*=utf-8''x%20y"]),
        ("text/plain; a=\"\"", "text/plain", ["a="]),
    ])
    func `good values are taken`(value: String, type: String, parameters: [String]) throws {
        let contentType = try ContentType(parsing: octets(value))
        #expect(string(contentType.type) == type)
        #expect(contentType.parameters.map { string($0.name) + "=" + string($0.value) } == parameters)
    }

    @Test(arguments: [
        ("", MIMEError.Code.expectedType, "end-of-input"),
        ("/plain", .expectedType, "/"),
        ("Text", .expectedTypeAndSubtype, "text"),
        ("text plain", .expectedSlash, "plain"),
        ("text/", .expectedSubtype, "end-of-input"),
        ("text/plain a=b", .expectedSemicolon, "a"),
        ("text/plain;;", .expectedAttribute, ";"),
        ("text/plain; a", .expectedEquals, "end-of-input"),
        ("text/plain; a=;", .expectedValue, ";"),
        ("text/plain; a=\"b", .expectedValue, "end-of-input during quoted-string"),
        ("text/plain; a=b (c", .expectedSemicolon, "end-of-input during comment"),
    ])
    func `bad values say what was expected and found`(value: String, code: MIMEError.Code, found: String) {
        let error = #expect(throws: MIMEError.self) { try ContentType(parsing: octets(value)) }
        #expect(error?.code == code)
        #expect(error.map { string($0.detail) } == found)
    }

    private static let badValues: [(value: String, type: String?, parameters: [String])] = [
        ("text/html; charset=utf-8; format", "text/html", ["charset=utf-8"]),
        ("multipart/mixed; boundary=----=_Part_1", "multipart/mixed", ["boundary=----=_Part_1"]),
        ("multipart/mixed; boundary=a/b?c; x=y", "multipart/mixed", ["boundary=a/b?c", "x=y"]),
        ("application/pdf; name=my file.pdf", "application/pdf", ["name=my file.pdf"]),
        ("application/pdf; name=my file (1).pdf", "application/pdf", ["name=my file (1).pdf"]),
        ("text/plain; charset=\"utf-8", "text/plain", ["charset=utf-8"]),
        ("text/plain;; ; charset=utf-8", "text/plain", ["charset=utf-8"]),
        ("text/plain charset=utf-8", "text/plain", ["charset=utf-8"]),
        ("Text/HTML, charset=utf-8", "text/html", ["charset=utf-8"]),
        ("text/plain; a==b; A=c (d; e)", "text/plain", ["a=c (d"]),
        ("text/plain; a=; b=c", "text/plain", ["b=c"]),
        ("text/plain; \u{E9}=x; n=\u{E9} y", "text/plain", ["n=\u{E9} y"]),
        ("text/plain; a=b (open; c=d", "text/plain", ["a=b (open", "c=d"]),
        ("text/plain (open; c=d", "text/plain", []),
        ("text / charset=x", "text/charset", []),
        ("text/plain;\n a=b\n c; d=e", "text/plain", ["a=b c", "d=e"]),
        ("text/plain/utf-8", "text/plain", []),
        ("html; charset=utf-8", nil, ["charset=utf-8"]),
        ("/plain", nil, []), ("text/; name=x", nil, ["name=x"]), ("", nil, []), ("name=\"x.pdf\"", nil, ["name=x.pdf"]),
    ]

    @Test(arguments: badValues)
    func `of bad values what can be read counts`(value: String, type: String?, parameters: [String]) throws {
        let reading = try ContentType.reading(octets(value), limit: 100)
        #expect(reading.isFaulty)
        #expect(reading.type.map { string($0.type) } == type)
        #expect(reading.parameters.map { string($0.name) + "=" + string($0.value) } == parameters)
        let entity = try Entity.parse(octets("Content-Type: \(value)\n\nx"))
        #expect(entity.defects.first?.code == .invalidContentType)
        #expect(string(entity.contentType.type) == type ?? "text/plain")
        for parameter in reading.parameters {
            #expect(entity.contentTypeParameters().text(parameter.name) == parameter.value)
        }
    }

    @Test func `a bad value's parameters are limited`() {
        let value = octets("a/b;" + (0..<50).map { "; p\($0)=x" }.joined())
        #expect(throws: MIMEError.self) { try ContentType.reading(value, limit: 49) }
        #expect((try? ContentType.reading(value, limit: 50))?.parameters.count == 50)
    }

    @Test func `all ask the same field`() throws {
        let text = "Content-Type: html; name=a\nContent-Type: text/html; name=b; x\nContent-Type: a/b; name=c\n\n"
        let entity = try Entity.parse(octets(text))
        #expect(string(entity.contentType.type) == "text/html")
        #expect(entity.parameter("name") == octets("b"))
        #expect(entity.parameterText("name") == octets("b"))
        #expect(entity.defects.map(\.code) == [.invalidContentType, .invalidContentType, .multipleContentTypes])
    }

    @Test func `parameters are limited`() {
        let value = octets("a/b" + (0..<50).map { "; p\($0)=x" }.joined())
        #expect(throws: MIMEError.self) { try ContentType(parsing: value, limit: 49) }
        #expect((try? ContentType(parsing: value, limit: 50))?.parameters.count == 50)
    }

    @Test func `parameters are found and set in any case`() {
        var type = ContentType("text/plain")
        type["Charset"] = octets("utf-8")
        type["CHARSET"] = octets("koi8-r")
        #expect(type["charset"] == octets("koi8-r"))
        #expect(type.parameters.count == 1)
        type["charset"] = nil
        #expect(type.parameters.isEmpty)
    }

    @Test(arguments: [
        ("base64", TransferEncoding.base64), ("BASE64", .base64), (" quoted-printable (x)", .quotedPrintable),
        ("8bit;", .eightBit), ("7bit", .sevenBit), ("binary", .binary), ("x-uuencode", nil), ("", nil),
        ("base 64", nil),
    ])
    func `transfer encodings are known in any case, with comments, RFC 2045 §6.1`(
        value: String, encoding: TransferEncoding?
    ) {
        #expect(TransferEncoding(fieldValue: octets(value)) == encoding)
    }
}
