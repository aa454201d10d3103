import Testing

@testable import SMTP

@Suite("Replies (RFC 5321, 4.2)")
struct ReplyParserTests {
    static let good: [(String, [Reply])] = [
        ("250 ok\r\n", [Reply(code: 250, lines: [octets("ok")])]),
        ("250\r\n", [Reply(code: 250, lines: [[]])]),
        ("250 \r\n", [Reply(code: 250, lines: [[]])]),
        ("250-a\r\n250-\r\n250 b\r\n", [Reply(code: 250, lines: [octets("a"), [], octets("b")])]),
        ("250-a\n250 b\n", [Reply(code: 250, lines: [octets("a"), octets("b")])]),
        ("250-a\r\n250\r\n", [Reply(code: 250, lines: [octets("a"), []])]),
        ("354 go\r\n559 x\r\n", [Reply(code: 354, lines: [octets("go")]), Reply(code: 559, lines: [octets("x")])]),
        ("250  two blanks \r\n", [Reply(code: 250, lines: [octets(" two blanks ")])]),
        ("250 a\u{0}b\rc\r\n", [Reply(code: 250, lines: [octets("a\u{0}b\rc")])]),
        ("250 Grüße\r\n", [Reply(code: 250, lines: [octets("Grüße")])]),
        ("250 half", []),
    ]

    @Test("come out whole however they arrive", arguments: good, Delivery.allCases)
    func parse(row: (String, [Reply]), delivery: Delivery) throws {
        var parser = ReplyParser()
        var replies: [Reply] = []
        for piece in delivery.pieces(of: octets(row.0)) {
            try parser.append(piece)
            while let reply = try parser.next() { replies.append(reply) }
        }
        #expect(replies == row.1)
    }

    static let bad = [
        ("\r\n", "response too short: "),
        ("25\r\n", "response too short: 25"),
        ("abc def\r\n", "unrecognizable code: abc def"),
        ("199 x\r\n", "unrecognizable code: 199 x"),
        ("260 x\r\n", "unrecognizable code: 260 x"),
        ("600 x\r\n", "unrecognizable code: 600 x"),
        ("2500 x\r\n", "unrecognizable code: 2500 x"),
        ("+50 x\r\n", "unrecognizable code: +50 x"),
        ("250-a\r\n251 b\r\n", "reply codes differ: 251 b"),
        ("250-a\r\nx\r\n", "response too short: x"),
        ("HTTP/1.1 400 Bad Request\r\n", "unrecognizable code: HTTP/1.1 400 Bad Request"),
    ]

    @Test("that break the grammar are errors", arguments: bad, Delivery.allCases)
    func reject(row: (String, String), delivery: Delivery) {
        var parser = ReplyParser()
        let error = #expect(throws: SMTPError.self) {
            for piece in delivery.pieces(of: octets(row.0)) {
                try parser.append(piece)
                while try parser.next() != nil {}
            }
        }
        #expect(error?.kind == .protocolViolation)
        #expect(error?.text == row.1)
    }

    @Test("are bounded in line, octets and lines")
    func bounds() {
        let rows = [
            String(repeating: "x", count: 200), "250 " + String(repeating: "x", count: 120) + "\r\n",
            String(repeating: "250-x\r\n", count: 12) + "250 x\r\n",
            String(repeating: "250-" + String(repeating: "x", count: 90) + "\r\n", count: 6) + "250 x\r\n",
        ]
        for row in rows {
            var parser = ReplyParser(maxLine: 100, maxOctets: 500, maxLines: 10)
            #expect(throws: SMTPError.self, "\(row.prefix(20))") {
                for octet in octets(row) {
                    try parser.append([octet])
                    _ = try parser.next()
                }
            }
        }
    }

    @Test("give their lines verbatim, the bad one too")
    func lines() {
        var parser = ReplyParser()
        #expect(throws: SMTPError.self) {
            try parser.append(octets("250-a \r\n25\n")[...])
            _ = try parser.next()
        }
        #expect(parser.takeLines() == [octets("250-a "), octets("25")])
        #expect(parser.takeLines().isEmpty)
    }

    @Test("take linear time one octet at a time")
    func linear() throws {
        var parser = ReplyParser()
        for _ in 0..<60_000 { try parser.append([0x32]) }
        #expect(try parser.next() == nil)
        #expect(!parser.isEmpty)
    }

    static let statuses: [(Int, String, String?)] = [
        (550, "5.1.1 no such user", "5.1.1"), (550, "5.1.1", "5.1.1"), (250, "2.100.999 x", "2.100.999"),
        (550, "4.1.1 x", nil), (550, "5.1 x", nil), (550, "5.1.1x", nil), (550, "5.01.1 x", nil),
        (550, "5.1.1000 x", nil), (550, "x 5.1.1", nil), (354, "3.1.1 x", nil), (550, "", nil), (550, "5..1 x", nil),
    ]

    @Test("show their enhanced status code (RFC 3463, 2)", arguments: statuses)
    func enhanced(row: (Int, String, String?)) {
        #expect(Reply(code: row.0, lines: [octets(row.1)]).enhanced?.description == row.2)
    }

    @Test("show their texts without surrounding blanks")
    func trimming() {
        let reply = Reply(code: 250, lines: [octets(" \ta b\r"), octets("SIZE "), octets("  ")])
        #expect(text(reply.diagnostic) == "a b")
        #expect(reply.moreLines.map { text($0) } == ["SIZE", ""])
    }
}
