@testable import SMTP

/// How a server's octets arrive.
enum Delivery: CaseIterable {
    case whole, byLine, byOctet

    func pieces(of octets: [UInt8]) -> [ArraySlice<UInt8>] {
        switch self {
        case .whole: return [octets[...]]
        case .byOctet: return octets.indices.map { octets[$0...$0] }
        case .byLine:
            let ends = octets.indices.filter { octets[$0] == 0x0a }.map { $0 + 1 }
            let starts = [0] + ends
            return zip(starts, ends + [octets.count]).map { octets[$0..<$1] }
        }
    }
}

/// Octets of a text.
func octets(_ text: String) -> [UInt8] { Array(text.utf8) }
/// Text of octets.
func text(_ octets: some Collection<UInt8>) -> String { String(decoding: octets, as: UTF8.self) }

/// Random numbers that are the same in each run.
struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// A session with a server played by the test.
struct Play {
    var session: Session
    let delivery: Delivery
    var events: [DialogueEvent] = []

    init(
        _ delivery: Delivery = .whole, _ options: Session.Options = Session.Options(clientName: octets("me.example"))
    ) {
        session = Session(options)
        self.delivery = delivery
        session.connected()
    }

    /// The server says these lines; what the client then has to write, without the last CRLF.
    @discardableResult
    mutating func hear(_ lines: String...) -> String {
        let reply = octets(lines.map { $0 + "\r\n" }.joined())
        for piece in delivery.pieces(of: reply) { session.receive(piece) }
        return said()
    }

    /// What the client has to write, without the last CRLF.
    mutating func said() -> String {
        events += session.takeEvents()
        let output = text(session.takeOutput())
        return output.hasSuffix("\r\n") ? String(output.dropLast()) : output
    }

    mutating func begin(_ recipients: [String], all: Bool = false, size: Int? = nil, is8bit: Bool = false) -> String {
        let envelope = Envelope(
            reversePath: octets("a@x.example"), forwardPaths: recipients.map(octets), size: size, is8bit: is8bit)
        session.begin(envelope, requiresAllRecipients: all)
        return said()
    }

    /// A play that is ready, with a server that offers these extensions.
    static func ready(
        _ offers: [String], _ delivery: Delivery = .whole,
        _ options: Session.Options = Session.Options(clientName: octets("me.example"))
    ) -> Play {
        var play = Play(delivery, options)
        play.hear("220 hi")
        let lines = ["you"] + offers
        let reply = lines.enumerated().map { ($0 + 1 == lines.count ? "250 " : "250-") + $1 + "\r\n" }.joined()
        for piece in delivery.pieces(of: octets(reply)) { play.session.receive(piece) }
        _ = play.said()
        return play
    }

    /// A play up to the state, with one recipient.
    static func upTo(_ state: Session.State, _ delivery: Delivery = .whole) -> Play {
        var play = Play(delivery)
        let steps: [(Session.State, (inout Play) -> Void)] = [
            (.ehlo, { $0.hear("220 hi") }),
            (.helo, { if state == .helo { $0.hear("500 what") } }),
            (.ready, { $0.hear("250-you", "250 SIZE") }),
            (.mail, { _ = $0.begin(["b@y.example"]) }),
            (.rcpt, { $0.hear("250 ok") }),
            (.data, { $0.hear("250 ok") }),
            (.body, { $0.hear("354 go") }),
            (.dot, { $0.send("text\r\n") }),
            (.rset, { $0.hear("550 no") }),
        ]
        if state == .greeting { return play }
        for (name, step) in steps {
            step(&play)
            if name == state { return play }
        }
        play.hear("250 ok")
        play.session.quit()
        _ = play.said()
        return play
    }

    mutating func send(_ body: String) {
        session.write(octets(body)[...])
        session.finishBody()
        _ = said()
    }
}

/// The states in which a reply is awaited.
let awaiting: [Session.State] = [.greeting, .ehlo, .helo, .mail, .rcpt, .data, .dot, .rset, .quit]
