import Testing

@testable import SMTP

@Suite("Service extensions")
struct ExtensionTests {
    static func envelope(_ to: [String] = ["b@y"], from: String = "a@x", _ set: (inout Envelope) -> Void) -> Envelope {
        var envelope = Envelope(reversePath: octets(from), forwardPaths: to.map(octets))
        set(&envelope)
        return envelope
    }

    static let parameterRows: [(offers: [String], envelope: Envelope, mail: String, rcpt: String)] = [
        (["DSN"], envelope { $0.notify = ["never"] }, "", " NOTIFY=NEVER ORCPT=rfc822;b@y"),
        (
            ["DSN"], envelope(["b c+d=e@y"]) { $0.notify = ["Success", "DELAY"] }, "",
            " NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+20c+2Bd+3De@y"
        ),
        (["DSN"], envelope { $0.returnContent = .full }, " RET=FULL", ""),
        (
            ["DSN"],
            envelope {
                $0.returnContent = .headers
                $0.envelopeID = octets("id +=~!")
            }, " RET=HDRS ENVID=id+20+2B+3D~!", ""
        ),
        ([], envelope { ($0.notify, $0.returnContent, $0.envelopeID) = (["NEVER"], .full, [0x61]) }, "", ""),
        (
            ["DSN", "SMTPUTF8"], envelope(["jörg+\\@y"]) { $0.notify = ["FAILURE"] }, " SMTPUTF8",
            " NOTIFY=FAILURE ORCPT=utf-8;jörg\\x{2B}\\x{5C}@y"
        ),
        (["SMTPUTF8"], envelope { $0.isInternationalHeader = true }, " SMTPUTF8", ""),
        ([], envelope { $0.isInternationalHeader = true }, "", ""),
        (["8BITMIME"], envelope { $0.is8bit = true }, " BODY=8BITMIME", ""),
        (["SIZE"], envelope { $0.size = 70 }, " SIZE=70", ""), (["SIZE 70"], envelope { $0.size = 70 }, " SIZE=70", ""),
        (["SIZE 0"], envelope { $0.size = 70 }, " SIZE=70", ""),
        (["SIZE 99999999999999999999"], envelope { $0.size = 70 }, " SIZE=70", ""),
        (["SIZE x"], envelope { $0.size = 70 }, " SIZE=70", ""),
    ]

    @Test("add parameters to MAIL and RCPT only where they are offered", arguments: parameterRows)
    func added(row: (offers: [String], envelope: Envelope, mail: String, rcpt: String)) {
        var play = Play.ready(row.offers)
        play.session.begin(row.envelope)
        #expect(play.said() == "MAIL FROM:<a@x>" + row.mail)
        #expect(play.hear("250 ok") == "RCPT TO:<\(text(row.envelope.forwardPaths[0]))>" + row.rcpt)
    }

    static let impossible: [(offers: [String], envelope: Envelope, stage: Stage, words: [String])] = [
        (["SIZE 69"], envelope { $0.size = 70 }, .mail, ["70", "69"]),
        (["SMTPUTF8"], envelope { $0.is8bit = true }, .mail, ["8BITMIME"]),
        (["8BITMIME"], envelope(["c@y", "jörg@y"]) { _ in }, .rcpt, ["jörg@y", "SMTPUTF8"]),
        ([], envelope(from: "jörg@x") { _ in }, .mail, ["jörg@x", "SMTPUTF8"]),
    ]

    @Test("that are missing end the mail before MAIL", arguments: impossible)
    func missing(row: (offers: [String], envelope: Envelope, stage: Stage, words: [String])) {
        var play = Play.ready(row.offers)
        play.session.begin(row.envelope)
        #expect(play.said() == "" && play.session.isReady)
        guard case .failed(let error)? = play.session.transaction?.end else {
            Issue.record("not failed")
            return
        }
        #expect(error.kind == .notSupported && error.stage == row.stage)
        for word in row.words { #expect(error.text.contains(word)) }
    }

    @Test("that are switched off are not there")
    func off() {
        var options = Session.Options(clientName: octets("me"))
        (options.usesSMTPUTF8, options.uses8BITMIME, options.usesPipelining) = (false, false, false)
        let all = ["8BITMIME", "SMTPUTF8", "PIPELINING", "CHUNKING"]
        let play = Play.ready(all, .whole, options)
        #expect(!play.session.allows8bit && !play.session.allowsInternational)
        #expect(!play.session.pipelines && !play.session.chunks)
        let usual = Play.ready(all).session
        #expect(usual.allows8bit && usual.allowsInternational && usual.pipelines && !usual.chunks)
    }

    static let bad: [@Sendable (Envelope) -> Envelope] = [
        { mail in
            var mail = mail; mail.notify = ["NEVER", "DELAY"]; return mail
        },
        { mail in
            var mail = mail; mail.notify = ["DELAY", "delay"]; return mail
        },
        { mail in
            var mail = mail; mail.notify = ["DELAY\r\nDATA"]; return mail
        },
        { mail in
            var mail = mail; mail.envelopeID = octets("a\nb"); return mail
        },
        { mail in
            var mail = mail; mail.envelopeID = octets("ä"); return mail
        },
        { mail in
            var mail = mail; mail.envelopeID = octets(String(repeating: "+", count: 34)); return mail
        },
    ]

    @Test("never carry what is no value of theirs", arguments: 0..<bad.count)
    func invalid(row: Int) {
        var play = Play.ready(["DSN"])
        play.session.begin(Self.bad[row](Self.envelope { _ in }))
        #expect(play.said() == "" && play.session.isReady)
        guard case .failed(let error)? = play.session.transaction?.end else {
            Issue.record("not failed")
            return
        }
        #expect(error.kind == .internalFailure)
    }

    // MARK: CHUNKING

    static func chunking(_ delivery: Delivery = .whole) -> Play {
        var options = Session.Options(clientName: octets("me"))
        options.usesChunking = true
        var play = Play.ready(["CHUNKING", "PIPELINING"], delivery, options)
        #expect(play.begin(["b@y"]) == "MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y>")
        play.hear("250 ok")
        #expect(play.hear("250 ok") == "" && play.session.wantsBody)
        return play
    }

    @Test("BDAT carries the message as it is (RFC 3030)", arguments: Delivery.allCases)
    func bdat(delivery: Delivery) {
        var play = Self.chunking(delivery)
        play.session.write(octets(".a\n.\r")[...])
        play.session.write(octets("\n.b")[...])
        play.session.finishBody()
        #expect(play.said() == "BDAT 11 LAST\r\n.a\r\n.\r\n.b")
        #expect(play.session.state == .dot && play.session.stage == .dot && play.session.messageOctets == 11)
        play.hear("250 ok")
        #expect(play.session.transaction?.isAccepted == true)
    }

    @Test("a long message goes in pieces of 1 MiB, each of which is answered")
    func pieces() {
        var play = Self.chunking()
        let body = [UInt8](repeating: 0x78, count: (5 << 19) + 7)
        play.session.write(body[...])
        #expect(!play.session.wantsBody && play.session.state == .bdat)
        play.session.write([0x79])
        play.session.finishBody()
        var got: [UInt8] = []
        for command in ["BDAT 1048576", "BDAT 1048576", "BDAT 524298 LAST"] {
            let said = play.session.takeOutput()
            #expect(said.starts(with: octets(command + "\r\n")))
            got += said.dropFirst(command.utf8.count + 2)
            #expect(play.session.state == (command.hasSuffix("LAST") ? .dot : .bdat))
            play.session.receive(octets("250 ok\r\n")[...])
        }
        #expect(got == body + octets("y\r\n") && play.session.transaction?.isAccepted == true)
        #expect(play.session.messageOctets == got.count)
    }

    @Test("an empty message is an empty BDAT")
    func empty() {
        var play = Self.chunking()
        play.session.finishBody()
        #expect(play.said() == "BDAT 0 LAST")
    }

    @Test("a refused BDAT is a refusal of the data, the last one of the message", arguments: [true, false])
    func refused(isLast: Bool) {
        var play = Self.chunking()
        play.session.write([UInt8](repeating: 0x78, count: isLast ? 1 : 1 << 20)[...])
        if isLast { play.session.finishBody() }
        _ = play.session.takeOutput()
        #expect(play.hear("552 no") == "RSET")
        play.session.write([0x78])
        play.session.finishBody()
        #expect(play.said() == "")
        play.hear("250 ok")
        let reply = Reply(code: 552, lines: [octets("no")])
        #expect(play.session.transaction?.end == .refused(isLast ? .dot : .data, reply))
    }

    @Test("a body that fails has no last BDAT")
    func bodyFails() {
        var play = Self.chunking()
        play.session.write([UInt8](repeating: 0x78, count: 1 << 20)[...])
        _ = play.session.takeOutput()
        play.hear("250 ok")
        play.session.write([0x78])
        play.session.abort()
        #expect(play.said() == "" && play.session.isClosed)
        #expect(play.session.transaction?.isAccepted == false)
    }

    // MARK: Identifiers

    static let identifiers: [(String, String?)] = [
        ("2.0.0 Ok: queued as 4VxyZ12", "4VxyZ12"), ("OK id=1rABCd-000123-4X", "1rABCd-000123-4X"),
        ("2.0.0 3f1c9a2b Message accepted for delivery", "3f1c9a2b"),
        ("2.0.0 u9LABCDE012345 Message accepted for delivery", "u9LABCDE012345"),
        ("ok 1700000000 qp 12345", "1700000000 qp 12345"), ("2.0.0 Message accepted", nil), ("Message accepted", nil),
        ("from MTA: 250 2.0.0 Ok: queued as ABC)", "ABC"), ("OK", nil), ("", nil), ("queued as", nil), ("id=", nil),
        ("ok 1 qp", nil),
    ]

    @Test("the server's name for a mail is found", arguments: identifiers)
    func names(row: (String, String?)) {
        #expect(Reply(code: 250, lines: [octets(row.0)]).queueIdentifier.map { text($0) } == row.1)
        #expect(Reply(code: 550, lines: [octets(row.0)]).queueIdentifier == nil)
    }
}
