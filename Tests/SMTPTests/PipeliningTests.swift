import Testing

@testable import SMTP

@Suite("Commands in groups (RFC 2920)")
struct PipeliningTests {
    static let groups: [(to: [String], all: Bool, isProbe: Bool, said: String)] = [
        (["b@y"], false, false, "RCPT TO:<b@y>\r\nDATA"),
        (["b@y"], true, false, "RCPT TO:<b@y>\r\nDATA"),
        (["b@y", "c@y"], false, false, "RCPT TO:<b@y>\r\nRCPT TO:<c@y>\r\nDATA"),
        (["b@y", "c@y"], true, false, "RCPT TO:<b@y>\r\nRCPT TO:<c@y>"),
        (["b@y"], false, true, "RCPT TO:<b@y>"),
        ([], false, false, ""),
    ]

    @Test("DATA joins where its reply cannot be misused", arguments: groups)
    func dataJoins(row: (to: [String], all: Bool, isProbe: Bool, said: String)) {
        var play = Play.ready(["PIPELINING"])
        let envelope = Envelope(reversePath: [], forwardPaths: row.to.map(octets))
        play.session.begin(envelope, requiresAllRecipients: row.all, isProbe: row.isProbe)
        #expect(play.said() == "MAIL FROM:<>" + (row.said.isEmpty ? "" : "\r\n" + row.said))
    }

    @Test("replies are taken one by one, each with its own time", arguments: Delivery.allCases)
    func replies(delivery: Delivery) throws {
        var play = Play.ready(["PIPELINING"], delivery)
        let before = (play.session.replySerial, play.session.roundTrips)
        _ = play.begin(["b@y", "c@y"])
        let serial = play.session.replySerial
        #expect(serial > before.0)
        play.session.receive(octets("25")[...])
        #expect(play.session.replySerial == serial && play.session.state == .mail)
        play.session.receive(octets("0 ok\r\n")[...])
        #expect(play.session.replySerial == serial + 1 && play.session.state == .rcpt)
        #expect(play.hear("550 no", "250 ok") == "" && play.session.state == .data)
        #expect(play.session.replyMilliseconds == 120_000)
        #expect(play.hear("354 go") == "" && play.session.wantsBody)
        play.send("x")
        play.hear("250 taken")
        let outcome = try #require(play.session.transaction)
        #expect(outcome.isAccepted && outcome.recipients.map { $0.reply.code } == [550, 250])
        #expect(play.session.roundTrips == before.1 + 2 && play.session.messageOctets == 3)
    }

    @Test("a group is at most a window, and the next one waits for its replies")
    func windows() throws {
        var play = Play.ready(["PIPELINING"])
        let paths = (0..<5000).map { octets("recipient\($0)@y.example") }
        play.session.begin(Envelope(reversePath: [], forwardPaths: paths))
        var groups = 0
        var commands = 0
        while !play.session.wantsBody, !play.session.isClosed {
            let said = play.session.takeOutput()
            #expect(said.count <= Session.window)
            groups += 1
            let lines = text(said).split(separator: "\r\n")
            commands += lines.count
            for line in lines { play.session.receive(octets(line == "DATA" ? "354 go\r\n" : "250 ok\r\n")[...]) }
        }
        let total = paths.reduce(0) { $0 + $1.count + 12 }
        #expect(commands == 5002 && groups == total / Session.window + 1)
        #expect(play.session.roundTrips == groups + 1)
    }

    @Test("without being offered, or switched off, each command waits", arguments: [true, false])
    func off(isOffered: Bool) {
        var options = Session.Options(clientName: octets("me.example"))
        options.usesPipelining = !isOffered
        var play = Play.ready(isOffered ? ["PIPELINING"] : [], .whole, options)
        #expect(!play.session.pipelines)
        #expect(play.begin(["b@y"]) == "MAIL FROM:<a@x.example>")
    }

    @Test("after a refused MAIL the rest of the group changes nothing", arguments: Delivery.allCases)
    func mailRefused(delivery: Delivery) {
        var play = Play.ready(["PIPELINING"], delivery)
        _ = play.begin(["b@y", "c@y"])
        #expect(play.hear("550 no", "250 ok", "503 what", "503 what") == "RSET")
        #expect(play.events.last == .sent(octets("RSET"), seconds: 0))
        play.hear("250 ok")
        #expect(play.session.isReady)
        #expect(play.session.transaction?.recipients.isEmpty == true)
        #expect(play.session.transaction?.end == .refused(.mail, Reply(code: 550, lines: [octets("no")])))
    }

    static let unwantedRows: [(replies: String, end: TransactionOutcome.End)] = [
        ("550 no\r\n250 ok\r\n250 ok\r\n354 go\r\n", .refused(.mail, Reply(code: 550, lines: [octets("no")]))),
        ("250 ok\r\n550 no\r\n450 no\r\n354 go\r\n", .noRecipients),
    ]

    @Test("354 in spite of refusals: no dot, the connection is dropped", arguments: unwantedRows, Delivery.allCases)
    func unwanted(row: (replies: String, end: TransactionOutcome.End), delivery: Delivery) {
        var play = Play.ready(["PIPELINING"], delivery)
        _ = play.begin(["b@y", "c@y"])
        for piece in delivery.pieces(of: octets(row.replies)) { play.session.receive(piece) }
        #expect(play.said() == "" && play.session.isClosed && !play.session.wantsBody)
        #expect(play.session.transaction?.end == row.end)
        #expect(play.session.failure?.kind == .protocolViolation)
    }

    @Test("RSET goes first on a connection that was kept", arguments: [true, false])
    func reset(isPipelining: Bool) {
        var play = Play.ready(isPipelining ? ["PIPELINING"] : [])
        let mail = Envelope(reversePath: [], forwardPaths: [octets("b@y")])
        func begin() { play.session.begin(mail, afterReset: true) }
        begin()
        #expect(play.said().hasPrefix("MAIL"))
        for reply in ["250 ok", "250 ok", "354 go"] { play.hear(reply) }
        play.send("x")
        play.hear("250 taken")
        begin()
        let said = play.said()
        #expect(said == (isPipelining ? "RSET\r\nMAIL FROM:<>\r\nRCPT TO:<b@y>\r\nDATA" : "RSET"))
        #expect(play.session.state == .rset && play.session.replyMilliseconds == 300_000)
        #expect(play.hear("250 ok") == (isPipelining ? "" : "MAIL FROM:<>"))
        #expect(play.hear("550 no") == (isPipelining ? "" : "RSET"))
        if isPipelining { #expect(play.hear("503 no", "503 no") == "RSET") }
        play.hear("250 ok")
        begin()
        #expect(play.said().hasPrefix("MAIL"))
    }

    @Test("a refused RSET before MAIL ends the session; at a transaction's end it is asked for again")
    func resetRefused() {
        var play = Play.upTo(.rset)
        play.hear("500 what")
        #expect(play.session.isReady)
        #expect(play.begin(["b@y"]) == "RSET")
        #expect(play.hear("500 what") == "")
        #expect(play.session.failure?.stage == .rset && play.session.failure?.kind == .refused)
        #expect(play.session.transaction?.end == play.session.failure.map { .failed($0) })
    }

    @Test("a probe asks for the recipients and resets", arguments: [true, false])
    func probe(isPipelining: Bool) {
        var play = Play.ready(isPipelining ? ["PIPELINING"] : [])
        play.session.begin(
            Envelope(reversePath: [], forwardPaths: [octets("b@y"), octets("c@y")]), requiresAllRecipients: true,
            isProbe: true)
        _ = play.said()
        play.hear("250 ok")
        play.hear("550 no")
        #expect(play.hear("250 ok") == "RSET")
        #expect(play.hear("250 ok") == "" && play.session.isReady)
        #expect(play.session.transaction?.end == .probed)
        #expect(play.session.transaction?.recipients.map { $0.reply.code } == [550, 250])
    }
}
