import SMTP
import Testing

@testable import SMTPSink

@Suite("A sink's session")
struct SinkSessionTests {
    @Test("greets, offers its extensions and takes a mail (RFC 5321, 3)", arguments: [false, true])
    func mail(byOctet: Bool) throws {
        var sink = SinkSession()
        sink.start()
        #expect(text(sink.takeOutput()) == "220 tclmail-sink ESMTP\r\n")
        var play = Play(byOctet: byOctet, ehlo: false)
        let offer = play.send("EHLO me.example\r\n")
        #expect(
            offer
                == "250-tclmail-sink greets me.example\r\n250-PIPELINING\r\n250-SIZE 1073741824\r\n250-8BITMIME\r\n"
                + "250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES")
        #expect(play.send("MAIL FROM:<a@x.example> SIZE=5 BODY=8BITMIME\r\n") == "250 2.1.0 OK")
        #expect(play.send("RCPT TO:<b@y.example>\r\n") == "250 2.1.5 OK")
        #expect(play.send("rcpt to:<550-5.1.1@fault.test>\r\n") == "550 5.1.1 refused as asked")
        #expect(play.say("DATA") == "354")
        #expect(play.send("Subject: x\r\n\r\n..dot\r\n.\r\n") == "250 2.0.0 message taken as transaction 1")
        let message = try #require(play.sink.takeMessages().first)
        #expect(text(message.octets) == "Subject: x\r\n\r\n.dot\r\n")
        #expect(text(message.reversePath) == "a@x.example" && text(message.helo) == "me.example" && message.isESMTP)
        #expect(message.parameters.map { text($0.keyword) } == ["SIZE", "BODY"])
        #expect(message.recipients.map { $0.isAccepted } == [true, false])
        #expect(message.recipients[1].reply.enhanced == EnhancedStatusCode(5, 1, 1))
        #expect(message.dialogue.last.map { text($0.line) } == "250 2.0.0 message taken as transaction 1")
        #expect(message.dialogue.last?.milliseconds == 7)
        #expect(play.sink.takeMessages().isEmpty && play.kinds == [])
        #expect(play.say("QUIT") == "221")
        #expect(play.sink.isClosed)
    }

    static let orders: [([String], String, Violation.Kind?)] = [
        (["MAIL FROM:<a@x>"], "503", .order), (["EHLO me", "RCPT TO:<a@x>"], "503", .order),
        (["EHLO me", "DATA"], "503", .order), (["EHLO me", "MAIL FROM:<a@x>", "MAIL FROM:<a@x>"], "503", .order),
        (["EHLO me", "MAIL FROM:<a@x>", "DATA"], "554", .noRecipient),
        (["EHLO me", "MAIL FROM:<a@x>", "RSET", "RCPT TO:<b@x>"], "503", .order),
        (["EHLO me", "MAIL FROM:<a@x>", "EHLO me", "RCPT TO:<b@x>"], "503", .order),
        (["EHLO me", "MAIL FROM:<>"], "250", nil), (["HELO me", "MAIL FROM:<a@x>"], "250", nil),
        (["HELO me", "MAIL FROM:<a@x> SIZE=1"], "555", .notOffered), (["EHLO"], "501", .syntax),
        (["EHLO a b"], "501", .syntax), (["EHLO me", "MAIL FROM: <a@x>"], "501", .syntax),
        (["EHLO me", "MAIL FROM:a@x"], "501", .syntax), (["EHLO me", "MAIL FROM:<a@x"], "501", .syntax),
        (["EHLO me", "MAIL FROM:<a@x>SIZE=1"], "501", .syntax), (["EHLO me", "MAIL FROM:<\"a>\"@x>"], "250", nil),
        (["EHLO me", "MAIL FROM:<a@x> RET=FULL"], "555", .notOffered),
        (["EHLO me", "MAIL FROM:<a@x> SIZE=x"], "501", .syntax), (["EHLO me", "MAIL FROM:<a@x> SIZE"], "501", .syntax),
        (["EHLO me", "MAIL FROM:<a@x> SIZE=99999999999999999999"], "250", nil),
        (["EHLO me", "MAIL FROM:<a@x> SIZE=1073741825"], "552", nil),
        (["EHLO me", "MAIL FROM:<a@x> BODY=BINARYMIME"], "501", .syntax),
        (["EHLO me", "MAIL FROM:<a@x> =1"], "501", .syntax),
        (["EHLO me", "MAIL FROM:<a@x>", "RCPT TO:<>"], "501", .syntax),
        (["EHLO me", "MAIL FROM:<a@x> SIZE=1 size=2"], "501", .syntax), (["EHLO me", "BDAT 1"], "502", .notOffered),
        (["EHLO me", "MAIL FROM:<ä@x>"], "250", .eightBit), (["EHLO me", "MAIL FROM:<ä@x> SMTPUTF8"], "250", nil),
        (["EHLO me", "FOO"], "500", .syntax), (["EHLO me", ""], "500", .emptyLine), (["LHLO me"], "500", .syntax),
        (["EHLO me", "STARTTLS"], "502", .notOffered),
        (["EHLO me", "ONEX"], "500", .syntax), (["NOOP"], "250", nil), (["HELP"], "214", nil), (["VRFY a"], "252", nil),
    ]

    @Test("answers and notes what is out of order or cannot be read", arguments: orders, [false, true])
    func order(row: ([String], String, Violation.Kind?), byOctet: Bool) {
        var play = Play(byOctet: byOctet, ehlo: false)
        let answer = row.0.reduce("") { play.say($1) }
        #expect(answer == row.1)
        #expect(play.kinds == (row.2.map { [$0] } ?? []))
    }

    static let bodies: [([UInt8], String, [Violation.Kind])] = [
        (octets("a\r\n.\r\n"), "a\r\n", []), (octets(".\r\n"), "", []), (octets("..\r\n.\r\n"), ".\r\n", []),
        (octets("a\n.\nb\r\n.\r\n"), "a\n.\nb\r\n", [.bareLF]), (octets("a\r.\r\r\n.\r\n"), "a\r.\r\r\n", [.bareCR]),
        (octets("a\n.\r\n.\r\n"), "a\n.\r\n", [.bareLF]),
        (octets("a\r\n.\n.\r\n.\r\n"), "a\r\n\n.\r\n", [.undoubledDot, .bareLF]),
        (octets("a\r\n.\r.\r\n.\r\n"), "a\r\n\r.\r\n", [.bareCR]), (octets(".a\r\n.\r\n"), "a\r\n", [.undoubledDot]),
        (octets("a\u{0}b\r\n.\r\n"), "a\u{0}b\r\n", [.nul]), (octets("ä\r\n.\r\n"), "ä\r\n", [.eightBit]),
        (octets(String(repeating: "x", count: 998) + "\r\n.\r\n"), String(repeating: "x", count: 998) + "\r\n", []),
        (
            octets(String(repeating: "x", count: 999) + "\r\n.\r\n"), String(repeating: "x", count: 999) + "\r\n",
            [.lineTooLong]
        ),
        (
            octets("." + String(repeating: ".", count: 998) + "\r\n.\r\n"), String(repeating: ".", count: 998) + "\r\n",
            []
        ),
    ]

    @Test("ends a message at CRLF dot CRLF only, and notes what is wrong in it", arguments: bodies, [false, true])
    func body(row: ([UInt8], String, [Violation.Kind]), byOctet: Bool) {
        var play = Play(byOctet: byOctet)
        #expect(play.mail(row.0) == "250")
        let messages = play.sink.takeMessages()
        #expect(messages.map { text($0.octets) } == [row.1])
        #expect(Set(play.kinds) == Set(row.2) && play.kinds.count == row.2.count)
        #expect(messages.first?.violations == play.sink.violations)
    }

    @Test("takes octets above 127 where they were announced (RFC 6152)")
    func eightBit() {
        var play = Play()
        #expect(play.mail(octets("ä\r\n.\r\n"), parameters: " BODY=8bitmime") == "250")
        #expect(play.kinds == [])
    }

    static let pipelines: [(String, Violation.Kind?)] = [
        ("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nRCPT TO:<c@y>\r\nDATA\r\n", nil),
        ("RSET\r\nMAIL FROM:<a@x>\r\nQUIT\r\n", nil),
        ("NOOP\r\nNOOP\r\n", .pipelining), ("EHLO a\r\nMAIL FROM:<a@x>\r\n", .pipelining),
        ("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\nearly", .pipelining),
    ]

    @Test("notes what did not wait for its turn (RFC 2920, 3.1)", arguments: pipelines)
    func pipelining(row: (String, Violation.Kind?)) {
        var play = Play()
        _ = play.send(row.0)
        #expect(play.kinds == (row.1.map { [$0] } ?? []))
        var plain = Play(.init(extensions: ["SIZE"]))
        _ = plain.send(row.0)
        #expect(plain.kinds == [.pipelining] || (row.0.hasPrefix("RSET") && Set(plain.kinds) == [.pipelining]))
    }

    @Test("notes who talks before the greeting")
    func earlyTalker() {
        var sink = SinkSession()
        sink.start()
        sink.receive(octets("EHLO me\r\n")[...])
        #expect(sink.violations.map { $0.kind } == [.pipelining])
    }

    static let faults: [(String, String)] = [
        ("550@fault.test", "550 5.0.0 refused as asked"), ("421-4.7.0@fault.test", "421 4.7.0 refused as asked"),
        ("451-4.3.0@a.b.Fault.Test", "451 4.3.0 refused as asked"), ("250@fault.test", "250 2.1.5 OK"),
        ("354@fault.test", "250 2.1.5 OK"), ("550-4.1.1@fault.test", "250 2.1.5 OK"),
        ("550-x@fault.test", "250 2.1.5 OK"),
        ("5500@fault.test", "250 2.1.5 OK"), ("550@nofault.test", "250 2.1.5 OK"),
        ("550@fault.test.example", "250 2.1.5 OK"),
        ("550-5.1.1@.fault.test", "250 2.1.5 OK"), ("599@fault.test", "250 2.1.5 OK"),
    ]

    @Test("refuses recipients that ask for it, and no other", arguments: faults)
    func fault(row: (String, String)) {
        var play = Play()
        _ = play.say("MAIL FROM:<a@x>")
        #expect(play.send("RCPT TO:<\(row.0)>\r\n") == row.1)
        #expect(play.kinds == [])
    }

    @Test("keeps within its bounds")
    func bounds() {
        var options = SinkSession.Options()
        (options.maxMessageOctets, options.maxRecipients, options.maxDialogueLines) = (100, 3, 40)
        var play = Play(options)
        #expect(play.mail(octets(String(repeating: "x", count: 101) + "\r\n.\r\n")) == "552")
        #expect(play.sink.takeMessages().isEmpty)
        _ = play.say("MAIL FROM:<a@x>")
        for _ in 0..<3 { #expect(play.say("RCPT TO:<b@y>") == "250") }
        #expect(play.say("RCPT TO:<b@y>") == "452")
        for _ in 0..<50 { _ = play.say("NOOP") }
        #expect(play.sink.dialogue.count == 41 && play.sink.dialogue.last?.direction == .remark)
        #expect(play.send(String(repeating: "x", count: 70_000)) == "421 4.7.0 line too long")
        #expect(play.sink.isClosed && play.kinds.contains(.commandTooLong))
    }

    @Test("notes command lines that are too long", arguments: [(489, false), (490, true)])
    func longCommand(row: (Int, Bool)) {
        var play = Play(.init(extensions: []))
        _ = play.say("MAIL FROM:<" + String(repeating: "a", count: row.0) + "@xxxxxxxx>")
        #expect(play.kinds == (row.1 ? [.commandTooLong] : []))
    }

    @Test("notes bare LF and CR in commands")
    func bareCommands() {
        var play = Play()
        #expect(play.send("NOOP\n") == "250 2.0.0 OK")
        #expect(play.send("NOOP \r x\r\n") == "250 2.0.0 OK")
        #expect(play.send("NOOP \u{0}\r\n") == "250 2.0.0 OK")
        #expect(play.kinds == [.bareLF, .bareCR, .nul])
    }

    @Test("keeps no secrets in its dialogue")
    func secrets() {
        var play = Play()
        #expect(play.say("AUTH PLAIN AGFubgBzZWNyZXQ=") == "502")
        #expect(play.sink.dialogue.dropLast().last.map { text($0.line) } == "AUTH PLAIN ⟨hidden 16 octets⟩")
    }

    @Test("drops a message that is not finished")
    func unfinished() {
        var play = Play()
        #expect(play.mail(octets("half")) == "")
        play.sink.peerClosed(at: 9)
        #expect(play.sink.isClosed && play.sink.takeMessages().isEmpty)
        #expect(play.sink.dialogue.last.map { text($0.line) } == "connection closed by client within a message")
    }
}
