/// What happens to a session from outside.
extension Session {
    /// The connection is made: the greeting is awaited.
    public mutating func connected() {
        guard state == .greeting, !isConnected else { return }
        isConnected = true
        expect(.greeting)
    }

    /// Takes octets from the server, cut anywhere.
    public mutating func receive(_ octets: ArraySlice<UInt8>) {
        guard state != .closed, !octets.isEmpty else { return }
        do throws(SMTPError) {
            try parser.append(octets)
            try takeReplies()
        } catch {
            noteLines()
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
        guard state == .ready else { return fail(.internalFailure, text: "session given up") }
        enter(.quit)
    }

    private mutating func takeReplies() throws(SMTPError) {
        while state != .closed, let reply = try parser.next() {
            noteLines()
            take(reply)
        }
        noteLines()
        if hasOutput { refuseEarlyOctets() }
    }

    private mutating func take(_ reply: Reply) {
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
        if reply.isRefusal, [.ready, .body, .bdat, .dot].contains(state) { return fail(.refused, reply: reply) }
        fail(.protocolViolation, reply: reply, text: "unexpected reply from server")
    }

    /// What has come before a command was sent cannot be its reply.
    mutating func refuseEarlyOctets() {
        if state != .quit, !parser.isEmpty { fail(.protocolViolation, text: "reply from server before its command") }
    }

    private mutating func noteLines() {
        events += parser.takeLines().map { .received($0) }
    }

    private mutating func lose(_ text: String) {
        guard state != .closed else { return }
        events.append(.remark(text))
        if state == .quit { close() } else { fail(.connection, text: text) }
    }
}
