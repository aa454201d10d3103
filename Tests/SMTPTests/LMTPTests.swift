import Testing

@testable import SMTP

@Suite("LMTP (RFC 2033)")
struct LMTPTests {
    static func ready(_ delivery: Delivery) -> Play {
        var options = Session.Options(clientName: octets("me"))
        options.isLMTP = true
        return Play.ready(["PIPELINING"], delivery, options)
    }

    /// A play up to the end of the message, for four recipients of which the second was refused.
    static func upToDot(_ delivery: Delivery) -> Play {
        var play = ready(delivery)
        _ = play.begin(["b@y", "c@y", "d@y", "e@y"])
        play.hear("250 ok", "250 ok", "550 no", "250 ok", "250 ok", "354 go")
        play.send("x")
        return play
    }

    @Test("says LHLO, and has nothing older", arguments: Delivery.allCases)
    func lhlo(delivery: Delivery) {
        var options = Session.Options(clientName: octets("me"))
        options.isLMTP = true
        var play = Play(delivery, options)
        #expect(play.hear("220 hi") == "LHLO me")
        #expect(play.hear("500 what") == "" && play.session.isClosed)
        #expect(play.session.failure?.kind == .refused && play.session.failure?.stage == .ehlo)
    }

    static let finalRows: [(replies: [String], codes: [Int], accepted: Int?)] = [
        (["250 b", "250 d", "250 e"], [250, 550, 250, 250], 250),
        (["450 b", "252 d", "550 e"], [450, 550, 252, 550], 252),
        (["550 b", "450 d", "552 e"], [550, 550, 450, 552], nil),
    ]

    @Test("each accepted recipient has a reply of its own", arguments: finalRows, Delivery.allCases)
    func finals(row: (replies: [String], codes: [Int], accepted: Int?), delivery: Delivery) throws {
        var play = Self.upToDot(delivery)
        for reply in row.replies {
            #expect(play.session.state == .dot)
            play.hear(reply)
        }
        if row.accepted == nil { play.hear("250 reset") }
        #expect(play.session.isReady)
        let outcome = try #require(play.session.transaction)
        #expect(outcome.recipients.map { $0.reply.code } == row.codes)
        #expect(outcome.recipients.map { $0.isAccepted } == row.codes.map { $0 / 100 == 2 })
        switch outcome.end {
        case .accepted(let reply): #expect(reply.code == row.accepted)
        case .noRecipients: #expect(row.accepted == nil)
        default: Issue.record("\(outcome.end)")
        }
    }

    @Test("who was answered before the connection was lost is known", arguments: Delivery.allCases)
    func lost(delivery: Delivery) throws {
        var play = Self.upToDot(delivery)
        play.hear("450 b")
        play.session.peerClosed()
        let outcome = try #require(play.session.transaction)
        #expect(outcome.recipients.map { $0.reply.code } == [450, 550, 250, 250])
        guard case .failed(let error) = outcome.end else {
            Issue.record("\(outcome.end)")
            return
        }
        #expect(error.stage == .dot)
    }

    @Test("one reply too many is a violation")
    func tooMany() {
        var play = Self.upToDot(.whole)
        play.hear("250 b", "250 d", "250 e", "250 f")
        #expect(play.session.transaction?.isAccepted == true)
        #expect(play.session.failure?.kind == .protocolViolation)
    }
}
