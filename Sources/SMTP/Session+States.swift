import Crypto

/// Entering and leaving states.
extension Session {
    /// Enters a state that stands alone: sends its command, if it has one.
    mutating func enter(_ next: State) {
        state = next
        switch next {
        case .greeting, .setup, .tls, .login, .auth, .challenge, .closed: break
        case .ehlo: sendName(options.isLMTP ? "LHLO" : "EHLO")
        case .helo: sendName("HELO")
        case .starttls: send(Array("STARTTLS".utf8), as: .starttls)
        case .onex: send(Array("ONEX".utf8), as: .onex)
        case .qued: send(Array("QUED".utf8), as: .qued)
        case .ready: settle()
        case .mail, .rcpt, .data: sendGroup()
        case .body: beginBody()
        case .bdat: sendChunk()
        case .dot: sendEnd()
        case .rset: send(Array("RSET".utf8), as: .rset)
        case .quit: send(Array("QUIT".utf8), as: .quit)
        }
    }

    /// Leaves the state with the reply that it awaited.
    mutating func leave(_ reply: Reply) {
        _ = awaited.popFirst()
        switch state {
        case .greeting: leaveGreeting(reply)
        case .ehlo: leaveEHLO(reply)
        case .helo: leaveHELO(reply)
        case .starttls: leaveSTARTTLS(reply)
        case .auth: leaveAuth(reply)
        case .onex, .qued: enter(setupState(after: state))
        case .mail, .rcpt, .data, .bdat, .dot: leaveTransaction(reply)
        case .rset: leaveReset(reply)
        case .quit: close()
        case .setup, .tls, .login, .challenge, .ready, .body, .closed: break  // no reply is awaited here
        }
    }

    /// The next step between EHLO and the first transaction that is wanted and offered.
    ///
    /// TLS stands first: after it everything learnt from the server is forgotten and EHLO is sent again (RFC 3207, 4.2).
    func setupState(after done: State) -> State {
        let steps: [State] = [.setup, .onex, .qued, .login]
        let rest = steps.drop { $0 != done }.dropFirst()
        let left = steps.contains(done) ? rest : steps[...]
        return left.first(where: isWanted) ?? .ready
    }

    private func isWanted(_ step: State) -> Bool {
        switch step {
        case .setup: options.asksForTLS && !isSecured
        case .login: options.asksForLogin
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

    /// HELO follows where EHLO is refused for good; LMTP has no older form (RFC 2033, 4.1).
    private mutating func leaveEHLO(_ reply: Reply) {
        if reply.isPermanent, !options.isLMTP { return enter(.helo) }
        guard reply.code == 250 else { return refuse(reply) }
        enter(setupState(after: .ehlo))
    }

    private mutating func leaveHELO(_ reply: Reply) {
        guard reply.code == 250 else { return refuse(reply) }
        enter(setupState(after: .helo))
    }

    /// A reply that ends the session before it was ready.
    private mutating func refuse(_ reply: Reply) {
        fail(reply.isRefusal ? .refused : .protocolViolation, reply: reply)
    }

    /// Whatever was known of the server is forgotten (RFC 3207, 4.2).
    private mutating func sendName(_ verb: String) {
        offered = []
        guard Options.firstBadOctet(clientName: options.clientName) == nil, !options.clientName.isEmpty else {
            return fail(.internalFailure, text: "invalid client name")
        }
        send(Array(verb.utf8) + [0x20] + options.clientName, as: state)
    }

    /// Queues a command line, whose reply is awaited.
    ///
    /// A line with a secret is `shown` in other words.
    mutating func send(_ line: [UInt8], as command: State, shown: [UInt8]? = nil) {
        output += line
        output += [0x0d, 0x0a]
        events.append(.sent(shown ?? line, seconds: shownSeconds(command)))
        expect(command)
    }

    /// A reply is due after those that are due already.
    mutating func expect(_ command: State) {
        awaited.append(command)
        if awaited.count == 1 { awaitNext() }
    }

    /// Goes to the next reply that is due; false if there is none.
    @discardableResult
    mutating func awaitNext() -> Bool {
        guard let next = awaited.first else { return false }
        state = next
        replySerial &+= 1
        return true
    }

    /// Ends the session in failure. What was not written yet is dropped: half a message must not be followed by its dot.
    mutating func fail(_ kind: SMTPError.Kind, reply: Reply? = nil, text: String? = nil) {
        guard state != .closed else { return }
        noteLines(isOver: true)
        failure = SMTPError(kind, stage, reply: reply, text: text.map(shown))
        close()
    }

    mutating func close() {
        state = .closed
        awaited = []
        if isOutputSecret { Secret.wipe(&output) }
        (output, isOutputSecret) = ([], false)
        chunk = []
        settle()
    }

    /// The transaction's outcome is final: the session is ready again, or closed.
    mutating func settle() {
        guard let done = current else { return }
        transaction = done.outcome(failure: failure)
        current = nil
    }
}
