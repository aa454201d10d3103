import Testing

@testable import SMTP

/// Where in a dialogue a server does something else than usual: in place of which reply, counted from 0 where there are several.
enum Point: Hashable {
    case greeting, ehlo, helo, mail, rcpt(Int), data, dot(Int), bdat, rset, quit
    /// After 354, when half of the message has been written.
    case body
}

/// What a server says: lines, each of which gets its CRLF unless it has a line end of its own, and then perhaps an end.
///
/// `…` at the end of a line: without line end. `<close>` closes the connection, `<silence>` is the client's deadline;
/// `<long>` is a line of 70,000 octets, `<lines>` a reply of 10,001 lines, `<big>` one of more than a mebibyte.
struct Said {
    var octets: [UInt8] = []
    var closes = false
    var isSilent = false

    init(_ text: String) {
        var rest = text
        if rest.hasSuffix("<close>") {
            closes = true
            rest.removeLast(7)
            if rest.isEmpty { return }
        }
        switch rest {
        case "<silence>": isSilent = true
        case "<long>": octets = SMTPTests.octets("250 " + String(repeating: "x", count: 70_000) + "\r\n")
        case "<lines>": octets = SMTPTests.octets(String(repeating: "250-x\r\n", count: 10_000) + "250 x\r\n")
        case "<big>":
            let line = "250-" + String(repeating: "x", count: 65_000) + "\r\n"
            octets = SMTPTests.octets(String(repeating: line, count: 17) + "250 x\r\n")
        default:
            octets = SMTPTests.octets(rest)
            // Octets, not characters: CRLF is one character.
            if octets.suffix(3) == [0xe2, 0x80, 0xa6] {
                octets.removeLast(3)
            } else if octets.last != 0x0a {
                octets += [0x0d, 0x0a]
            }
        }
    }
}

/// One row: what the server does, and what must come of it.
///
/// `end` is the transaction's outcome and, after ` / `, why the session ended if not in order; `-` is no transaction:
/// `accepted CODE`, `refused STAGE CODE`, `none`, `probed`, `failed`; the failure is `KIND STAGE` and the code of a reply.
/// `wire` names what the client wrote: EHLO LHLO HELO MAIL RCPT DATA HALF BODY LAST RSET QUIT, where HALF is half of the message
/// and BODY all of it with its dot, LAST a BDAT with all of it. `piped` are other expectations where PIPELINING is offered.
struct FaultScenario: Sendable, CustomTestStringConvertible {
    var name: String
    var says: [Point: String]
    var end: String
    var wire: String
    var piped: (end: String, wire: String)?
    /// The end where the server's octets come one by one: a reply before its command is refused at its first octet.
    var octetEnd: (plain: String?, piped: String?) = (nil, nil)
    var codes: String?
    var modes: [Bool] = [false, true]
    var recipients = 2
    var all = false
    var isProbe = false
    var isLMTP = false
    var isChunking = false

    var testDescription: String { name }

    init(
        _ name: String, _ says: [Point: String], _ end: String, _ wire: String,
        piped: (end: String, wire: String)? = nil, codes: String? = nil
    ) {
        (self.name, self.says, self.end, self.wire, self.piped, self.codes) = (name, says, end, wire, piped, codes)
    }

    func with(_ change: (inout FaultScenario) -> Void) -> FaultScenario {
        var copy = self
        change(&copy)
        return copy
    }

    /// The end where octets come one by one.
    func byOctet(_ plain: String, piped: String? = nil) -> FaultScenario {
        with { $0.octetEnd = (plain, piped ?? ($0.piped == nil ? plain : nil)) }
    }

    /// Only without PIPELINING, or only with it.
    var plainOnly: FaultScenario { with { $0.modes = [false] } }
    var pipedOnly: FaultScenario { with { $0.modes = [true] } }
}

/// A server that does as it should but where it is told otherwise.
struct FaultServer {
    let scenario: FaultScenario
    let isPiped: Bool
    private(set) var wire: [UInt8] = []
    private var pending: [UInt8] = []
    private var recipients = 0
    private var accepted = 0
    private var hasMail = false
    private var isReading = false

    init(_ scenario: FaultScenario, isPiped: Bool) {
        self.scenario = scenario
        self.isPiped = isPiped
    }

    var greeting: Said { said(.greeting, "220 hi") }
    var remarkWithinBody: Said? { scenario.says[.body].map { Said($0) } }

    /// Takes what the client wrote; what the server says to it.
    mutating func hear(_ octets: [UInt8]) -> [Said] {
        wire += octets
        pending += octets
        var answers: [Said] = []
        while let next = isReading ? takeMessage() : takeLine() { answers += next }
        return answers
    }

    private mutating func takeLine() -> [Said]? {
        guard let end = pending.firstIndex(of: 0x0a) else { return nil }
        let line = text(pending[..<end].dropLast())
        pending.removeSubrange(...end)
        let words = line.split(separator: " ").map(String.init)
        switch words.first?.prefix(4) ?? "" {
        case "EHLO", "LHLO":
            let offers = (isPiped ? "250-PIPELINING\r\n" : "") + (scenario.isChunking ? "250-CHUNKING\r\n" : "")
            return [said(.ehlo, "250-you\r\n" + offers + "250 ENHANCEDSTATUSCODES")]
        case "HELO": return [said(.helo, "250 you")]
        case "MAIL":
            let answer = said(.mail, "250 ok")
            hasMail = text(answer.octets).hasPrefix("250")
            return [answer]
        case "RCPT":
            recipients += 1
            let answer = said(.rcpt(recipients - 1), hasMail ? "250 ok" : "503 what")
            if hasMail, text(answer.octets).hasPrefix("25") { accepted += 1 }
            return [answer]
        case "DATA":
            let answer = said(.data, accepted > 0 ? "354 go" : "503 what")
            isReading = text(answer.octets).hasPrefix("354")
            return [answer]
        case "BDAT":
            let count = words.count > 1 ? Int(words[1]) ?? 0 : 0
            pending.removeFirst(min(count, pending.count))
            return [said(.bdat, "250 ok")]
        case "RSET": return [said(.rset, "250 ok")]
        case "QUIT": return [said(.quit, "221 bye")]
        default: return [Said("500 what")]
        }
    }

    private mutating func takeMessage() -> [Said]? {
        guard pending.suffix(3) == octets(".\r\n") else { return nil }
        pending = []
        isReading = false
        let count = scenario.isLMTP ? accepted : 1
        return (0..<count).map { said(.dot($0), "250 taken") }
    }

    private func said(_ point: Point, _ usual: String) -> Said { Said(scenario.says[point] ?? usual) }
}

/// A scenario as it is played.
struct FaultPlay {
    let scenario: FaultScenario
    let isPiped: Bool
    let delivery: Delivery
    var session: Session
    var server: FaultServer

    init(_ scenario: FaultScenario, isPiped: Bool, _ delivery: Delivery) {
        (self.scenario, self.isPiped, self.delivery) = (scenario, isPiped, delivery)
        var options = Session.Options(clientName: octets("me"))
        options.isLMTP = scenario.isLMTP
        options.usesChunking = scenario.isChunking
        session = Session(options)
        server = FaultServer(scenario, isPiped: isPiped)
    }

    /// The message; its halves are cut before a dot that starts a line.
    static let halves = (octets(".x\r\n"), octets(".y"))

    mutating func run() {
        session.connected()
        tell([server.greeting])
        converse()
        let to = ["b@y", "c@y", "d@y"].prefix(scenario.recipients).map(octets)
        if session.isReady {
            session.begin(
                Envelope(reversePath: octets("a@x"), forwardPaths: to), requiresAllRecipients: scenario.all,
                isProbe: scenario.isProbe)
            converse()
        }
        if session.wantsBody { writeBody() }
        if session.isReady { session.quit() }
        converse()
    }

    /// Goes on as long as the client has something to say.
    private mutating func converse() {
        while session.hasOutput { tell(server.hear(session.takeOutput())) }
    }

    private mutating func writeBody() {
        session.write(Self.halves.0[...])
        if let remark = server.remarkWithinBody {
            tell(server.hear(session.takeOutput()))
            tell([remark])
        }
        session.write(Self.halves.1[...])
        session.finishBody()
        converse()
    }

    private mutating func tell(_ said: [Said]) {
        var all: [UInt8] = []
        var last: Said?
        for answer in said where last?.closes != true && last?.isSilent != true {
            all += answer.octets
            last = answer
        }
        // What is long takes long octet by octet: it comes in odd pieces, which ReplyParserTests shows to be the same.
        if delivery == .byOctet, all.count > 10_000 {
            for start in stride(from: 0, to: all.count, by: 997) {
                session.receive(all[start..<min(start + 997, all.count)])
            }
        } else {
            for piece in delivery.pieces(of: all) { session.receive(piece) }
        }
        if last?.closes == true { session.peerClosed() }
        if last?.isSilent == true { session.timedOut() }
    }

    // MARK: What came of it

    var end: String {
        let failure = session.failure.map { " / " + Self.text($0) } ?? ""
        guard let outcome = session.transaction else { return "-" + failure }
        switch outcome.end {
        case .accepted(let reply): return "accepted \(reply.code)" + failure
        case .refused(let stage, let reply): return "refused \(stage.rawValue) \(reply.code)" + failure
        case .noRecipients: return "none" + failure
        case .probed: return "probed" + failure
        case .failed(let error): return "failed" + (session.failure == error ? failure : " otherwise")
        }
    }

    var codes: String {
        (session.transaction?.recipients ?? []).map { String($0.reply.code) }.joined(separator: ",")
    }

    private static func text(_ error: SMTPError) -> String {
        let kind = error.kind == .protocolViolation ? "violation" : error.kind.rawValue
        return "\(kind) \(error.stage.rawValue)" + (error.reply.map { " \($0.code)" } ?? "")
    }

    /// The octets that words for commands stand for.
    static func written(_ wire: String) -> [UInt8] {
        var recipient = 0
        return wire.split(separator: " ").reduce(into: []) { all, word in
            switch word {
            case "EHLO", "LHLO", "HELO": all += octets("\(word) me\r\n")
            case "MAIL": all += octets("MAIL FROM:<a@x>\r\n")
            case "RCPT":
                all += octets("RCPT TO:<\(["b", "c", "d"][recipient % 3])@y>\r\n")
                recipient += 1
            case "HALF": all += octets("..x\r\n")
            case "BODY": all += octets("..x\r\n..y\r\n.\r\n")
            case "LAST": all += octets("BDAT 8 LAST\r\n.x\r\n.y\r\n")
            default: all += octets("\(word)\r\n")
            }
        }
    }
}
