import SMTP
import Testing

@testable import SMTPSink

@Suite("A sink's faults")
struct FaultTests {
    static let replies: [(String, [String], String)] = [
        ("greeting reply 554 {5.7.1 no}", [], "554 5.7.1 no"),
        ("greeting reply 220 {hello there}", [], "220 hello there"),
        ("ehlo reply 502 no", ["EHLO a"], "502 no"),
        ("ehlo EHLO* reply 502", ["EHLO a", "HELO a"], "250 tclmail-sink greets a"),
        ("ehlo reply 250 \"one\\nSIZE 5\"", ["EHLO a"], "250-one\r\n250 SIZE 5"),
        ("mail reply 451 {4.3.0 later}", ["EHLO a", "MAIL FROM:<a@x>"], "451 4.3.0 later"),
        ("mail a@* reply 451", ["EHLO a", "MAIL FROM:<b@x>"], "250 2.1.0 OK"),
        ("mail reply 250 fine", ["EHLO a", "MAIL FROM:<a@x>"], "250 fine"),
        ("mail reply 354 odd", ["EHLO a", "MAIL FROM:<a@x>", "RCPT TO:<b@y>"], "503 5.5.1 MAIL first"),
        ("rcpt B@Y reply 550", ["EHLO a", "MAIL FROM:<a@x>", "RCPT TO:<b@y>"], "550 5.0.0 refused, as asked"),
        (
            "rcpt reply 251 {will forward}", ["EHLO a", "MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA"],
            "354 end with a dot on a line of its own"
        ),
        ("rcpt reply 450", ["EHLO a", "MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA"], "554 5.5.1 no valid recipients"),
        ("data reply 451", ["EHLO a", "MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA"], "451 4.0.0 refused, as asked"),
        ("data reply 250 odd", ["EHLO a", "MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA", "RSET"], "250 2.0.0 OK"),
        ("data reply 354 go", ["EHLO a", "MAIL FROM:<a@x>", "RCPT TO:<550@fault.test>", "DATA"], "354 go"),
        ("dot reply 552 {5.2.2 full}", ["EHLO a", "MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA", "."], "552 5.2.2 full"),
        (
            "dot reply 250 {2.0.0 Ok: queued as 12AB}", ["EHLO a", "MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA", "."],
            "250 2.0.0 Ok: queued as 12AB"
        ),
        ("rset reply 500", ["EHLO a", "RSET"], "500 5.0.0 refused, as asked"),
        ("quit reply 500", ["EHLO a", "QUIT"], "500 5.0.0 refused, as asked"),
        ("mail garbage", ["EHLO a", "MAIL FROM:<a@x>"], "\u{0}\u{fffd}\u{fffd}no reply"),
        ("mail stall", ["EHLO a", "MAIL FROM:<a@x>", "NOOP"], ""), ("connect stall", ["EHLO a"], ""),
        ("mail drop", ["EHLO a", "MAIL FROM:<a@x>"], ""), ("mail reset", ["EHLO a", "MAIL FROM:<a@x>"], ""),
        (
            "ehlo offer X-NEW\nehlo hide SIZE\nehlo hide smtputf8\nehlo offer {8BITMIME x}", ["EHLO a"],
            "250-tclmail-sink greets a\r\n250-PIPELINING\r\n250-8BITMIME x\r\n250-ENHANCEDSTATUSCODES\r\n250 X-NEW"
        ),
        (
            "ehlo hide PIPELINING\nehlo hide SIZE\nehlo hide 8BITMIME\nehlo hide SMTPUTF8\nehlo hide ENHANCEDSTATUSCODES",
            ["EHLO a", "MAIL FROM:<a@x>"], "250 OK"
        ),
    ]

    @Test("stand where an answer would", arguments: replies, [false, true])
    func reply(row: (String, [String], String), byOctet: Bool) {
        var play = Play(faults: row.0, byOctet: byOctet, ehlo: false)
        var answer = play.greeting
        for line in row.1 { answer = play.send(line + "\r\n") }
        #expect(answer == row.2)
        #expect(play.plan.unfired.isEmpty == !play.remarks.isEmpty)
    }

    static let ends: [(String, String, Bool)] = [
        ("connect drop", "", false), ("greeting drop", "", false), ("greeting reply 421 bye", "421 bye", false),
        ("mail reply 421", "421 4.0.0 refused, as asked", false), ("rcpt drop", "", false), ("data drop", "", false),
        ("dot drop", "", false), ("dot accept-then drop", "", true), ("quit drop", "", true), ("dot reset", "", false),
    ]

    @Test("end the connection", arguments: ends)
    func end(row: (String, String, Bool)) {
        var play = Play(faults: row.0, ehlo: false)
        var last = play.greeting
        for line in ["EHLO a", "MAIL FROM:<a@x>", "RCPT TO:<b@y>", "DATA", ".", "QUIT"] where !play.sink.isClosed {
            last = play.send(line + "\r\n")
        }
        #expect(play.sink.isClosed && last == row.1)
        #expect(play.sink.takeMessages().count == (row.2 ? 1 : 0))
        #expect(play.effects == (row.0.hasSuffix("reset") ? [.reset] : []))
        #expect(play.remarks == ["fault \(row.0)"] && play.sink.takeFaults().map(\.text) == [row.0])
    }

    @Test("an accepted mail without a reply says so")
    func unanswered() {
        var play = Play(faults: "dot accept-then drop")
        #expect(play.mail(octets("x\r\n.\r\n")) == "")
        #expect(play.sink.takeMessages().map { $0.finalReply } == [nil])
    }

    @Test("shape what follows, with the answer between")
    func effects() {
        var sink = SinkSession(
            faults: FaultPlan((try? Fault.list(lines: "ehlo delay 20\nehlo rate 9\nmail bytewise\nmail drop")) ?? []))
        sink.start()
        sink.receive(octets("EHLO a\r\nMAIL FROM:<a@x>\r\n")[...])
        #expect(text(sink.takeOutput()) == "220 tclmail-sink ESMTP\r\n" && sink.takeOutput().isEmpty)
        #expect(sink.takeEffect() == .delay(milliseconds: 20))
        #expect(sink.takeEffect() == .rate(octetsPerSecond: 9) && sink.takeEffect() == nil)
        #expect(text(sink.takeOutput()).hasSuffix("250 ENHANCEDSTATUSCODES\r\n"))
        #expect(sink.takeEffect() == .bytewise && !sink.hasOutput && sink.isClosed)
    }

    static let occasions: [(String, String)] = [
        ("rcpt reply 450", "xxxxxx"), ("rcpt first 2 reply 450", "xx...."), ("rcpt nth 3 reply 450", "..x..."),
        ("rcpt every 2 reply 450", ".x.x.x"), ("rcpt chance 0 seed 1 reply 450", "......"),
        ("rcpt chance 1 seed 1 reply 450", "xxxxxx"),
    ]

    @Test("come when they should, counted over connections", arguments: occasions)
    func occasion(row: (String, String)) {
        #expect(Self.refusals(row.0) == row.1)
    }

    /// Three connections with two recipients each: `x` for each that is refused.
    static func refusals(_ faults: String) -> String {
        let plan = FaultPlan((try? Fault.list(lines: faults)) ?? [])
        var answer = ""
        for _ in 0..<3 {
            var sink = SinkSession(faults: plan)
            sink.start()
            for line in ["EHLO a", "MAIL FROM:<a@x>", "RCPT TO:<b@y>", "RCPT TO:<c@y>"] {
                sink.receive(octets(line + "\r\n")[...])
                let reply = text(sink.takeOutput())
                if line.hasPrefix("RCPT") { answer += reply.hasPrefix("250") ? "." : "x" }
            }
        }
        return answer
    }

    @Test("by chance are the same for the same seed")
    func chance() {
        let once = Self.refusals("rcpt chance 0.5 seed 4 reply 450")
        #expect(once == Self.refusals("rcpt chance 0.5 seed 4 reply 450"))
        let others = (5..<12).map { Self.refusals("rcpt chance 0.5 seed \($0) reply 450") }
        #expect(Set(others).count > 3)
    }

    @Test("are decided by the first that is due, and all count")
    func several() {
        var play = Play(faults: "rcpt nth 2 reply 450\nrcpt every 2 reply 550\nquit drop")
        _ = play.say("MAIL FROM:<a@x>")
        #expect((0..<4).map { _ in play.say("RCPT TO:<b@y>") } == ["250", "450", "250", "550"])
        #expect(play.plan.unfired.map(\.text) == ["quit drop"])
    }

    @Test("refused recipients are in the mail's record")
    func record() throws {
        var play = Play(faults: "rcpt b@* reply 452 {4.2.2 full}")
        _ = play.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nRCPT TO:<c@y>\r\n")
        _ = play.send("DATA\r\n")
        _ = play.send(".\r\n")
        let mail = try #require(play.sink.takeMessages().first)
        #expect(mail.recipients.map { $0.reply.code } == [452, 250])
        #expect(mail.recipients[0].reply.enhanced == EnhancedStatusCode(4, 2, 2))
    }

    @Test("a refused MAIL makes no violations of what was sent with it")
    func refusedGroup() {
        var play = Play(faults: "mail reply 452")
        #expect(play.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n").hasSuffix("\r\n503 5.5.1 MAIL first"))
        #expect(play.kinds == [])
        var plain = Play(faults: "mail reply 452\nehlo hide PIPELINING")
        _ = plain.say("MAIL FROM:<a@x>")
        #expect(plain.say("RCPT TO:<b@y>") == "503" && plain.kinds == [.order])
    }

    @Test("a server that greets with a refusal does nothing but close")
    func refusingGreeting() {
        var play = Play(faults: "greeting reply 554", ehlo: false)
        #expect(play.say("EHLO a") == "503" && play.kinds == [.order])
        #expect(play.say("QUIT") == "221" && play.sink.isClosed)
    }

    @Test("a chunk is refused as data, the last as the message")
    func chunks() {
        var options = SinkSession.Options()
        options.extensions.append("CHUNKING")
        var play = Play(options, faults: "data nth 2 reply 452\ndot reply 550 no")
        _ = play.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n")
        #expect(play.send("BDAT 1\r\na") == "250 2.0.0 1 octets taken")
        #expect(play.send("BDAT 1\r\na") == "452 4.0.0 refused, as asked")
        #expect(play.send("BDAT 2 LAST\r\n\r\n") == "503 5.5.1 a part of the message was refused")
        _ = play.send("RSET\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n")
        #expect(play.send("BDAT 2 LAST\r\n\r\n") == "550 no" && play.sink.takeMessages().isEmpty)
        #expect(play.kinds == [])
    }
}
