import MIME
import Octets
import Testing

@Suite("Parsing entities")
struct ParsingTests {
    @Test(arguments: [
        ("", "text/plain="),
        ("Subject: x\n\nbody\n", "text/plain=body\n"),
        ("Subject: x\r\n\r\nbody\r\n", "text/plain=body\r\n"),
        ("Subject: x", "text/plain="),
        ("\nbody", "text/plain=body"),
        ("Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nYWJj\n", "image/png=abc"),
        ("Content-Transfer-Encoding: QUOTED-printable\n\n=41=\nb", "text/plain=Ab"),
        ("Content-Type: bogus\n\nx", "text/plain=x"),
        ("Content-Type: message/rfc822\n\nSubject: y\n\nz", "message/rfc822(text/plain=z)"),
        ("Content-Type: message/rfc822\n\n", "message/rfc822(text/plain=)"),
        (
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeQoKeg==\n",
            "message/rfc822(text/plain=z)"
        ),
        (
            "Content-Type: multipart/mixed; boundary=b\n\npre\n--b\n\none\n--b\n\ntwo\n--b--\npost\n--b\n",
            "multipart/mixed(text/plain=one,text/plain=two)"
        ),
        (
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n\r\n--b  \r\n--b--\t\r\n",
            "multipart/mixed(text/plain=one\r\n,text/plain=)"
        ),
        ("Content-Type: multipart/mixed; boundary=\"b c\"\n\n--b c\nA: b\n--b c--", "multipart/mixed(text/plain=)"),
        ("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none", "multipart/mixed(text/plain=one)"),
        ("Content-Type: multipart/mixed; boundary=b\n\n--bx\n--\nx", "multipart/mixed=--bx\n--\nx"),
        ("Content-Type: multipart/mixed; boundary=b\n\n--b--\nx", "multipart/mixed=--b--\nx"),
        ("Content-Type: multipart/mixed\n\n--b\n\nx\n--b--", "multipart/mixed=--b\n\nx\n--b--"),
        ("Content-Type: multipart/mixed; boundary=\" \"\n\nx", "multipart/mixed=x"),
        (
            "Content-Type: multipart/a; boundary=o\n\n--o\nContent-Type: multipart/b; boundary=i\n\n--i\n\nx\n--o\n\ny\n--o--\n",
            "multipart/a(multipart/b(text/plain=x),text/plain=y)"
        ),
        (
            "Content-Type: multipart/a; boundary=o\n\n--o\nContent-Type: message/rfc822\n\nA: b\n\nx\n--o--\n",
            "multipart/a(message/rfc822(text/plain=x))"
        ),
        ("Content-Type: multipart/a; boundary=b--\n\n--b--\n\nx\n--b----\n", "multipart/a(text/plain=x)"),
        (
            "Content-Type: multipart/a; boundary=b\n\n--b\n\nx\n--b\t-- \n\ny\n--b--\n",
            "multipart/a(text/plain=x\n--b\t-- \n\ny)"
        ),
    ])
    func `trees are Tcllib's for ordinary mail, lenient for odd`(text: String, expected: String) throws {
        #expect(try tree(Entity.parse(octets(text))) == expected)
        for step in [1, 2, 3, 5] {
            #expect(try tree(Entity.parse(SlowSource(octets(text), step: step), chunkOctets: step)) == expected)
        }
    }

    @Test(arguments: [
        ("From x\nSubject: y\n\nz", [Defect.Code.mailboxLine], "text/plain=z"),
        ("Subject: y\njunk\nTo: z\n\nx", [.improperHeaderLine], "text/plain=x"),
        (" x: b\nSubject: y\n\nz", [.improperHeaderLine], "text/plain=z"),
        ("\tx: b\n\nz", [.improperHeaderLine, .missingHeaderEnd], "text/plain=\tx: b\n\nz"),
        ("Content-Transfer-Encoding: base64\n: no name\n\nYQ==", [.improperHeaderLine], "text/plain=a"),
        (
            "Content-Type: message/rfc822\njunk\n\nContent-Type: image/png\n\ny", [.improperHeaderLine],
            "message/rfc822(image/png=y)"
        ),
        (
            "Content-Type: bad\nContent-Type: message/x\n: no name\n\nContent-Type: image/png\n\ny",
            [.invalidContentType, .improperHeaderLine], "message/x(image/png=y)"
        ),
        (
            "Content-Type: multipart/digest; boundary=b\n\n--b\n: no name\n\nContent-Type: image/png\n\ny\n--b--\n", [],
            "multipart/digest(message/rfc822(image/png=y))"
        ),
        (
            "Content-Type: multipart/digest; boundary=b\n\n--b\n A: b\n\nContent-Type: image/png\n\ny\n--b--\n", [],
            "multipart/digest(message/rfc822(image/png=y))"
        ),
        (
            "Content-Type: multipart/digest; boundary=b\n\n--b\nContent-Type: text/html\njunk\n\ny\n--b--\n", [],
            "multipart/digest(text/html=junk\n\ny)"
        ),
        (
            "Content-Type: message/partial; number=2\njunk\n\ny", [.improperHeaderLine, .missingHeaderEnd],
            "message/partial=junk\n\ny"
        ),
        ("Content-Transfer-Encoding: 7bit\nYQ==\n\n", [.improperHeaderLine, .missingHeaderEnd], "text/plain=YQ==\n\n"),
        ("Content-Type: message/partial; number=1\n\nA: b\n\nx", [], "message/partial(text/plain=x)"),
        ("Content-Type: message/partial; number=02\n\nmiddle of a", [], "message/partial=middle of a"),
        (
            "Content-Type: message/partial; number=2\nContent-Transfer-Encoding: base64\n\nYQ==", [.encodedMessage],
            "message/partial=a"
        ),
        (
            "Subject: y\njunk\nmore\n\nx", [.improperHeaderLine, .missingHeaderEnd, .improperHeaderLine],
            "text/plain=junk\nmore\n\nx"
        ),
        ("Content-Type: a/b\nContent-Type: c/d\n\n", [.multipleContentTypes], "a/b="),
        ("Content-Type: bad\nContent-Type: c/d\n\n", [.invalidContentType], "c/d="),
        (
            "Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 7bit\n\nYQ==", [.multipleTransferEncodings],
            "text/plain=YQ=="
        ),
        (
            "Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: x\n\nYQ==", [.multipleTransferEncodings],
            "text/plain=a"
        ),
        ("Content-Transfer-Encoding: x-uu\n\nx", [.unknownTransferEncoding], "text/plain=x"),
        ("Content-Type: multipart/a\n\nx", [.missingBoundary], "multipart/a=x"),
        ("Content-Type: multipart/a; boundary=\"\t\"\n\nx", [.emptyBoundary], "multipart/a=x"),
        ("Content-Type: multipart/a; boundary=b\n\nx", [.missingDelimiter], "multipart/a=x"),
        ("Content-Type: multipart/a; boundary=b\n\n--b\n\nx", [.missingCloseDelimiter], "multipart/a(text/plain=x)"),
        (
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n", [.encodedMessage],
            "message/rfc822(text/plain=)"
        ),
        ("Subject: x", [.missingHeaderEnd], "text/plain="),
        ("just text", [.improperHeaderLine, .missingHeaderEnd], "text/plain=just text"),
        (
            "Content-Type: message/rfc822\njunk", [.improperHeaderLine, .missingHeaderEnd],
            "message/rfc822(text/plain=junk)"
        ),
        (
            "Content-Type: multipart/a; boundary=b\n\n--b\njunk\n--b--\n", [], "multipart/a(text/plain=junk)"
        ),
    ])
    func `what is wrong is a defect, and nothing is lost`(text: String, defects: [Defect.Code], expected: String) throws
    {
        let entity = try Entity.parse(octets(text))
        #expect(entity.defects.map(\.code) == defects)
        #expect(try tree(entity) == expected)
        #expect(try message(entity) == text)
    }

    @Test func `only a mail's first octets are a byte order mark`() throws {
        let mark = "\u{FEFF}"
        let entity = try Entity.parse(octets("\(mark)A: b\n\(mark)Content-Type: text/html\n\(mark)C: d\n\nx"))
        #expect(entity.header.fields.map { string($0.name) } == ["A", "\(mark)Content-Type", "\(mark)C"])
        #expect(string(entity.contentType.type) == "text/plain")
        #expect(entity.defects.map(\.code) == [.byteOrderMark])
        #expect(string(HeaderField(parsing: octets("\(mark)A: b")).name) == "\(mark)A")
    }

    @Test func `defects of a multipart's fields lie at the fields`() throws {
        let entity = try Entity.parse(
            octets("A: b\nContent-Type: bad\nContent-Type: multipart/a\nContent-Transfer-Encoding: base64\n\nx"))
        #expect(entity.defects.map(\.code) == [.invalidContentType, .missingBoundary, .encodedMultipart])
        #expect(entity.defects.map(\.offset) == [5, 23, 49])
        let empty = try Entity.parse(octets("A: b\nContent-Type: multipart/a; boundary=\" \"\n\nx"))
        #expect(empty.defects.map(\.offset) == [5])
    }

    @Test func `defects say where and what`() throws {
        let entity = try Entity.parse(octets("A: b\nno field\n folded\nC: d\n\n"))
        #expect(entity.defects == [Defect(.improperHeaderLine, offset: 5, detail: "no field\n folded")])
    }

    @Test(arguments: [
        ("text/plain; charset=x-none", "x-none"), ("text/plain; charset=\" UTF-8 \"", nil), ("text/plain", nil),
        ("TEXT/html; charset=koi8-r", nil), ("image/png; charset=x-none", nil),
    ])
    func `an unknown charset of a text is a defect at its field`(type: String, charset: String?) throws {
        let entity = try Entity.parse(octets("Subject: y\nContent-Type: \(type)\n\nx"))
        let charsets = Charsets { name, _ in name == octets("koi8-r") ? [] : nil }
        let expected = charset.map { Defect(.unknownCharset, offset: 11, detail: $0) }
        #expect(entity.charsetDefect(charsets) == expected)
        #expect(try entity.allDefects().isEmpty)
    }

    @Test func `facts of the header section are at hand`() throws {
        let entity = try Entity.parse(
            octets(
                "MIME-Version: 1.1 (x)\nSubject: a\n b\nContent-Transfer-Encoding: X-Foo\nContent-Type: TEXT/Plain; Charset=X\n\n"
            ))
        #expect(entity.isParsed)
        #expect(string(entity.mimeVersion) == "1.1 (x)")
        #expect(string(entity.declaredEncoding) == "x-foo")
        #expect(entity.transferEncoding == nil)
        #expect(entity.contentType["charset"] == octets("X"))
        #expect(entity.header.values(of: octets("subject")) == [octets("a\n b")])
        #expect(entity.header.names.count == 4)
        #expect(try Entity.parse([]).contentType == .standard)
    }

    @Test(arguments: [
        (
            "Content-Type: multipart/mixed; boundary=\"b \"\n\n--b \n\nx\n--b --\nend", [Defect.Code](),
            "multipart/mixed(text/plain=x)"
        ),
        (
            "Content-Type: multipart/mixed; boundary=\"b \"\n\n--b\n\nx\n--b--\nend", [],
            "multipart/mixed(text/plain=x)"
        ),
        (
            "Content-Type: multipart/a; boundary=\"b \"\n\n--b\nContent-Type: multipart/c; boundary=b\n\n--b --\nend",
            [],
            "multipart/a(multipart/c=)"
        ),
        (
            "Content-Type: multipart/mixed; boundary*0=a; boundary*1*=%62\n\n--ab\n\nx\n--ab--\n", [],
            "multipart/mixed(text/plain=x)"
        ),
        (
            "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\ny\n--b--\n", [],
            "multipart/digest(message/rfc822(text/plain=y))"
        ),
        (
            "Content-Type: multipart/mixed; boundary=b\n--b\nContent-Type: text/html\n\nx\n--b--\n",
            [.missingHeaderEnd],
            "multipart/mixed(text/html=x)"
        ),
        ("From a@x.org Mon Jan  5 10:00:00 2026\nSubject: y\n\nz", [.mailboxLine], "text/plain=z"),
        ("From : a@x.org\n\nz", [], "text/plain=z"),
        ("\u{FEFF}Content-Type: text/html\n\nz", [.byteOrderMark], "text/html=z"),
        ("Content-Transfer-Encoding: (a) \"base64\" (b)\n\neg==", [], "text/plain=z"),
        (
            "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n--b\n\nx\n--b--\n",
            [.encodedMultipart], "multipart/mixed(text/plain=x)"
        ),
        ("Subject: x\n", [], "text/plain="),
    ])
    func `what mailers do is read as they mean it`(text: String, defects: [Defect.Code], expected: String) throws {
        let entity = try Entity.parse(octets(text))
        #expect(entity.defects.map(\.code) == defects)
        #expect(try tree(entity) == expected)
    }

    @Test func `limits turn into defects`() throws {
        var limits = ParseLimits()
        (limits.depth, limits.parts, limits.fieldOctets, limits.parameters) = (3, 4, 100, 2)
        let nested = try Entity.parse(
            octets(String(repeating: "Content-Type: message/rfc822\n\n", count: 9)), limits: limits)
        #expect(all(nested).count == 3)
        #expect(all(nested).last?.defects.map(\.code) == [.nestingTooDeep])
        let wide = try Entity.parse(
            octets("Content-Type: multipart/a; boundary=b\n\n" + String(repeating: "--b\n\nx\n", count: 9)),
            limits: limits)
        #expect(wide.parts.count == 3)
        #expect(wide.defects.map(\.code) == [.tooManyParts, .missingCloseDelimiter])
        #expect(try string(#require(wide.parts.last).decodedBody()).hasPrefix("x\n--b\n\nx\n"))
        let long = octets("A: b\nX: " + String(repeating: "x", count: 200) + "\n\ny")
        #expect(throws: MIMEError(.fieldTooLong, offset: 5, limit: limits.fieldOctets)) {
            try Entity.parse(long, limits: limits)
        }
        #expect(throws: MIMEError(.tooManyParameters, offset: 0, limit: 2)) {
            try Entity.parse(octets("Content-Type: a/b; c=d; e=f; g=h\n\n"), limits: limits)
        }
    }

    @Test(arguments: [1, 3, 4096])
    func `bodies are read decoded, in chunks of the length asked for`(count: Int) throws {
        let body = octets(String(repeating: "0123456789", count: 100))
        for (name, encoded) in [
            ("base64", Base64.encode(body)), ("quoted-printable", QuotedPrintable.encode(body)), ("8bit", body),
        ] {
            let entity = try Entity.parse(octets("Content-Transfer-Encoding: \(name)\n\n") + encoded)
            let reader = try entity.makeBodyReader()
            var chunks: [[UInt8]] = []
            while case let chunk = try reader.next(atMost: count), !chunk.isEmpty { chunks.append(chunk) }
            #expect(Array(chunks.joined()) == body)
            #expect(chunks.dropLast().allSatisfy { $0.count == count })
        }
    }

    @Test func `parts have no body`() throws {
        let entity = try Entity.parse(octets("Content-Type: message/rfc822\n\n"))
        #expect(throws: MIMEError(.notALeaf)) { try entity.decodedBody() }
        #expect(throws: MIMEError(.notALeaf)) { try entity.makeBodyReader() }
    }
}
