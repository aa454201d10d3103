import Testing

@testable import SMTPSink

@Suite("A sink under random clients")
struct RandomClientTests {
    static let words = [
        "MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n", "RSET\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nBDAT 3 LAST\r\n",
        "EHLO a\r\n", "HELO a\r\n", "LHLO a\r\n", "MAIL FROM:<a@x>\r\n", "MAIL FROM:<ä@x> SMTPUTF8 SIZE=9\r\n",
        "RCPT TO:<b@y>\r\n",
        "RCPT TO:<c@y> NOTIFY=DELAY\r\n", "RCPT TO:<550@fault.test>\r\n", "DATA\r\n", "x\r\n.\r\n", ".\r\n", "..\r\n",
        "\n.\n", "\r", "\n",
        "\0", "BDAT 3\r\n", "BDAT 3 LAST\r\n", "BDAT 0 LAST\r\n", "a\r\n", "RSET\r\n", "NOOP\r\n", "QUIT\r\n", "MAIL",
        " ", "ÿ", "AUTH PLAIN x\r\n",
    ]
    static let faults = [
        "", "rcpt every 2 reply 450", "mail chance 0.5 seed 3 reply 250 \"a\\nb\"", "data reply 354",
        "dot every 2 garbage",
        "dot nth 3 accept-then drop", "ehlo nth 2 hide PIPELINING\nehlo nth 3 offer DSN", "rset nth 2 stall",
        "rcpt nth 9 reset", "mail nth 4 reply 421",
        "connect rate 9\nehlo bytewise\nmail delay 5", "greeting reply 554",
    ]

    /// What a sink says and takes.
    struct Result: Equatable {
        var answers = ""
        var mails: [[UInt8]] = []
        var effects: [SinkSession.Effect] = []
        var isClosed = false
        var roundTripsAreSane = true
    }

    @Test("answers the same however the octets are cut, and never fails", arguments: 0..<600)
    func cuts(seed: Int) throws {
        var dice = Dice(state: UInt64(seed))
        var options = SinkSession.Options(extensions: SinkSession.Options.usualExtensions + ["CHUNKING", "DSN"])
        options.isLMTP = seed % 5 == 4
        options.maxMessageOctets = seed % 7 == 6 ? 4 : 1000
        var said = octets(options.isLMTP ? "LHLO a\r\n" : "EHLO a\r\n")
        for _ in 0..<Int.random(in: 1...60, using: &dice) {
            said += octets(Self.words.randomElement(using: &dice) ?? "")
        }
        let faults = try Fault.list(lines: Self.faults[seed % Self.faults.count])
        let whole = play(said, options, faults) { _ in said.count }
        #expect(whole == play(said, options, faults) { _ in 1 })
        #expect(whole == play(said, options, faults) { Int.random(in: 1...$0, using: &dice) })
        #expect(whole.roundTripsAreSane)
    }

    private func play(
        _ said: [UInt8], _ options: SinkSession.Options, _ faults: [Fault], _ cut: (Int) -> Int
    ) -> Result {
        var result = Result()
        var sink = SinkSession(options, faults: FaultPlan(faults))
        sink.start()
        take(&sink, &result)
        var rest = said[...]
        while !rest.isEmpty {
            let piece = rest.prefix(cut(rest.count))
            rest = rest.dropFirst(piece.count)
            sink.receive(piece)
            take(&sink, &result)
        }
        sink.peerClosed()
        result.isClosed = sink.isClosed
        result.roundTripsAreSane = sink.roundTrips <= said.count && sink.octetsReceived == said.count
        return result
    }

    private func take(_ sink: inout SinkSession, _ result: inout Result) {
        while sink.hasOutput {
            result.answers += text(sink.takeOutput())
            if let effect = sink.takeEffect() { result.effects.append(effect) }
        }
        result.mails += sink.takeMessages().map(\.octets)
    }
}
