import Testing

@testable import SMTP

@Suite("Envelope addresses")
struct EnvelopeTests {
    static let rows: [(String, Int?)] = [
        ("", nil), ("a@b.example", nil), ("a b@c", nil), ("jörg@b.example", nil), ("\"a>b\"@c", nil),
        ("\"a\\\"b\"@c", nil),
        ("a\\>b@c", nil), ("@x,@y:a@b", nil), ("a\r\nDATA@b", 1), ("a\nb", 1), ("a\u{0}", 1), ("a\tb", 1),
        ("a\u{7f}", 1),
        ("a> SIZE=1", 1), ("<a@b>", 0), ("\"a\r\"@c", 2), ("\"a@b", 0), ("a\\", 1), ("\"a\\", 2), ("\"a\\\"", 0),
    ]

    @Test("that would end a command or its brackets are found", arguments: rows)
    func bad(row: (String, Int?)) {
        #expect(Envelope.firstBadOctet(octets(row.0)) == row.1)
    }

    @Test("that are bad never reach the wire", arguments: rows.filter { $0.1 != nil })
    func refused(row: (String, Int?)) {
        for isSender in [true, false] {
            var play = Play.upTo(.ready)
            let path = octets(row.0)
            play.session.begin(
                Envelope(reversePath: isSender ? path : [], forwardPaths: [isSender ? octets("b@y") : path]))
            #expect(play.said() == "")
            #expect(play.session.isReady)
            guard case .failed(let error)? = play.session.transaction?.end else {
                Issue.record("no failure")
                continue
            }
            #expect(error.kind == .internalFailure)
            #expect(play.begin(["b@y"]) == "MAIL FROM:<a@x.example>")
        }
    }

    @Test(
        "a control octet in the client's own name is refused",
        arguments: ["", "a\r\nMAIL", "a\u{0}"])
    func clientName(name: String) {
        var play = Play(.whole, Session.Options(clientName: octets(name)))
        #expect(play.hear("220 hi") == "")
        #expect(play.session.isClosed)
        #expect(play.session.failure?.kind == .internalFailure)
    }
}
