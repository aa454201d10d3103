/// What happens to a session from outside.
extension Session {
    /// The connection is made: the greeting is awaited; with implicit TLS (RFC 8314) the handshake before it.
    public mutating func connected(hasImplicitTLS: Bool = false) {
        guard state == .greeting, !isConnected else { return }
        isConnected = true
        if hasImplicitTLS { awaitHandshake() } else { expect(.greeting) }
    }

    /// Takes octets from the server, cut anywhere.
    public mutating func receive(_ octets: ArraySlice<UInt8>) {
        guard state != .closed, !octets.isEmpty else { return }
        guard state != .tls else { return fail(.protocolViolation, text: Self.injection) }
        do throws(SMTPError) {
            try parser.append(octets)
            try takeReplies()
        } catch {
            fail(error.kind, text: error.text)
        }
    }

    /// The server closed the connection.
    public mutating func peerClosed() { lose("premature end-of-file from server") }

    /// Reading, writing or connecting failed; the text says how.
    public mutating func failed(_ text: String) { lose(text) }

    /// A deadline has passed: the session ends.
    public mutating func timedOut() { lose("read from server timed out") }

    /// Says goodbye. In the middle of something the session ends without a word.
    public mutating func quit() {
        guard state != .closed else { return }
        guard [.ready, .setup, .login].contains(state) else {
            return fail(.internalFailure, text: "session given up")
        }
        enter(.quit)
    }

    private mutating func takeReplies() throws(SMTPError) {
        while state != .closed, let sent = try parser.next() {
            let reply = parser.concealment.hidden(sent)
            note(parser.takeLines(of: reply))
            take(reply, sent: sent)
        }
        noteLines()
        if hasOutput { refuseEarlyOctets() }
    }

    private mutating func take(_ reply: Reply, sent: Reply) {
        // A challenge is answered, and offers are understood, as they were sent; whatever else is kept of a reply has no secret.
        if awaited.first == .auth, sent.code == 334 { challenge = sent.diagnostic }
        if awaited.first == .ehlo, sent.code == 250 { offered = Array(sent.lines.dropFirst()) }
        if state == .quit || (isReplyDue && reply.code != 421) {
            leave(reply)
        } else if reply.code == 421 {
            unavailable(reply)
        } else {
            unexpected(reply)
        }
    }

    /// A reply is awaited, and its command has been handed out to be written; the end of a message has been written.
    private var isReplyDue: Bool {
        guard !awaited.isEmpty else { return false }
        return state == .dot || state == .bdat ? !isEndUnwritten : output.isEmpty
    }

    /// 421: the server closes the channel (RFC 5321, 3.8); as the reply to a command or on its own.
    private mutating func unavailable(_ reply: Reply) {
        if isReplyDue { current?.take(reply, in: state) }
        fail(.refused, reply: reply)
    }

    /// A reply that no command has asked for. A refusal while nothing is asked or the body is sent says why the server
    /// goes; all else is a violation.
    private mutating func unexpected(_ reply: Reply) {
        if reply.isRefusal, [.setup, .login, .challenge, .ready, .body, .bdat, .dot].contains(state) {
            return fail(.refused, reply: reply)
        }
        fail(.protocolViolation, reply: reply, text: "unexpected reply from server")
    }

    /// What has come before a command was sent cannot be its reply.
    mutating func refuseEarlyOctets() {
        if state != .quit, !parser.isEmpty { fail(.protocolViolation, text: "reply from server before its command") }
    }

    mutating func noteLines(isOver: Bool = false) { note(isOver ? parser.takeLines() : parser.takeReadyLines()) }

    /// Challenges are derived from secrets, some of them.
    private mutating func note(_ lines: [[UInt8]]) {
        let isLogin = awaited.first == .auth
        for line in lines {
            let isHidden = isLogin && line.starts(with: Array("334".utf8)) && line.count > 4
            events.append(
                .received(isHidden ? Array(line[..<4]) + Concealment.mark : line))
        }
    }

    private mutating func lose(_ text: String) {
        guard state != .closed else { return }
        noteLines(isOver: true)
        let text = shown(text)
        events.append(.remark(text))
        if state == .quit { close() } else { fail(.connection, text: text) }
    }
}
