import MIME
import Octets
import Testing

@Suite("Writing entities that a caller made")
struct EntityWritingTests {
    @Test func `a text has its fields in Tcllib's order`() throws {
        let entity = leaf("text/plain", "Hello\n", charset: "us-ascii")
        entity.header.append(HeaderField("Subject", text: "Hi"))
        entity.header.append(HeaderField("To", text: "a@b"))
        entity.header.append(HeaderField("subject", text: "again"))
        #expect(
            try message(entity)
                == """
                MIME-Version: 1.0\r
                Subject: Hi\r
                To: a@b\r
                subject: again\r
                Content-Type: text/plain;\r
                              charset="us-ascii"\r
                \r
                Hello\r\n
                """.replacingOrder())
    }

    @Test(arguments: [
        (TransferEncoding.base64, "text/plain", "a\nb", "YQpi"),
        (.quotedPrintable, "text/plain", "é\nb\r\n.", "=C3=A9\r\nb\r\n=2E"),
        (.quotedPrintable, "application/x", "a\r\nb", "a=0D=0Ab"),
        (.sevenBit, "text/plain", "a\nb\rc\r\nd", "a\r\nb\r\nc\r\nd"),
        (.eightBit, "text/plain", "é\n", "é\r\n"),
        (.binary, "application/x", "a\nb\rc", "a\nb\rc"),
    ])
    func `a declared encoding is written as declared`(
        encoding: TransferEncoding, type: String, body: String, wire: String
    ) throws {
        let text = try message(leaf(type, body, encoding))
        #expect(
            text
                == "MIME-Version: 1.0\r\nContent-Type: \(type)\r\nContent-Transfer-Encoding: \(encoding.rawValue)\r\n\r\n\(wire)"
        )
    }

    @Test func `a multipart is laid out as RFC 2046 §5_1_1 wants`() throws {
        var type = ContentType("multipart/mixed")
        type["boundary"] = octets("b")
        let inner = Entity(contentType: type, body: .parts([leaf("text/plain", "x")]))
        inner.contentType["boundary"] = octets("i")
        let entity = Entity(contentType: type, body: .parts([leaf("text/html", "one\n"), inner]))
        #expect(
            try message(entity)
                == "MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n              boundary=\"b\"\r\n\r\n--b\r\n"
                + "MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\none\r\n\r\n--b\r\n"
                + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n              boundary=\"i\"\r\n\r\n--i\r\n"
                + "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nx\r\n--i--\r\n\r\n--b--\r\n")
    }

    @Test func `a message holds its one part directly`() throws {
        let entity = Entity(contentType: ContentType("message/rfc822"), body: .parts([leaf("text/plain", "x")]))
        #expect(
            try message(entity)
                == "MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nx"
        )
    }

    @Test(arguments: [
        nil, "", "\r\nX: y", "é", "b ", "a@b", "a\"b", "a;b", "a*b", String(repeating: "x", count: 71),
    ])
    func `a boundary that cannot be written is replaced by one made once`(given: String?) throws {
        var type = ContentType("multipart/mixed")
        type["boundary"] = given.map(octets)
        let entity = Entity(contentType: type, body: .parts([leaf("text/plain", "x")]))
        let boundary = string(entity.boundary())
        #expect(boundary == string(entity.boundary()))
        #expect(boundary.hasPrefix("----- =_") && boundary.utf8.count <= 70)
        let text = try message(entity)
        #expect(text.contains(";\r\n              boundary=\"\(boundary)\"\r\n\r\n--\(boundary)\r\n"))
        #expect(text.hasSuffix("\r\n--\(boundary)--\r\n"))
        #expect(try Entity.parse(octets(text)).parts.count == 1)
    }

    @Test(arguments: [
        ("a b", "name=\"a b\""), ("a\"\\", "name=\"a\\\"\\\\\""), ("é", "name*=utf-8''%C3%A9"),
        ("a\r\nX: y", "name*=utf-8''a%0D%0AX%3A%20y"), ("", "name=\"\""),
    ])
    func `parameter values are quoted or in RFC 2231 form`(value: String, wire: String) throws {
        let entity = leaf("text/plain", "x")
        entity.parameterEncoding = .rfc2231
        entity.contentType["name"] = octets(value)
        #expect(try message(entity).contains("Content-Type: text/plain;\r\n              \(wire)\r\n\r\n"))
    }

    @Test func `very long parameter values are cut into pieces, RFC 2231 §3`() throws {
        let entity = leaf("text/plain", "x")
        entity.contentType["name"] = octets(String(repeating: "é", count: 2000))
        let lines = try message(entity).wireLines
        #expect(lines.allSatisfy { $0.utf8.count <= 100 })
        #expect(lines.contains { $0.hasPrefix("              name*1*=") })
    }

    @Test(arguments: [
        ("Text/Plain; charset=X;", "text/plain; charset=X"),
        ("application/pdf; name=\"x\"", "application/pdf; name=\"x\""),
        ("a/b\r\nBcc: c", "a/b  Bcc: c"), ("", "text/plain"), ("text/plain ; ", "text/plain"),
    ])
    func `the text of a caller's type is written, its type in lower case`(text: String, wire: String) throws {
        let entity = Entity(
            contentType: ContentType("text/plain"), contentTypeText: octets(text),
            body: .leaf(OctetBuffer([]), isDecoded: true))
        #expect(try message(entity) == "MIME-Version: 1.0\r\nContent-Type: \(wire)\r\n\r\n")
    }

    @Test func `parameters inside the text count and are not written twice`() throws {
        let entity = Entity(
            contentType: ContentType("multipart/mixed"), contentTypeText: octets("multipart/mixed; boundary=zz"),
            body: .parts([leaf("text/plain", "x")]))
        let text = try message(entity)
        #expect(entity.boundary() == octets("zz"))
        #expect(text.hasPrefix("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=zz\r\n\r\n--zz\r\n"))
    }

    @Test func `fields can be added and left out`() throws {
        let entity = leaf("text/plain", "x")
        entity.header.append(HeaderField("Bcc", text: "secret"))
        entity.header.append(HeaderField("To", text: "a"))
        let octets = try MessageWriter.message(
            entity, adding: [HeaderField("Date", text: "now")], removing: [octets("bcc")])
        #expect(string(octets) == "MIME-Version: 1.0\r\nTo: a\r\nDate: now\r\nContent-Type: text/plain\r\n\r\nx")
    }

    @Test func `messages in an encoding RFC 2046 §5_2_1 forbids go out without`() throws {
        let text = try message(leaf("message/rfc822", "Subject: x\n\ny", .base64))
        #expect(text == "MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny")
    }

    @Test(arguments: [1, 2, 7, 100, 65536])
    func `chunks make up the message and are as long as asked`(chunkOctets: Int) throws {
        let body = String(repeating: "line é\n", count: 3000)
        let entity = Entity(
            contentType: ContentType("multipart/mixed"),
            body: .parts([leaf("text/plain", body, .quotedPrintable), leaf("image/png", body), leaf("text/plain", "x")])
        )
        let whole = try MessageWriter.message(entity)
        let writer = MessageWriter(entity, chunkOctets: chunkOctets)
        var chunks: [[UInt8]] = []
        while let chunk = try writer.next() { chunks.append(chunk) }
        #expect(Array(chunks.joined()) == whole)
        #expect(chunks.dropLast().allSatisfy { $0.count >= chunkOctets })
    }

    @Test func `a source that cannot be read is an error`() {
        let entity = Entity(contentType: ContentType("text/plain"), body: .leaf(BrokenSource(), isDecoded: true))
        let error = #expect(throws: MIMEError.self) { try MessageWriter.message(entity) }
        #expect(error?.source?.errorCode == ["POSIX", "EIO"])
        #expect(throws: MIMEError.self) { try Entity.parse(BrokenSource()) }
    }

    @Test func `deep trees are written and freed without recursion`() throws {
        var entity = leaf("text/plain", "x")
        for _ in 0..<20_000 { entity = Entity(contentType: ContentType("message/rfc822"), body: .parts([entity])) }
        #expect(try MessageWriter.message(entity).count > 20_000 * 40)
        #expect(try entity.size() == 1)
    }
}

extension String {
    /// The text with its fields of one name put together, as a header section keeps them.
    fileprivate func replacingOrder() -> String {
        var lines = split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        if let index = lines.firstIndex(of: "subject: again") {
            lines.remove(at: index)
            lines.insert("Subject: again", at: 2)
        }
        return lines.joined(separator: "\r\n")
    }
}

@Suite("The choice of a transfer encoding, as Tcllib chooses")
struct EncodingChoiceTests {
    private static let rows: [(String, String?, String, TransferEncoding?)] = [
        ("text/plain", nil, "abc\ndef\n", nil), ("text/plain", nil, "", nil),
        ("text/plain", nil, String(repeating: "x", count: 76), nil),
        ("text/plain", nil, String(repeating: "x", count: 77), .quotedPrintable),
        ("text/plain", nil, "a \n", .quotedPrintable), ("text/plain", nil, "a\t", .quotedPrintable),
        ("text/plain", nil, ".a", .quotedPrintable), ("text/plain", nil, "a\nFrom x", .quotedPrintable),
        ("text/plain", nil, "a\r\nb", .quotedPrintable), ("text/plain", "utf-8", "a\r\nb", .base64),
        ("text/plain", "utf-8", "é", .base64), ("text/plain", "UTF-8", "e", nil),
        ("text/plain", "utf-8", "\u{7}", .base64),
        ("text/plain", "iso-8859-1", "é", .quotedPrintable), ("text/plain", "iso-8859-15", "é", .base64),
        ("text/plain", "us-ascii", "é", .quotedPrintable), ("text/plain", nil, "a\0b", .quotedPrintable),
        ("text/plain", nil, "\u{7}", nil), ("application/x", nil, "a", nil), ("application/x", nil, "é", .base64),
        ("application/x", nil, "a ", .base64), ("image/png", nil, "a", .base64), ("audio/x", nil, "", .base64),
        ("video/x", nil, "", .base64), ("message/rfc822", nil, "é", nil), ("multipart/mixed", nil, "é", nil),
    ]

    @Test(arguments: rows)
    func `each kind of body`(type: String, charset: String?, body: String, encoding: TransferEncoding?) throws {
        #expect(try leaf(type, body, charset: charset).chosenEncoding() == encoding)
    }

    @Test func `the size is that of the bodies, three quarters of parsed base64`() throws {
        let entity = Entity(
            contentType: ContentType("multipart/mixed"), body: .parts([leaf("a/b", "123"), leaf("a/b", "45", .base64)]))
        #expect(try entity.size() == 5)
        let parsed = try Entity.parse(octets("Content-Transfer-Encoding: base64\n\nQUJDRA==\n"))
        #expect(try parsed.size() == 7)
        #expect(try parsed.decodedBody() == octets("ABCD"))
    }
}
