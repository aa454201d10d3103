/// Entering and leaving states.
extension Session {
    /// Enters a state: sends its command and sets the wait for the reply.
    mutating func enter(_ next: State) {
        state = next
        replySeconds = nil
        let waits = options.timeouts
        switch next {
        case .greeting, .closed: break
        case .ehlo: sendName("EHLO")
        case .helo: sendName("HELO")
        case .starttls, .tls, .auth: break  // STARTTLS and AUTH are sent here
        case .onex: send(Array("ONEX".utf8), seconds: waits.ehlo)
        case .qued: send(Array("QUED".utf8), seconds: waits.ehlo)
        case .ready: settle()
        case .mail, .rcpt, .data: sendTransactionCommand()
        case .body: encoder = TransparencyEncoder()
        case .dot: sendDot()
        case .rset: send(Array("RSET".utf8), seconds: isFarewell ? 0 : waits.rset)
        case .quit: send(Array("QUIT".utf8), seconds: isFarewell ? 0 : waits.quit)
        }
    }

    /// Leaves the state with the reply that it awaited.
    mutating func leave(_ reply: Reply) {
        switch state {
        case .greeting: leaveGreeting(reply)
        case .ehlo: leaveEHLO(reply)
        case .helo: leaveHELO(reply)
        case .starttls, .tls, .auth: break  // the replies to STARTTLS and AUTH are read here
        case .onex, .qued: enter(setupState(after: state))
        case .mail, .rcpt, .data, .dot: leaveTransaction(reply)
        case .rset: enter(.ready)
        case .quit: close()
        case .ready, .body, .closed: break  // no reply is awaited here
        }
    }

    /// The next step between EHLO and the first transaction that is wanted and offered.
    ///
    /// STARTTLS stands first: after it everything learnt from the server is forgotten and EHLO is sent again (RFC 3207, 4.2).
    private func setupState(after done: State) -> State {
        let steps: [State] = [.starttls, .onex, .qued, .auth]
        let rest = steps.drop { $0 != done }.dropFirst()
        let left = steps.contains(done) ? rest : steps[...]
        return left.first(where: isWanted) ?? .ready
    }

    private func isWanted(_ step: State) -> Bool {
        switch step {
        case .onex: options.isSingle && offers("ONEX")
        case .qued: options.isQueueing && offers("XQUE")
        default: false
        }
    }

    private mutating func leaveGreeting(_ reply: Reply) {
        guard reply.code == 220 else { return refuse(reply) }
        greeting = reply
        enter(.ehlo)
    }

    private mutating func leaveEHLO(_ reply: Reply) {
        if reply.isPermanent { return enter(.helo) }
        guard reply.code == 250 else { return refuse(reply) }
        extensions = Array(reply.lines.dropFirst())
        enter(setupState(after: .ehlo))
    }

    private mutating func leaveHELO(_ reply: Reply) {
        guard reply.code == 250 else { return refuse(reply) }
        extensions = []
        enter(setupState(after: .helo))
    }

    /// A reply that ends the session before it was ready.
    private mutating func refuse(_ reply: Reply) {
        fail(reply.isRefusal ? .refused : .protocolViolation, reply: reply)
    }

    private mutating func sendName(_ verb: String) {
        guard Options.firstBadOctet(clientName: options.clientName) == nil, !options.clientName.isEmpty else {
            return fail(.internalFailure, text: "invalid client name")
        }
        send(Array(verb.utf8) + [0x20] + options.clientName, seconds: options.timeouts.ehlo)
    }

    /// Queues a command line. The seconds are those shown; the wait itself is bounded.
    mutating func send(_ line: [UInt8], seconds: Int) {
        output += line
        output += [0x0d, 0x0a]
        events.append(.sent(line, seconds: seconds))
        let waits = options.timeouts
        awaitReply(seconds: seconds == 0 && isFarewell ? waits.farewell : min(seconds, waits.longest))
    }

    mutating func awaitReply(seconds: Int) { replySeconds = seconds }

    /// Ends the session in failure. What was not written yet is dropped: half a message must not be followed by its dot.
    mutating func fail(_ kind: SMTPError.Kind, reply: Reply? = nil, text: String? = nil) {
        guard state != .closed else { return }
        failure = SMTPError(kind, stage, reply: reply, text: text)
        close()
    }

    mutating func close() {
        state = .closed
        replySeconds = nil
        output = []
        settle()
    }

    /// The transaction's outcome is final: the session is ready again, or closed.
    mutating func settle() {
        guard let done = current else { return }
        transaction = done.outcome(failure: failure)
        current = nil
    }
}
