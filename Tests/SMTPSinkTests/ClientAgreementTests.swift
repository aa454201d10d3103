import SMTP
import Testing

@testable import SMTPSink

/// What the client believes of its mails is what the sink has, whatever is offered and whatever goes wrong.
@Suite("A client's session and a sink's agree")
struct ClientAgreementTests {
    static let faults = [
        "", "", "rcpt every 2 reply 450 {4.2.1 later}", "mail nth 2 reply 452", "mail every 2 reply 550 \"a\\nb\"",
        "data nth 2 reply 451",
        "data every 2 reply 354", "dot nth 2 reply 552", "dot every 3 garbage", "dot nth 3 accept-then drop",
        "dot nth 2 drop",
        "rcpt nth 5 drop", "data nth 3 drop", "mail nth 3 reply 421", "rcpt nth 4 reply 421", "dot nth 2 reply 421",
        "rset nth 2 reply 500",
        "rcpt nth 3 garbage", "ehlo hide PIPELINING", "ehlo hide 8BITMIME\nehlo hide SIZE", "ehlo EHLO* reply 502",
        "rcpt reply 251", "quit drop",
        "rcpt chance 0.3 seed 5 reply 450\ndot chance 0.3 seed 6 reply 452\nmail chance 0.2 seed 7 reply 451",
    ]

    @Test("about every mail, without a violation", arguments: 0..<480)
    func agree(seed: Int) throws {
        var dice = Dice(state: UInt64(seed) &* 77)
        var pair = try Pair(seed, &dice)
        for _ in 0..<6 where pair.client.isReady {
            let recipients = (0..<Int.random(in: 1...4, using: &dice)).map { number in
                octets(["b\(number)@y", "550-5.1.1@fault.test", "c\(number)@y"].randomElement(using: &dice) ?? "")
            }
            let body: [UInt8] = (0..<Int.random(in: 0..<60, using: &dice)).map { _ in
                [0x0d, 0x0a, 0x2e, 0x61].randomElement(using: &dice) ?? 0
            }
            let isStrict = Bool.random(using: &dice)
            pair.client.begin(
                Envelope(reversePath: octets("a@x"), forwardPaths: recipients), requiresAllRecipients: isStrict)
            pair.exchange(&dice)
            if pair.client.wantsBody {
                pair.client.write(body[...])
                pair.client.finishBody()
                pair.exchange(&dice)
            }
            try pair.check(canonical(body), isStrict: isStrict)
        }
        if pair.client.isReady { pair.client.quit() }
        pair.exchange(&dice)
        #expect(pair.client.isClosed)
        #expect(pair.sink.violations == [])
        if pair.isWhole { #expect(pair.client.roundTrips == pair.sink.roundTrips) }
    }

    /// The two ends.
    struct Pair {
        var client: Session
        var sink: SinkSession
        /// The sink answered to the end.
        var isWhole: Bool { !sink.isClosed || sink.hasQuit && sink.dialogue.last?.direction == .server }

        init(_ seed: Int, _ dice: inout Dice) throws {
            var options = SinkSession.Options()
            options.extensions += ["CHUNKING", "DSN"].filter { _ in Bool.random(using: &dice) }
            options.isLMTP = seed % 4 == 3
            var mine = Session.Options(clientName: octets("me.example"))
            mine.isLMTP = options.isLMTP
            mine.usesPipelining = seed % 3 != 2
            mine.usesChunking = Bool.random(using: &dice)
            let lines = ClientAgreementTests.faults[seed % ClientAgreementTests.faults.count]
            sink = SinkSession(options, faults: FaultPlan(try Fault.list(lines: lines)))
            client = Session(mine)
            client.connected()
            sink.start()
            exchange(&dice)
        }

        /// Hands octets over in random pieces until both are still.
        mutating func exchange(_ dice: inout Dice) {
            while client.hasOutput || sink.hasOutput {
                var (up, down) = (client.takeOutput()[...], sink.takeOutput()[...])
                _ = sink.takeEffect()
                while !up.isEmpty {
                    let piece = up.prefix(Int.random(in: 1...30, using: &dice))
                    up = up.dropFirst(piece.count)
                    if !sink.isClosed { sink.receive(piece) }
                }
                while !down.isEmpty {
                    let piece = down.prefix(Int.random(in: 1...30, using: &dice))
                    down = down.dropFirst(piece.count)
                    client.receive(piece)
                }
            }
            if sink.isClosed { client.peerClosed() }
            if client.isClosed { sink.peerClosed() }
        }

        mutating func check(_ body: [UInt8], isStrict: Bool) throws {
            let outcome = try #require(client.transaction)
            let mails = sink.takeMessages()
            if outcome.isAccepted {
                let mail = try #require(mails.first)
                #expect(mails.count == 1 && mail.octets == body)
                let taken = mail.recipients.filter { $0.finalReply?.isPositive ?? $0.isAccepted }.map(\.address)
                #expect(outcome.recipients.filter(\.isAccepted).map(\.recipient) == taken)
                if isStrict { #expect(mail.recipients.allSatisfy { $0.isAccepted }) }
            } else if !mails.isEmpty {
                // Only a reply that never came leaves the client without knowledge.
                let isUnknown = if case .failed = outcome.end { true } else { false }
                #expect(isUnknown && sink.isClosed)
            }
        }
    }
}
