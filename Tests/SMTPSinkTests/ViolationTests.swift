import Testing

@testable import SMTPSink

@Suite("What a sink sees of its client")
struct ViolationTests {
    static let plain = SinkSession.Options(extensions: ["SIZE"])

    static let rows: [(SinkSession.Options, [String], [Violation.Kind])] = [
        (.init(), ["QUIT\r\nNOOP\r\n"], [.afterQuit]), (.init(), ["QUIT\r\n", "NOOP"], [.afterQuit]),
        (.init(), ["QUIT\r\n"], []), (.init(), ["\r\n"], [.emptyLine]), (.init(), ["\n"], [.bareLF, .emptyLine]),
        (plain, ["MAIL FROM:<a@x>\r\n", "RCPT TO:<b@y>\r\n", "DATA\r\n", "x\r\n.\r\nQUIT\r\n"], [.pipelining]),
        (.init(), ["MAIL FROM:<a@x>\r\n", "RCPT TO:<b@y>\r\n", "DATA\r\n", "x\r\n.\r\nQUIT\r\n"], []),
        (.init(), ["MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n", ".\r\nMAIL FROM:<a@x>\r\n"], []),
        (plain, ["MAIL FROM:<a@x>\r\n", "RCPT TO:<550@fault.test>\r\n", "DATA\r\n"], [.noRecipient]),
        (.init(), ["MAIL FROM:<a@x>\r\nRCPT TO:<550@fault.test>\r\nDATA\r\n"], []),
        (plain, ["MAIL FROM:<a@x> BODY=8BITMIME\r\n"], [.notOffered]),
        (plain, ["MAIL FROM:<a@x> SMTPUTF8\r\n"], [.notOffered]),
        (plain, ["MAIL FROM:<a@x>\r\n", "RCPT TO:<b@y>\r\n", "DATA\r\n", "ä\r\n.\r\n"], [.eightBit]),
    ]

    @Test("is written down", arguments: rows)
    func row(row: (SinkSession.Options, [String], [Violation.Kind])) {
        var play = Play(row.0)
        for octets in row.1 { _ = play.send(octets) }
        #expect(play.kinds == row.2)
    }

    static let messages: [(String, [Violation.Kind])] = [("x\r\n.\r\n", [.noRecipient]), (".\r\n", [])]

    @Test("a message for nobody is wrong even after 354, an empty one is not (RFC 2920, 3.1)", arguments: messages)
    func nobody(row: (String, [Violation.Kind])) {
        var play = Play(faults: "data reply 354")
        _ = play.send("MAIL FROM:<a@x>\r\nRCPT TO:<550@fault.test>\r\nDATA\r\n")
        #expect(play.send(row.0).hasPrefix("554") && play.kinds == row.1)
    }

    @Test("a client is not blamed for DATA after a RCPT whose answer was a fault")
    func faultAtRecipient() {
        var play = Play(faults: "rcpt garbage")
        _ = play.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n")
        #expect(play.kinds == [])
    }

    @Test("round trips are counted as a client waits for them")
    func roundTrips() throws {
        var play = Play()
        #expect(play.sink.roundTrips == 1)
        _ = play.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nRC")
        _ = play.send("PT TO:<c@y>\r\nDATA\r\n")
        #expect(play.sink.roundTrips == 2)
        _ = play.send("x")
        _ = play.send("\r\n.\r\n")
        #expect(play.sink.roundTrips == 3)
        _ = play.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n")
        _ = play.send(".\r\nQUIT\r\n")
        #expect(play.sink.roundTrips == 5)
        #expect(play.sink.takeMessages().map(\.roundTrips) == [3, 2])
        #expect(play.sink.transactions == 2 && play.sink.mails == 2)
    }

    @Test("totals count every octet, and a sink may keep none")
    func totals() throws {
        var options = SinkSession.Options()
        (options.keepsOctets, options.maxDialogueLines) = (false, 0)
        var play = Play(options)
        #expect(play.mail(octets("ab\r\n..c\r\n.\r\n")) == "250")
        let mail = try #require(play.sink.takeMessages().first)
        #expect(mail.octets == [] && mail.size == 8 && mail.dialogue == [] && play.sink.dialogue == [])
        let said = "EHLO me.example\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\nab\r\n..c\r\n.\r\n"
        #expect(play.sink.octetsReceived == said.utf8.count)
    }

    @Test("many refused recipients take bounded memory")
    func manyRefused() {
        var options = SinkSession.Options()
        options.maxRecipients = 5
        var play = Play(options)
        _ = play.say("MAIL FROM:<a@x>")
        for _ in 0..<20 { #expect(play.say("RCPT TO:<550@fault.test>") == "550") }
        #expect(play.sink.current?.recipients.count == 5)
    }
}
