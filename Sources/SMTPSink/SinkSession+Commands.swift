import Octets
import SMTP

/// Commands (RFC 5321, 4.1.1).
extension SinkSession {
    mutating func take(_ line: [UInt8], hasCR: Bool) {
        let verb = Verb(of: line)
        let shown = isSecret(verb) ? hidingSecret(of: line, verb) : line
        record(.client, shown)
        check(line, verb, hasCR: hasCR, shown: text(shown.prefix(80)))
        if verb != .unknown || lastVerb != .auth { lastVerb = verb }
        if isRefusing, verb != .quit { return outOfOrder("no service here") }
        switch verb {
        case .ehlo, .helo, .lhlo: hello(line, verb)
        case .mail: mail(line)
        case .rcpt: rcpt(line)
        case .data: data(line)
        case .bdat: bdat(line)
        case .rset: reset(line)
        case .noop: reply(250, "2.0.0", "OK")
        case .quit: quit(line)
        case .vrfy: reply(252, "2.5.0", "cannot verify, but will take the mail")
        case .help: reply(214, "2.0.0", "see RFC 5321")
        case .onex: extra("ONEX", "OK, one transaction")
        case .qued: extra("XQUE", "OK, queueing")
        case .auth: auth(line)
        case .starttls: startTLS(line)
        case .expn: notOffered(verb)
        case .greeting, .dot, .unknown: unknown(shown)
        }
    }

    /// Writes down what is wrong with a command line, whatever it says.
    private mutating func check(_ line: [UInt8], _ verb: Verb, hasCR: Bool, shown: String) {
        if !hasCR { violate(.bareLF, shown) }
        if line.contains(0x0d) { violate(.bareCR, shown) }
        if line.contains(0) { violate(.nul, shown) }
        if line.count + 2 > limit(of: verb) { violate(.commandTooLong, shown) }
        if line.contains(where: { $0.isEightBit }), !hasSMTPUTF8(line, verb) { violate(.eightBit, shown) }
        checkTurn(shown)
    }

    /// A command is early if the reply before it has not been taken yet.
    mutating func checkTurn(_ shown: String) {
        guard hasOutput else { return }
        if !mayPipeline || !lastVerb.mayBeFollowed { violate(.pipelining, shown) }
    }

    var mayPipeline: Bool { isESMTP && options.offers("PIPELINING") }

    /// The longest command line with CRLF (RFC 5321, 4.5.3.1.4), made longer by extensions for MAIL and RCPT.
    private func limit(of verb: Verb) -> Int {
        if verb == .auth, isESMTP { return Self.longestLoginLine }
        guard isESMTP, verb == .mail || verb == .rcpt else { return 512 }
        let more = verb == .mail ? [("SIZE", 26), ("8BITMIME", 17), ("SMTPUTF8", 10), ("AUTH", 500)] : []
        return 512 + (more + [("DSN", 500)]).reduce(0) { $0 + (offers($1.0) ? $1.1 : 0) }
    }

    private func hasSMTPUTF8(_ line: [UInt8], _ verb: Verb) -> Bool {
        guard isESMTP, options.offers("SMTPUTF8") else { return false }
        if verb == .rcpt {
            return current?.parameters.contains { $0.keyword.equalsIgnoringCase("SMTPUTF8".utf8) } ?? isMailRefused
        }
        return verb == .mail && text(line).uppercased().split(separator: " ").contains("SMTPUTF8")
    }

    /// ehlo = "EHLO" SP ( Domain / address-literal ) CRLF; LMTP has LHLO and nothing else (RFC 2033, 4.1).
    private mutating func hello(_ line: [UInt8], _ verb: Verb) {
        guard (verb == .lhlo) == options.isLMTP else { return unknown(line) }
        guard proceeds(.ehlo, line) else { return }
        let name = Array(line.dropFirst(5))
        guard !name.isEmpty, !name.contains(where: { $0 == 0x20 || $0.isControl }) else {
            violate(.syntax, text(line.prefix(80)))
            reply(501, "5.5.4", "a name is needed, and one only")
            return
        }
        helo = name
        isESMTP = verb != .helo
        endTransaction()
        let ends = isESMTP ? offeredLines : []
        let all = ["\(options.name) greets \(text(name.prefix(255)))"] + ends
        send(substitute ?? Reply(code: 250, lines: all.map { Array($0.utf8) }))
    }

    /// Whether a command goes on after its faults.
    private mutating func proceeds(_ stage: Stage, _ line: [UInt8]) -> Bool { meets(stage, line) == .nothing }

    private mutating func reset(_ line: [UInt8]) {
        guard proceeds(.rset, line) else { return }
        endTransaction()
        reply(250, "2.0.0", "OK")
    }

    private mutating func quit(_ line: [UInt8]) {
        hasQuit = true
        endTransaction()
        if proceeds(.quit, line) { reply(221, "2.0.0", "\(options.name) closes") }
        if state == .command { state = .closed }
    }

    /// There is no transaction any more.
    mutating func endTransaction() {
        current = nil
        isMailRefused = false
        hasUnansweredRecipient = false
        chunks = (false, false)
        decoder = TransparencyDecoder(limit: 0)
    }

    private mutating func extra(_ keyword: String, _ words: String) {
        guard isESMTP, options.offers(keyword) else { return unknown(Array(keyword.utf8)) }
        reply(250, "2.0.0", words)
    }

    mutating func notOffered(_ verb: Verb) {
        violate(.notOffered, verb.rawValue.uppercased())
        reply(502, "5.5.1", "not offered")
    }

    private mutating func unknown(_ line: [UInt8]) {
        violate(line.isEmpty ? .emptyLine : .syntax, text(line.prefix(80)))
        reply(500, "5.5.2", "unknown command")
    }

    mutating func outOfOrder(_ words: String) {
        violate(.order, words)
        reply(503, "5.5.1", words)
    }
}
