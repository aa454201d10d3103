import Testing

@testable import SMTP

@Suite("Replayed dialogues, delivered whole, by line and octet by octet", .serialized)
struct SessionDialogueTests {
    @Test("a mail is sent and the session left in order (RFC 5321, 3.1 to 3.8)", arguments: Delivery.allCases)
    func accepted(delivery: Delivery) throws {
        var play = Play(delivery)
        #expect(play.session.replyMilliseconds == 300_000)
        #expect(play.hear("220-mx.example", "220 ready") == "EHLO me.example")
        #expect(play.session.replyMilliseconds == 300_000)
        #expect(play.hear("250-mx.example hello", "250-SIZE 1000", "250-8BITMIME", "250 AUTH=LOGIN PLAIN") == "")
        #expect(play.session.isReady && play.session.replyMilliseconds == nil)
        #expect(play.session.offers("size") && play.session.offers("AUTH") && !play.session.offers("SIZ"))
        #expect(play.session.parameters(of: "Auth").map { text($0) } == "LOGIN PLAIN")
        let mail = play.begin(["b@y.example", "c@y.example"], size: 12, is8bit: true)
        #expect(mail == "MAIL FROM:<a@x.example> SIZE=12 BODY=8BITMIME")
        #expect(play.session.replyMilliseconds == 300_000)
        #expect(play.hear("250 ok") == "RCPT TO:<b@y.example>")
        #expect(play.session.replyMilliseconds == 300_000)
        #expect(play.hear("250 ok") == "RCPT TO:<c@y.example>")
        #expect(play.hear("251 will forward") == "DATA")
        #expect(play.session.replyMilliseconds == 120_000)
        #expect(play.hear("354 go") == "")
        #expect(play.session.wantsBody && play.session.transaction == nil)
        play.session.write(octets(".dot\nend")[...])
        play.session.finishBody()
        #expect(play.said() == "..dot\r\nend\r\n.")
        #expect(play.session.replyMilliseconds == 120_000)
        #expect(play.hear("250 2.0.0 taken") == "")
        let outcome = try #require(play.session.transaction)
        #expect(outcome.isAccepted && outcome.recipients.count == 2 && outcome.refusedRecipients.isEmpty)
        play.session.quit()
        #expect(play.said() == "QUIT")
        play.hear("221 bye")
        #expect(play.session.isClosed && play.session.failure == nil)
    }

    @Test("what is said is told, with the waits of each command", arguments: Delivery.allCases)
    func events(delivery: Delivery) {
        var play = Play.upTo(.dot, delivery)
        play.hear("250 ok")
        play.session.quit()
        _ = play.said()
        play.hear("221 bye")
        let told = play.events.map { event in
            switch event {
            case .sent(let line, let seconds): "> \(text(line)) \(seconds)"
            case .received(let line): "< \(text(line))"
            case .remark(let words): "! \(words)"
            }
        }
        #expect(
            told == [
                "< 220 hi", "> EHLO me.example 300", "< 250-you", "< 250 SIZE", "> MAIL FROM:<a@x.example> 600",
                "< 250 ok",
                "> RCPT TO:<b@y.example> 3600", "< 250 ok", "> DATA 300", "< 354 go", "> . 120", "< 250 ok",
                "> QUIT 120",
                "< 221 bye",
            ])
    }

    @Test("EHLO refused for good leads to HELO (RFC 5321, 3.2)", arguments: Delivery.allCases)
    func helo(delivery: Delivery) {
        var play = Play(delivery)
        play.hear("220 hi")
        #expect(play.hear("502 what") == "HELO me.example")
        #expect(play.hear("250-you", "250 SIZE") == "")
        #expect(play.session.isReady && play.session.extensions.isEmpty)
        #expect(play.begin(["b@y.example"], size: 5) == "MAIL FROM:<a@x.example>")
    }

    @Test(
        "ONEX and QUED go out where offered and asked for, and their replies do not matter",
        arguments: Delivery.allCases)
    func oldExtensions(delivery: Delivery) {
        let options = Session.Options(clientName: octets("me"), isQueueing: true, isSingle: true)
        var play = Play(delivery, options)
        play.hear("220 hi")
        #expect(play.hear("250-you", "250-XQUE", "250 ONEX") == "ONEX")
        #expect(play.hear("500 no") == "QUED")
        #expect(play.hear("250 ok") == "")
        #expect(play.session.isReady)
        var plain = Play(delivery)
        plain.hear("220 hi")
        #expect(plain.hear("250-you", "250-XQUE", "250 ONEX") == "")
    }

    @Test("8-bit paths ask for SMTPUTF8 where it is offered (RFC 6531, 3.4)")
    func international() {
        var play = Play()
        play.hear("220 hi")
        play.hear("250-you", "250 SMTPUTF8")
        #expect(play.begin(["jörg@y.example"]) == "MAIL FROM:<a@x.example> SMTPUTF8")
    }

    static let recipients: [(replies: [String], all: Bool, next: String)] = [
        (["250 ok", "550 no"], false, "DATA"), (["250 ok", "550 no"], true, "RSET"),
        (["450 no", "550 no"], false, "RSET"),
        (["250 ok", "251 ok"], true, "DATA"), (["252 hm", "354 hm"], false, "RSET"),
    ]

    @Test("DATA follows if enough recipients are accepted, else RSET", arguments: recipients, Delivery.allCases)
    func enoughRecipients(row: (replies: [String], all: Bool, next: String), delivery: Delivery) throws {
        var play = Play.upTo(.ready, delivery)
        _ = play.begin(["b@y", "c@y"], all: row.all)
        play.hear("250 ok")
        play.hear(row.replies[0])
        #expect(play.hear(row.replies[1]) == row.next)
        guard row.next == "RSET" else { return }
        #expect(play.session.replyMilliseconds == 10_000 && play.session.transaction == nil)
        play.hear("250 ok")
        let outcome = try #require(play.session.transaction)
        #expect(outcome.end == .noRecipients && outcome.recipients.count == 2)
        #expect(outcome.recipients.map { $0.reply.code } == row.replies.map { Int($0.prefix(3)) })
        #expect(play.session.isReady)
    }

    @Test("no recipients at all are reset")
    func noRecipients() {
        var play = Play.upTo(.ready)
        _ = play.begin([])
        #expect(play.hear("250 ok") == "RSET")
        play.hear("250 ok")
        #expect(play.session.transaction?.end == .noRecipients)
    }

    static let refusals: [(Session.State, Stage)] = [(.mail, .mail), (.data, .data), (.dot, .dot)]

    @Test("a refusal ends the transaction with RSET, then the session is ready", arguments: refusals, Delivery.allCases)
    func refused(row: (Session.State, Stage), delivery: Delivery) {
        var play = Play.upTo(row.0, delivery)
        #expect(play.hear("550-5.7.1 no", "550 5.7.1 never") == "RSET")
        #expect(play.events.last == .sent(octets("RSET"), seconds: 0))
        #expect(play.session.replyMilliseconds == 10_000 && play.session.transaction == nil)
        play.hear("250 ok")
        guard case .refused(row.1, let reply)? = play.session.transaction?.end else {
            Issue.record("not refused")
            return
        }
        #expect(reply.enhanced == EnhancedStatusCode(5, 7, 1) && reply.lines.count == 2)
        #expect(play.session.isReady)
        play.session.quit()
        #expect(play.said() == "QUIT")
        #expect(play.events.last == .sent(octets("QUIT"), seconds: 0))
    }

    @Test("the replies after a refusal change nothing: lost, late or odd", arguments: refusals)
    func refusedThenLost(row: (Session.State, Stage)) {
        let endings: [(inout Play) -> Void] = [
            { $0.session.peerClosed() }, { $0.session.timedOut() }, { $0.hear("garbage") }, { $0.hear("421 bye") },
        ]
        for ending in endings {
            var play = Play.upTo(row.0)
            play.hear("550 no")
            ending(&play)
            #expect(play.session.isClosed)
            guard case .refused(row.1, _)? = play.session.transaction?.end else {
                Issue.record("not refused")
                continue
            }
        }
    }

    @Test("a second mail goes over the same session", arguments: Delivery.allCases)
    func second(delivery: Delivery) {
        var play = Play.upTo(.dot, delivery)
        play.hear("250 one")
        #expect(play.begin(["d@z"]) == "MAIL FROM:<a@x.example>")
        #expect(play.session.transaction == nil)
        play.hear("250 ok")
        play.hear("250 ok")
        play.hear("354 go")
        play.send("two")
        play.hear("250 two")
        #expect(play.session.transaction?.end == .accepted(Reply(code: 250, lines: [octets("two")])))
    }
}
