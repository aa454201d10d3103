/// Mail transactions (RFC 5321, 3.3).
extension Session {
    /// Begins a transaction: MAIL, RCPT for each forward-path, then DATA if at least one recipient was accepted and,
    /// with `requiresAllRecipients`, none refused; else RSET. The session must be ready; on a closed one the outcome is
    /// its failure. A path that cannot be sent gives a failed outcome at once, and nothing is sent.
    public mutating func begin(_ envelope: Envelope, requiresAllRecipients: Bool = false) {
        precondition(state == .ready || state == .closed, "a transaction begins when the session is ready")
        transaction = nil
        isFarewell = false
        current = Transaction(envelope, requiresAllRecipients: requiresAllRecipients)
        current?.end = envelope.fault.map { .failed($0) }
        guard state == .ready, current?.end == nil else { return settle() }
        enter(.mail)
        refuseEarlyOctets()
    }

    /// Takes a chunk of the message, cut anywhere; ignored unless `wantsBody`. Line ends become CRLF, leading dots are doubled.
    public mutating func write(_ chunk: ArraySlice<UInt8>) {
        guard state == .body else { return }
        encoder.append(chunk, to: &output)
    }

    /// The message is complete: its last CRLF, if missing, and the final dot join the octets that are waiting to be written.
    public mutating func finishBody() {
        guard state == .body else { return }
        refuseEarlyOctets()
        guard state == .body else { return }
        enter(.dot)
    }

    /// The message cannot be completed. The session closes without the final dot, so the server takes nothing;
    /// the owner drops the connection.
    public mutating func abort() { fail(.internalFailure, text: "message could not be read") }

    mutating func sendTransactionCommand() {
        switch state {
        case .mail: send(mailCommand(), seconds: options.timeouts.mail)
        case .rcpt: sendRecipient()
        default: send(Array("DATA".utf8), seconds: options.timeouts.data)
        }
    }

    mutating func sendDot() {
        encoder.finish(to: &output)
        events.append(.sent([0x2e], seconds: options.timeouts.dot))
        awaitReply(seconds: options.timeouts.dot)
    }

    mutating func leaveTransaction(_ reply: Reply) {
        switch state {
        case .mail where reply.code == 250: enterRecipient()
        case .rcpt:
            current?.answer(reply)
            enterRecipient()
        case .data where reply.code == 354: enter(.body)
        case .dot where reply.isPositive:
            current?.end = .accepted(reply)
            enter(.ready)
        default: refuseTransaction(reply)
        }
    }

    /// The next RCPT; after the last reply DATA or RSET.
    ///
    /// Here MAIL, all RCPT and DATA would leave together where PIPELINING is offered (RFC 2920): the replies come in the
    /// order of the commands, and `leaveTransaction` takes them one by one as it does now.
    private mutating func enterRecipient() {
        guard let transaction = current else { return }
        if transaction.nextRecipient != nil { return enter(.rcpt) }
        if transaction.mayProceed { return enter(.data) }
        current?.end = .noRecipients
        enter(.rset)
    }

    private mutating func sendRecipient() {
        let path = current?.nextRecipient ?? []
        send(Array("RCPT TO:<".utf8) + path + [0x3e], seconds: options.timeouts.rcpt)
    }

    private mutating func refuseTransaction(_ reply: Reply) {
        current?.note(reply, in: state)
        isFarewell = true
        enter(.rset)
    }

    /// mail = "MAIL FROM:" Reverse-path [SP Mail-parameters]  (RFC 5321, 4.1.1.2); parameters only as offered.
    private func mailCommand() -> [UInt8] {
        guard let envelope = current?.envelope else { return [] }
        var line = Array("MAIL FROM:<".utf8) + envelope.reversePath + [0x3e]
        if let size = envelope.size, offers("SIZE") { line += Array(" SIZE=\(size)".utf8) }
        if envelope.is8bit, offers("8BITMIME") { line += Array(" BODY=8BITMIME".utf8) }
        if envelope.isInternational, offers("SMTPUTF8") { line += Array(" SMTPUTF8".utf8) }
        return line
    }
}
