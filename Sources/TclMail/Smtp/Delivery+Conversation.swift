import Glibc
import SMTP
import Submission
import TclBridge
import Transport

/// A delivery on a connection: its mails, one after the other, and what the server says of them.
extension Delivery {
    func talkToSink(_ capture: Capture, _ server: Endpoint) {
        record = settings.transcripts?.begin("\(server.host) port \(server.portText), captured")
        do throws(TransportError) {
            let (ours, theirs) = try Sockets.pair()
            guard EventLoop.canWatch(max(ours, theirs)) else {
                [ours, theirs].forEach(Sockets.close)
                throw TransportError(errno: EMFILE)
            }
            sink = SinkConversation(over: theirs, capture, server)
            talk(over: SocketEventStream(ours), server, isLoopback: true)
        } catch {
            failed(server, Wording.connectError(error))
        }
    }

    func talk(over stream: any EventStream, _ server: Endpoint, isLoopback: Bool) {
        // What made the stream may have been a script that has ended the send.
        guard !isOver else { return stream.close() }
        report.done("connected")
        var options = settings.session(from: stream.descriptor.flatMap(Sockets.localAddress))
        // A server that waits for TLS says nothing.
        if server.isImplicitPort, !settings.security.rules.isImplicit {
            options.timeouts.greeting = min(options.timeouts.greeting, 10_000)
        }
        let owner = ScriptedSecurity(settings.security, server)
        let conversation = Conversation(
            over: stream, options, security(of: server, owner, isLoopback: isLoopback), owner,
            record: record ?? SessionRecord(title: ""))
        conversation.address = report.address
        owner.conversation = conversation
        step = .talking(conversation)
        conversation.start(for: user(server))
    }

    /// Captured mails stay within the process.
    private func security(of server: Endpoint, _ owner: ScriptedSecurity, isLoopback: Bool) -> ConnectionSecurity? {
        guard settings.capture == nil else { return nil }
        if let other = inClearAfter {
            return ConnectionSecurity(inClearAfter: other, owner: owner, isLoopback: isLoopback)
        }
        return ConnectionSecurity(settings.security.settings(for: server, isLoopback: isLoopback), owner: owner)
    }

    func talk(_ conversation: Conversation, _ server: Endpoint) {
        record = conversation.record
        report.address = conversation.address
        earlierRoundTrips = conversation.session.roundTrips
        step = .talking(conversation)
        conversation.resume(for: user(server))
    }

    private func user(_ server: Endpoint) -> Conversation.User {
        Conversation.User(log: settings.log) { [weak self] conversation in self?.sessionMoved(conversation, server) }
    }

    /// The session is ready for a mail, or has ended.
    private func sessionMoved(_ conversation: Conversation, _ server: Endpoint) {
        guard case .talking(let current) = step, current === conversation else { return }
        if conversation.awaitsDecision { return goOn(conversation, conversation.decide(), server) }
        if noted < sent, let outcome = conversation.session.transaction {
            guard !isLostReuse(conversation, outcome) else { return again(server) }
            note(outcome, conversation)
            // The log may be a script's.
            guard !isOver else { return }
        }
        if conversation.session.isClosed { return sessionClosed(conversation, server) }
        if failure == nil, sent < mails.count, settings.dryRun != .connect {
            sendNext(conversation, server)
        } else {
            note(conversation)
            guard settings.keepsConnection, let pool = settings.pool, settings.capture == nil else {
                return conversation.quit()
            }
            step = .done
            pool.put(conversation, settings.key(of: server))
            conclude()
        }
    }

    /// TLS and the login have been decided upon.
    private func goOn(_ conversation: Conversation, _ next: ConnectionSecurity.Next, _ server: Endpoint) {
        // A command of the script's may have ended the send.
        guard !isOver else { return }
        switch next {
        case .goOn: break
        case .stop(let error):
            note(conversation)
            conversation.hangUp()
            stopped(conversation, error, server)
        case .inClear:
            note(conversation)
            conversation.close()
            guard !isExpired else { return failed(server, TclError("the send took longer than -timeout allows")) }
            letGoOfStep()
            tryServer(server, inClearAfter: conversation.security)
        }
    }

    private func stopped(_ conversation: Conversation, _ error: SecurityError, _ server: Endpoint) {
        guard let security = conversation.security else { return failed(server, TclError("\(error)")) }
        let isHopeless: Bool
        switch error {
        case .session, .secret: isHopeless = false
        case .loginFailed(let reply): isHopeless = reply?.isTransient != true
        case .tls(.handshake): isHopeless = false
        case .tls(.refused(let reply)): isHopeless = reply.isPermanent
        case .tls, .settings, .loginForbidden: isHopeless = true
        }
        failed(server, Wording.error(error, security, settings.security, server), isHopeless: isHopeless)
    }

    private func sendNext(_ conversation: Conversation, _ server: Endpoint) {
        if sent == 0 { report.done("ready") }
        // The server is told when the form it needs is there.
        guard measuring == nil else { return }
        let mail = mails[sent]
        if let missing = mail.missingForm(for: conversation.session) {
            return measure([missing]) { [weak self] outcome in self?.reencoded(mail, outcome, conversation, server) }
        }
        let isProbe = settings.dryRun == .rcpt
        do throws(TclError) {
            let (envelope, content) = try mail.form(for: conversation.session, settings)
            sent += 1
            let feed = isProbe ? nil : BodyFeed(content, blockSize: settings.blockSize, progress: settings.progress)
            conversation.send(envelope, feed, requiresAllRecipients: !settings.isAtLeastOne)
        } catch {
            notCarried(error, conversation, server)
        }
    }

    private func reencoded(
        _ mail: PreparedMail, _ outcome: Result<[MeasuredMessage], TclError>, _ conversation: Conversation,
        _ server: Endpoint
    ) {
        switch outcome {
        case .failure(let error): notCarried(error, conversation, server)
        case .success(let forms): mail.sevenBit = forms.first
        }
        // The conversation waits for nothing while the form is made, unless the server ends it.
        conversation.ask()
    }

    /// This server cannot carry the mail; another may, as long as none has been asked.
    private func notCarried(_ error: TclError, _ conversation: Conversation, _ server: Endpoint) {
        guard sent == 0 else {
            failure = error
            return conversation.quit()
        }
        note(conversation)
        conversation.hangUp()
        failed(server, error)
    }

    /// A kept connection was found lost, or its server about to close it, before anything of the message went out: nobody
    /// has it.
    private func isLostReuse(_ conversation: Conversation, _ outcome: TransactionOutcome) -> Bool {
        let session = conversation.session
        guard isReused, !isExpired, session.isClosed, session.messageOctets == 0, conversation.bodyFailure == nil else {
            return false
        }
        switch outcome.end {
        case .refused(.mail, let reply): return reply.code == 421
        case .failed(let error):
            return [.connection, .refused].contains(error.kind) && [.rset, .mail, .rcpt, .data].contains(error.stage)
        default: return false
        }
    }

    private func again(_ server: Endpoint) {
        letGoOfStep()
        sent = noted
        tryServer(server)
    }

    private func note(_ outcome: TransactionOutcome, _ conversation: Conversation) {
        let asked = mails[noted].forwardPaths
        noted += 1
        let answered = zip(asked, outcome.recipients).map {
            RecipientReply(recipient: $0, reply: $1.reply, isAccepted: $1.isAccepted)
        }
        report.recipients += answered.map { ($0.recipient, $0.reply) }
        refused += answered.filter { !$0.isAccepted }
        switch outcome.end {
        case .accepted(let reply):
            report.reply = reply
            report.status = .sent
            report.stage = .dot
            report.done("accepted")
        case .noRecipients, .probed: report.stage = .rcpt
        case .refused(let stage, let reply):
            report.reply = reply
            report.stage = stage
            report.retryable = reply.isTransient ? .yes : .no
            if report.status != .sent { report.status = .refused }
            failure = Wording.refusal(stage, reply, login: conversation.loginFailure)
        case .failed(let error):
            report.stage = error.stage
            report.reply = error.reply
            let isMendable = error.kind == .connection || error.reply?.isTransient == true
            report.retryable = error.stage == .dot ? .unknown : isMendable ? .yes : .no
            if report.status != .sent {
                report.status = error.stage == .dot ? .unknown : error.reply == nil ? .failed : .refused
            }
            lostText = error.text
            failure = sink?.failure ?? conversation.bodyFailure ?? lost(error, outcome, asked, conversation)
        }
        // Nobody being logged in may be the reason.
        if !conversation.loginFailure.isEmpty, isRefused(outcome) {
            conversation.note("nobody is logged in: \(conversation.loginFailure)", isDebug: true)
        }
    }

    /// The server has not taken the mail, or would not take it.
    private func isRefused(_ outcome: TransactionOutcome) -> Bool {
        switch outcome.end {
        case .accepted: false
        case .refused, .noRecipients: true
        case .probed: isNobodyAccepted
        case .failed: failure?.returnCode != 1
        }
    }

    static func text(_ reply: Reply) -> String {
        "\(reply.code) \(TclError.visible(Array(reply.lines.joined(separator: [0x20]))))"
    }

    /// What a conversation knows, into the report.
    func note(_ conversation: Conversation) {
        let session = conversation.session
        report.greeting = session.greeting
        report.extensions = session.extensions
        report.octets = session.messageOctets
        report.tls = conversation.security?.tls
        report.user = settings.security.login.userName
        report.login = settings.security.rules.hasCredentials ? conversation.security?.login : nil
        report.roundTrips = session.roundTrips - earlierRoundTrips
        // What became of the last mail counts more than how the connection ended.
        guard noted < sent || failure == nil && noted < mails.count else { return }
        report.stage = session.failure?.stage ?? (session.isClosed ? report.stage : session.stage)
    }

    /// A server that closes with 421 in answer to a recipient refuses him and those after him; none of them gets the mail.
    private func lost(
        _ error: SMTPError, _ outcome: TransactionOutcome, _ asked: [[UInt8]], _ conversation: Conversation
    ) -> TclError? {
        guard error.stage == .rcpt, error.reply?.code == 421, outcome.recipients.allSatisfy({ !$0.isAccepted }) else {
            return Wording.lost(error, login: conversation.loginFailure)
        }
        report.status = .refused
        refused += asked.dropFirst(outcome.recipients.count).map {
            RecipientReply(
                recipient: $0, reply: Reply(code: 400, lines: [Array("the server closed the connection".utf8)]))
        }
        return nil
    }

    private func sessionClosed(_ conversation: Conversation, _ server: Endpoint) {
        conversation.security?.lostLogin(with: conversation.session)
        guard !isOver else { return }
        note(conversation)
        let lost = conversation.session.failure
        if sent == 0, settings.dryRun == nil || lost != nil {
            // The time of the whole send is over: nothing is tried any more, and nobody is asked.
            switch isExpired ? nil : conversation.security?.ended(conversation.link) {
            case .stop(let error)?: return stopped(conversation, error, server)
            case .inClear?: return goOn(conversation, .inClear, server)
            case .goOn?, nil:
                let error = lost.map { Wording.sessionError($0, conversation.security, server) }
                return failed(server, error ?? TclError("connection closed"))
            }
        }
        if failure == nil, sent < mails.count, let lost {
            failure = Wording.lost(lost, login: conversation.loginFailure)
        }
        conclude()
    }
}
