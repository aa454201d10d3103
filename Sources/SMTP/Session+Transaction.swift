/// Mail transactions (RFC 5321, 3.3), in groups of commands where the server offers PIPELINING (RFC 2920).
extension Session {
    /// Octets of commands in one group: no more is written before their replies are read, so that neither side can
    /// come to wait for the other with full buffers (RFC 2920, 3.1).
    public static let window = 32_768

    /// Begins a transaction: MAIL, RCPT for each forward-path, then DATA if at least one recipient was accepted and,
    /// with `requiresAllRecipients`, none refused; else RSET. A probe ends with RSET in any case, and its outcome is `probed`.
    ///
    /// With `afterReset` RSET precedes MAIL on a session that has had a transaction, unless its last one ended with RSET; so a
    /// connection that was kept for a while shows that it is still there. Where RSET was refused it always does.
    ///
    /// The session must be ready; on a closed one the outcome is its failure. An envelope that cannot be sent to this server
    /// gives a failed outcome at once, and nothing is sent.
    public mutating func begin(
        _ envelope: Envelope, requiresAllRecipients: Bool = false, isProbe: Bool = false, afterReset: Bool = false
    ) {
        precondition(state == .ready || state == .closed, "a transaction begins when the session is ready")
        transaction = nil
        isFarewell = false
        messageOctets = 0
        var next = Transaction(envelope, requiresAllRecipients: requiresAllRecipients, isProbe: isProbe)
        if needsReset || (afterReset && isUsed) { next.resetFirst() }
        next.end = (envelope.fault ?? envelope.unsupported(by: self)).map { .failed($0) }
        next.joinsData = !chunks
        next.isLMTP = options.isLMTP
        current = next
        guard state == .ready, current?.end == nil else { return settle() }
        (isUsed, needsReset) = (true, true)
        enter(.mail)
        refuseEarlyOctets()
    }

    /// The next commands: as many as a group may have, or one.
    mutating func sendGroup() {
        let limit = pipelines ? Self.window : 0
        while let command = current?.nextCommand(inGroup: !awaited.isEmpty) {
            let line = line(of: command)
            guard awaited.isEmpty || output.count + line.count + 2 <= limit else { return }
            send(line, as: command)
            current?.sent(command)
        }
    }

    private func line(of command: State) -> [UInt8] {
        guard let current else { return [] }
        switch command {
        case .mail: return current.envelope.mailCommand(to: self)
        case .rcpt: return current.envelope.recipientCommand(current.envelope.forwardPaths[current.asked], to: self)
        case .rset: return Array("RSET".utf8)
        default: return Array("DATA".utf8)
        }
    }

    mutating func leaveTransaction(_ reply: Reply) {
        guard let verdict = current?.take(reply, in: state) else { return }
        // Before DATA is answered, so that a group's outcome is that of single commands.
        if state == .mail || state == .rcpt { current?.decide() }
        switch verdict {
        case .ordinary: if !awaitNext() { goOn() }
        case .message: enter(.body)
        case .chunkTaken: continueBody()
        case .unwanted: fail(.protocolViolation, reply: reply, text: "server wants a message for no recipient")
        }
    }

    /// The reply to RSET: between two transactions it has to be good, at the end of one it changes nothing.
    mutating func leaveReset(_ reply: Reply) {
        guard current?.end == nil else {
            (isUsed, needsReset) = (!reply.isPositive, !reply.isPositive)
            return enter(.ready)
        }
        guard reply.isPositive else { return fail(reply.isRefusal ? .refused : .protocolViolation, reply: reply) }
        if !awaitNext() { goOn() }
    }

    /// All that was sent is answered: the next group, the message, or the end.
    private mutating func goOn() {
        switch current?.end {
        case nil where current?.isAsking == false && chunks: enter(.body)
        case nil: sendGroup()
        case .accepted?:
            needsReset = false
            enter(.ready)
        case .noRecipients?, .probed?: enter(.rset)
        case .refused?, .failed?:
            isFarewell = true
            enter(.rset)
        }
    }
}
