import Octets
import SMTP

/// Commands (RFC 5321, 4.1.1).
extension SinkSession {
    mutating func take(_ line: [UInt8], hasCR: Bool) {
        let verb = Verb(of: line)
        record(.client, verb == .auth ? hidingSecret(of: line) : line)
        check(line, verb, hasCR: hasCR)
        lastVerb = verb
        switch verb {
        case .ehlo, .helo: greet(line, isESMTP: verb == .ehlo)
        case .mail: mail(line)
        case .rcpt: rcpt(line)
        case .data: data(line)
        case .rset: reset()
        case .noop: reply(250, "2.0.0", "OK")
        case .quit: quit()
        case .vrfy: reply(252, "2.5.0", "cannot verify, but will take the mail")
        case .help: reply(214, "2.0.0", "see RFC 5321")
        case .onex: extra("ONEX", "OK, one transaction")
        case .qued: extra("XQUE", "OK, queueing")
        case .expn, .starttls, .auth: notOffered(verb)
        case .greeting, .dot, .unknown: unknown(line)
        }
    }

    /// Writes down what is wrong with a command line, whatever it says.
    private mutating func check(_ line: [UInt8], _ verb: Verb, hasCR: Bool) {
        let shown = text(line.prefix(80))
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
        let isAllowed = isESMTP && options.offers("PIPELINING") && lastVerb.mayBeFollowed
        if !isAllowed { violate(.pipelining, shown) }
    }

    /// The longest command line with CRLF (RFC 5321, 4.5.3.1.4), made longer by extensions for MAIL and RCPT.
    private func limit(of verb: Verb) -> Int {
        guard isESMTP, verb == .mail || verb == .rcpt else { return 512 }
        let more = verb == .mail ? [("SIZE", 26), ("8BITMIME", 17), ("SMTPUTF8", 10), ("AUTH", 500)] : []
        return 512 + (more + [("DSN", 500)]).reduce(0) { $0 + (options.offers($1.0) ? $1.1 : 0) }
    }

    private func hasSMTPUTF8(_ line: [UInt8], _ verb: Verb) -> Bool {
        guard isESMTP, options.offers("SMTPUTF8") else { return false }
        if verb == .rcpt {
            return current?.parameters.contains { $0.keyword.equalsIgnoringCase("SMTPUTF8".utf8) } ?? false
        }
        return verb == .mail && text(line).uppercased().hasSuffix(" SMTPUTF8")
    }

    private func hidingSecret(of line: [UInt8]) -> [UInt8] {
        let words = line.split(separator: 0x20, omittingEmptySubsequences: true)
        guard words.count > 2 else { return line }
        let secret = words.dropFirst(2).reduce(0) { $0 + $1.count } + words.count - 3
        return Array(words[0]) + [0x20] + Array(words[1]) + Array(" ⟨hidden \(secret) octets⟩".utf8)
    }

    /// ehlo = "EHLO" SP ( Domain / address-literal ) CRLF
    private mutating func greet(_ line: [UInt8], isESMTP: Bool) {
        let name = Array(line.dropFirst(5))
        guard !name.isEmpty, !name.contains(where: { $0 == 0x20 || $0.isControl }) else {
            violate(.syntax, text(line.prefix(80)))
            return reply(501, "5.5.4", "a name is needed, and one only")
        }
        helo = name
        self.isESMTP = isESMTP
        current = nil
        let ends = isESMTP ? options.extensions : []
        let all = ["\(options.name) greets \(text(name.prefix(255)))"] + ends
        for (index, line) in all.enumerated() {
            send("250\(index == all.count - 1 ? " " : "-")\(line)")
        }
    }

    private mutating func reset() {
        current = nil
        reply(250, "2.0.0", "OK")
    }

    private mutating func quit() {
        current = nil
        reply(221, "2.0.0", "\(options.name) closes")
        state = .closed
    }

    private mutating func extra(_ keyword: String, _ words: String) {
        guard isESMTP, options.offers(keyword) else { return unknown(Array(keyword.utf8)) }
        reply(250, "2.0.0", words)
    }

    private mutating func notOffered(_ verb: Verb) {
        violate(.notOffered, verb.rawValue.uppercased())
        reply(502, "5.5.1", "not offered")
    }

    private mutating func unknown(_ line: [UInt8]) {
        violate(.syntax, text(line.prefix(80)))
        reply(500, "5.5.2", "unknown command")
    }

    mutating func outOfOrder(_ words: String) {
        violate(.order, words)
        reply(503, "5.5.1", words)
    }
}
