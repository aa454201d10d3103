import MIME
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
