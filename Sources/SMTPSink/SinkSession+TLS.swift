import SMTP

/// STARTTLS (RFC 3207), and TLS from the start.
extension SinkSession {
    var offersSTARTTLS: Bool {
        options.tls == .starttls && tls == nil && !options.hides("STARTTLS") || options.offers("STARTTLS")
    }

    /// The client's handshake is the next that may come.
    var isInHandshake: Bool { state == .handshake }

    mutating func startTLS(_ line: [UInt8]) {
        guard tls == nil else { return outOfOrder("TLS is on already") }
        guard isESMTP, offersSTARTTLS else { return notOffered(.starttls) }
        guard line.count == 8 else { return badSyntax(line, "5.5.4") }
        guard current == nil else { return outOfOrder("a transaction is under way") }
        injection = []
        guard meets(.starttls, line) == .nothing else { return }
        guard options.tls == .starttls else {
            reply(454, "4.7.0", "TLS is not available")
            return
        }
        reply(220, "2.0.0", "begin TLS")
        for line in injection {
            record(.server, line)
            output += line + [0x0d, 0x0a]
        }
        beginTLS(line)
    }

    /// The client's handshake comes next. All that was said before is forgotten (RFC 3207, 4.2).
    mutating func beginTLS(_ line: [UInt8]) {
        (helo, isESMTP, login) = (nil, false, nil)
        endTransaction()
        tlsFault = nil
        handshakeReply = []
        _ = meets(.tls, line)
        if tlsFault == .plaintext, options.tls == .implicit {
            state = .command
            return greet()
        }
        state = .handshake
        if tlsFault?.isPretence != true { effects.append((output.count, .startTLS(tlsFault))) }
    }

    /// What an action does at the stage tls; nil: the same as at others.
    func handshakeFault(_ action: Fault.Action) -> TLSFault? {
        switch action {
        case .tls(let fault): fault
        case .drop: .drop
        case .reset: .reset
        case .stall: .stall
        case .garbage: .garbage
        case .truncate: .truncate
        case .reply: .plaintext
        default: nil
        }
    }

    /// Octets have come that the driver does not take for TLS: before it began they are the client's fault (RFC 3207, 4.2), and
    /// never read; then they are the handshake that a fault answers.
    mutating func takeHandshake(isLate: Bool) {
        guard !lines.rest.isEmpty else { return }
        lines = CommandLines()
        guard isLate, !hasOutput, let fault = tlsFault else {
            violate(.plaintextBeforeTLS, "octets after STARTTLS")
            return
        }
        switch fault {
        case .drop: state = .closed
        case .reset:
            effects.append((output.count, .reset))
            state = .closed
        case .garbage: output += Self.garbage + [0x0d, 0x0a]
        case .plaintext:
            let usual = Reply(code: 500, lines: [Array("no TLS here".utf8)])
            output += handshakeReply.isEmpty ? Self.octets(usual) : handshakeReply
        default: break
        }
        if state == .handshake { state = .stalled }
    }

    /// The driver has made TLS: what it reads and writes from now on is protected.
    public mutating func tlsStarted(
        _ facts: SinkTLSFacts, bindings: [String: [UInt8]], at milliseconds: Int? = nil
    ) {
        guard state == .handshake else { return }
        self.milliseconds = milliseconds
        self.bindings = bindings
        var facts = facts
        facts.isImplicit = options.tls == .implicit
        tls = facts
        note("\(facts.version), \(facts.cipher)" + (facts.serverName.map { ", for \($0)" } ?? ""))
        state = .command
        if facts.isImplicit { greet() }
    }

    /// The driver cannot make TLS, or it broke.
    public mutating func tlsFailed(_ words: String, at milliseconds: Int? = nil) {
        guard !isClosed else { return }
        self.milliseconds = milliseconds
        note("TLS failed: \(words)")
        state = .closed
    }
}
