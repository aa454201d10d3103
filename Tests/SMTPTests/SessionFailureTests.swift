import Testing

@testable import SMTP

@Suite("A session whose server fails it")
struct SessionFailureTests {
    @Test("knows at which stage the connection was lost", arguments: awaiting)
    func lost(state: Session.State) {
        let endings: [(String, (inout Session) -> Void)] = [
            ("premature end-of-file from server", { $0.peerClosed() }),
            ("connection reset by peer", { $0.failed("connection reset by peer") }),
            ("read from server timed out", { $0.timedOut() }),
        ]
        for (words, ending) in endings {
            var play = Play.upTo(state)
            play.session.receive(octets("25")[...])
            let stage = play.session.stage
            ending(&play.session)
            _ = play.said()
            #expect(play.session.isClosed && play.session.replyMilliseconds == nil && !play.session.hasOutput)
            #expect(play.events.last == .remark(words))
            #expect(play.session.failure == (state == .quit ? nil : SMTPError(.connection, stage, text: words)))
        }
    }

    @Test("does not know whether a mail was taken when the connection is lost after the dot")
    func lostAfterDot() {
        var play = Play.upTo(.dot)
        play.session.peerClosed()
        let error = SMTPError(.connection, .dot, text: "premature end-of-file from server")
        #expect(play.session.transaction?.end == .failed(error))
        #expect(play.session.transaction?.recipients.count == 1)
    }

    @Test("does not take a reply without its line end for one")
    func unfinishedReply() {
        var play = Play.upTo(.dot)
        play.session.receive(octets("250 ok")[...])
        play.session.peerClosed()
        #expect(play.session.failure?.stage == .dot)
        #expect(play.session.transaction?.isAccepted == false)
    }

    @Test("ends with 421 at any time (RFC 5321, 3.8)", arguments: awaiting + [.ready, .body], Delivery.allCases)
    func unavailable(state: Session.State, delivery: Delivery) {
        var play = Play.upTo(state, delivery)
        let hadTransaction = [.mail, .rcpt, .data, .body, .dot, .rset].contains(state)
        let stage = play.session.stage
        #expect(play.hear("421-4.3.2 closing", "421 4.3.2 bye") == "")
        #expect(play.session.isClosed)
        #expect(play.session.failure?.reply?.code == (state == .quit ? nil : 421))
        #expect(play.session.failure.map { $0.kind == .refused && $0.stage == stage } ?? (state == .quit))
        #expect((play.session.transaction != nil) == (hadTransaction || state == .quit))
        switch (state, play.session.transaction?.end) {
        case (.mail, .refused(.mail, _)?), (.data, .refused(.data, _)?), (.dot, .refused(.dot, _)?): break
        case (.rcpt, .failed?): #expect(play.session.transaction?.recipients.last?.reply.code == 421)
        case (.body, .failed?), (.rset, .refused(.dot, _)?), (.quit, .refused?), (_, nil): break
        default: Issue.record("\(state): \(String(describing: play.session.transaction))")
        }
    }

    @Test("takes no reply that comes before its command", arguments: awaiting.filter { $0 != .rset && $0 != .quit })
    func early(state: Session.State) {
        let good: [Session.State: String] = [.greeting: "220", .data: "354"]
        for extra in ["250 early\r\n", "250-early\r\n", "2", "\r\n"] {
            var play = Play.upTo(state)
            play.session.receive(octets((good[state] ?? "250") + " ok\r\n" + extra)[...])
            if play.session.isReady { _ = play.begin(["b@y"]) }
            if play.session.wantsBody { play.session.finishBody() }
            _ = play.said()
            #expect(play.session.isClosed, "\(state) \(extra)")
            #expect(play.session.failure?.kind == .protocolViolation, "\(state) \(extra)")
        }
    }

    @Test("breaks off when the server talks unasked", arguments: [Session.State.ready, .body])
    func unasked(state: Session.State) {
        var play = Play.upTo(state)
        play.hear("250 by the way")
        #expect(play.session.failure?.kind == .protocolViolation)
        #expect(play.session.failure?.text == "unexpected reply from server")
    }

    @Test("tells the reason when the server refuses within the body, and sends no dot")
    func refusedWithinBody() {
        var play = Play.upTo(.body)
        play.session.write(octets("much")[...])
        #expect(play.hear("552 5.3.4 too large") == "")
        #expect(play.session.failure?.kind == .refused && play.session.failure?.reply?.code == 552)
        play.session.write(octets("more")[...])
        play.session.finishBody()
        #expect(play.said() == "")
    }

    @Test("ends with garbage, whatever is awaited", arguments: awaiting.filter { $0 != .quit }, Delivery.allCases)
    func garbage(state: Session.State, delivery: Delivery) {
        for line in ["", "x", "\u{0}\u{0}\u{0}\u{0}", "999 x", "HTTP/1.0 200 OK", "250-a\r\n550 b"] {
            var play = Play.upTo(state, delivery)
            #expect(play.hear(line) == "")
            #expect(play.session.failure?.kind == .protocolViolation, "\(state) \(line)")
        }
    }

    static let unwelcome: [(Session.State, String, SMTPError.Kind)] = [
        (.greeting, "554 no", .refused), (.greeting, "450 no", .refused), (.greeting, "250 hm", .protocolViolation),
        (.ehlo, "450 no", .refused), (.ehlo, "220 hm", .protocolViolation), (.helo, "550 no", .refused),
        (.helo, "251 hm", .protocolViolation),
    ]

    @Test("ends when it is not let in", arguments: unwelcome)
    func notLetIn(row: (Session.State, String, SMTPError.Kind)) {
        var play = Play.upTo(row.0)
        #expect(play.hear(row.1) == "")
        #expect(play.session.failure?.kind == row.2)
        #expect(play.session.failure?.reply?.code == Int(row.1.prefix(3)))
    }

    @Test("sends no dot after a body that cannot be read")
    func abort() {
        var play = Play.upTo(.body)
        play.session.write(octets("half")[...])
        play.session.abort()
        #expect(play.said() == "")
        #expect(play.session.failure?.kind == .internalFailure)
        #expect(play.session.isClosed)
    }

    @Test("gives its failure to a transaction begun too late")
    func late() {
        var play = Play.upTo(.ready)
        play.session.peerClosed()
        #expect(play.begin(["b@y"]) == "")
        #expect(play.session.transaction?.end == play.session.failure.map { .failed($0) })
    }

    @Test("has lines and replies of bounded length", arguments: awaiting)
    func endless(state: Session.State) {
        for piece in ["x", "250-x\r\n", "250 "] {
            var play = Play.upTo(state)
            let chunk = octets(String(repeating: piece, count: 30_000))
            for _ in 0..<20 where !play.session.isClosed { play.session.receive(chunk[...]) }
            #expect(play.session.isClosed)
        }
    }

    @Test("cannot have taken a message whose end is still to be written")
    func unwritten() {
        var play = Play.upTo(.dot)
        play.session.unwrittenOctets = 1
        #expect(play.session.stage == .data)
        play.session.peerClosed()
        #expect(play.session.failure?.stage == .data)
        let replies: [(String, SMTPError.Kind)] = [("250 taken", .protocolViolation), ("552 no", .refused)]
        for (reply, kind) in replies {
            var early = Play.upTo(.dot)
            early.session.unwrittenOctets = 1
            #expect(early.hear(reply) == "")
            #expect(early.session.failure?.kind == kind && early.session.failure?.stage == .data)
            #expect(early.session.transaction?.isAccepted == false)
        }
    }

    @Test("keeps a bounded part of what is said to many recipients")
    func longReplies() {
        for (isLMTP, lines) in [(false, 15), (true, 15)] {
            var options = Session.Options(clientName: octets("me"))
            options.isLMTP = isLMTP
            var play = Play.ready(["PIPELINING"], .whole, options)
            let paths = (0..<60).map { octets("\($0)@y") }
            play.session.begin(Envelope(reversePath: [], forwardPaths: paths))
            _ = play.said()
            let line = octets("250-" + String(repeating: "x", count: 60_000) + "\r\n")
            func hearLong() {
                for _ in 0..<lines { play.session.receive(line[...]) }
                play.session.receive(octets("250 x\r\n")[...])
            }
            play.hear("250 ok")
            for _ in paths { hearLong() }
            play.hear("354 go")
            play.send("x")
            for _ in 0..<(isLMTP ? paths.count : 1) { hearLong() }
            let kept = play.session.transaction?.recipients ?? []
            #expect(kept.count == 60 && play.session.transaction?.isAccepted == true)
            #expect(kept.allSatisfy { !$0.reply.lines.isEmpty && $0.reply.code == 250 })
            #expect(kept.reduce(0) { $0 + $1.reply.lines.reduce(0) { $0 + $1.count } } <= (4 << 20) + 512 * 60)
        }
    }

    @Test("has no more time when octets drip in", arguments: awaiting)
    func drip(state: Session.State) {
        var play = Play.upTo(state)
        let serial = play.session.replySerial
        for octet in octets("250-a\r\n250-b\r\n25") { play.session.receive([octet]) }
        #expect(play.session.replySerial == serial && play.session.replyMilliseconds != nil)
    }

    @Test("survives any octets and calls in any order", arguments: 0..<60)
    func random(seed: Int) {
        var dice = Dice(state: UInt64(seed))
        let lines = [
            "220 a", "250 b", "250-c", "354 d", "550 e", "421 f", "\u{0}", "25", "251 SIZE", "500 no", "\n", "x",
        ]
        for _ in 0..<30 {
            var session = Session(Session.Options(clientName: octets("me"), isQueueing: true, isSingle: true))
            session.connected()
            session.receive(octets("220 hi\r\n")[...])
            for _ in 0..<40 {
                if Bool.random(using: &dice) { _ = session.takeOutput() }
                switch Int.random(in: 0..<24, using: &dice) {
                case 0: session.peerClosed()
                case 1: session.timedOut()
                case 2: session.quit()
                case 3: session.abort()
                case 4...7: session.write([0x2e, 0x0d])
                case 8: session.finishBody()
                case 9...12:
                    if session.isReady || session.isClosed {
                        session.begin(Envelope(reversePath: [], forwardPaths: [[0x61], [0x62]]))
                    }
                default:
                    let line = lines.randomElement(using: &dice) ?? ""
                    session.receive(octets(line + (Int.random(in: 0..<9, using: &dice) == 0 ? "" : "\r\n"))[...])
                }
            }
            #expect(session.isClosed == (session.state == .closed))
        }
    }
}
