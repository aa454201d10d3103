import Glibc
import SMTP
import Submission
import TclBridge
import Transport

/// The way of one send: server after server until one takes part, then its mails on that connection.
///
/// Everything happens in Tcl's event loop; `result` and `report` are set when `ended` is called.
final class Delivery {
    private enum Step {
        case idle
        case preparing(Preparation)
        case connecting(ConnectionAttempt)
        case talking(Conversation)
        case piping(SendmailRun)
        case done
    }

    private let settings: SendSettings
    private let preparation: Preparation
    private var mails: [PreparedMail] = []
    private var servers: ArraySlice<Endpoint>
    private let ended: (Delivery) -> Void

    private var step = Step.idle
    private var sink: SinkConversation?
    private var record: SessionRecord?
    private var deadline: TclTimer?
    private var sent = 0
    private var noted = 0
    private var refused: [RecipientReply] = []
    /// The conversation was another send's before, and had its round trips.
    private var isReused = false
    private var earlierRoundTrips = 0
    /// `-timeout` is over.
    private var isExpired = false
    /// Why a mail was not taken; told when the connection has been closed in order.
    private var failure: TclError?
    private var failures: [(server: Endpoint, error: TclError)] = []
    private var lostText = ""
    private(set) var report = SendReport()
    /// The recipients that were refused, or why the send failed; nil while it is under way.
    private(set) var result: Result<[RecipientReply], TclError>?

    init(_ mails: [OutgoingMail], _ settings: SendSettings, ended: @escaping (Delivery) -> Void = { _ in }) {
        self.settings = settings
        self.ended = ended
        servers = settings.servers[...]
        preparation = Preparation(mails)
    }

    deinit { letGo() }

    func start() {
        if let milliseconds = settings.totalMilliseconds {
            deadline = TclTimer(milliseconds: milliseconds) { [weak self] in self?.expired() }
        }
        step = .preparing(preparation)
        preparation.start { [weak self] outcome in self?.prepared(outcome) }
    }

    /// Drops the connection, if there is one; nothing more happens.
    func cancel() { letGo() }

    /// Ends the send for a reason of the script's.
    func cancel(because error: TclError) {
        guard result == nil else { return }
        if case .talking(let conversation) = step { note(conversation) }
        report.retryable = report.stage == .dot ? .unknown : .yes
        finish(.failure(error), .cancelled)
    }

    /// False if the peer can only answer while this thread's event loop runs.
    var isPeerElsewhere: Bool { settings.capture == nil }

    /// What is waited for, if it is descriptors.
    var watches: [Sockets.Watch] {
        switch step {
        case .connecting(let attempt): attempt.watches
        case .talking(let conversation): conversation.watch.map { [$0] } ?? []
        case .idle, .preparing, .piping, .done: []
        }
    }

    /// What was waited for has come.
    func handle(_ ready: [Sockets.Watch]) {
        switch step {
        case .connecting(let attempt): attempt.answered(ready)
        case .talking(let conversation): conversation.handle(isReadable: ready.contains { $0.isReadable })
        case .idle, .preparing, .piping, .done: break
        }
    }

    private func prepared(_ outcome: Result<[PreparedMail], TclError>) {
        step = .idle
        switch outcome {
        case .failure(let error): finish(.failure(error), .failed)
        case .success(let prepared):
            mails = prepared
            report.done("built")
            if settings.dryRun == .build { return finish(.success([]), .checked) }
            if settings.transport == .sendmail, settings.capture == nil { pipeNext() } else { tryNextServer() }
        }
    }

    /// `-timeout`: the send as a whole took too long.
    private func expired() {
        deadline = nil
        isExpired = true
        let text = "the send took longer than -timeout allows"
        switch step {
        case .talking(let conversation): conversation.give(up: text)
        case .idle, .preparing, .connecting, .piping, .done:
            servers = []
            let error = TclError(text, errorCode: Wording.code(report.stage, nil))
            report.retryable = .yes
            finish(.failure(error), .failed)
        }
    }

    // MARK: Connecting

    private func tryNextServer() {
        guard let server = servers.popFirst() else {
            report.retryable = .yes
            return finish(.failure(Wording.noServer(failures)), .failed)
        }
        settings.log.trying(server.host)
        tryServer(server)
    }

    private func tryServer(_ server: Endpoint) {
        report.server = server.host
        report.port = server.portText
        report.stage = .connect
        if let capture = settings.capture { return talkToSink(capture, server) }
        if settings.keepsConnection, let waiting = settings.pool?.take(settings.key(of: server)) {
            isReused = true
            return talk(waiting, server)
        }
        isReused = false
        earlierRoundTrips = 0
        record = settings.transcripts?.begin(settings.title(of: server))
        if let command = settings.socketCommand { return openChannel(command, server) }
        switch settings.target(of: server) {
        case .success(let target): connect(target, server)
        case .failure(let error): failed(server, error)
        }
    }

    private func connect(_ target: ConnectionTarget, _ server: Endpoint) {
        let attempt = ConnectionAttempt(target, milliseconds: settings.connectMilliseconds) { [weak self] outcome in
            switch outcome {
            case .success(let made):
                self?.report.address = made.address.host
                self?.talk(over: SocketEventStream(made.descriptor), server)
            case .failure(let error): self?.failed(server, Wording.connectError(error))
            }
        }
        step = .connecting(attempt)
        attempt.start()
    }

    /// A command of the script's makes the connection: a proxy, a tunnel.
    private func openChannel(_ command: TclObject, _ server: Endpoint) {
        guard let interp = settings.interp.interp else { return }
        do throws(TclError) {
            let name = try interp.call(prefix: command, [TclObject(server.host), TclObject(server.portText)])
            guard result == nil else { return Channel.closeNamed(name.string, in: interp) }
            talk(over: try ChannelEventStream(channel: name.string, in: interp), server)
        } catch {
            guard result == nil else { return }
            failed(server, error)
        }
    }

    private func failed(_ server: Endpoint, _ error: TclError) {
        letGoOfStep()
        record?.note(error.message)
        failures.append((server, error))
        tryNextServer()
    }

    // MARK: Talking

    private func talkToSink(_ capture: Capture, _ server: Endpoint) {
        record = settings.transcripts?.begin("\(server.host) port \(server.portText), captured")
        do throws(TransportError) {
            let (ours, theirs) = try Sockets.pair()
            guard EventLoop.canWatch(max(ours, theirs)) else {
                [ours, theirs].forEach(Sockets.close)
                throw TransportError(errno: EMFILE)
            }
            sink = SinkConversation(over: theirs, capture, server)
            talk(over: SocketEventStream(ours), server)
        } catch {
            failed(server, Wording.connectError(error))
        }
    }

    private func talk(over stream: any EventStream, _ server: Endpoint) {
        report.done("connected")
        let options = settings.session(from: stream.descriptor.flatMap(Sockets.localAddress))
        let conversation = Conversation(
            over: stream, Session(options), record: record ?? SessionRecord(title: ""))
        step = .talking(conversation)
        conversation.start(for: user(server))
    }

    private func talk(_ conversation: Conversation, _ server: Endpoint) {
        record = conversation.record
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
        if noted < sent, let outcome = conversation.session.transaction {
            guard !isLostReuse(conversation, outcome) else { return again(server) }
            note(outcome, conversation)
        }
        if conversation.session.isClosed { return sessionClosed(conversation, server) }
        if failure == nil, sent < mails.count, settings.dryRun != .connect {
            sendNext(conversation, server)
        } else if settings.keepsConnection, let pool = settings.pool, settings.capture == nil {
            note(conversation)
            step = .done
            pool.put(conversation, settings.key(of: server))
            conclude()
        } else {
            conversation.quit()
        }
    }

    private func sendNext(_ conversation: Conversation, _ server: Endpoint) {
        if sent == 0 { report.done("ready") }
        let mail = mails[sent]
        let isProbe = settings.dryRun == .rcpt
        do throws(TclError) {
            let (envelope, content) = try mail.form(for: conversation.session, settings)
            sent += 1
            let feed = isProbe ? nil : BodyFeed(content, blockSize: settings.blockSize, progress: settings.progress)
            conversation.send(envelope, feed, requiresAllRecipients: !settings.isAtLeastOne)
        } catch {
            guard sent == 0 else { failure = error; return conversation.quit() }
            // This server cannot carry the mail; another may.
            note(conversation)
            conversation.hangUp()
            failed(server, error)
        }
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
            failure = Wording.refusal(stage, reply)
        case .failed(let error):
            report.stage = error.stage
            report.reply = error.reply
            report.retryable = error.stage == .dot ? .unknown : error.kind == .connection ? .yes : .no
            if report.status != .sent { report.status = error.stage == .dot ? .unknown : .failed }
            lostText = error.text
            failure = sink?.failure ?? conversation.bodyFailure ?? lost(error, outcome, asked)
        }
    }

    private static func text(_ reply: Reply) -> String {
        "\(reply.code) \(TclError.visible(Array(reply.lines.joined(separator: [0x20]))))"
    }

    /// What a conversation knows, into the report.
    private func note(_ conversation: Conversation) {
        let session = conversation.session
        report.greeting = session.greeting
        report.extensions = session.extensions
        report.octets = session.messageOctets
        report.roundTrips = session.roundTrips - earlierRoundTrips
        report.stage = session.failure?.stage ?? (session.isClosed ? report.stage : session.stage)
    }

    /// A server that closes with 421 in answer to a recipient refuses him and those after him; none of them gets the mail.
    private func lost(_ error: SMTPError, _ outcome: TransactionOutcome, _ asked: [[UInt8]]) -> TclError? {
        guard error.stage == .rcpt, error.reply?.code == 421, outcome.recipients.allSatisfy({ !$0.isAccepted }) else {
            return Wording.lost(error)
        }
        report.status = .refused
        refused += asked.dropFirst(outcome.recipients.count).map {
            RecipientReply(
                recipient: $0, reply: Reply(code: 400, lines: [Array("the server closed the connection".utf8)]))
        }
        return nil
    }

    private func sessionClosed(_ conversation: Conversation, _ server: Endpoint) {
        note(conversation)
        let lost = conversation.session.failure
        if sent == 0, settings.dryRun == nil || lost != nil {
            return failed(server, lost.map(Wording.sessionError) ?? TclError("connection closed"))
        }
        if failure == nil, sent < mails.count, let lost { failure = Wording.lost(lost) }
        conclude()
    }

    // MARK: The end

    /// All that was to be done has been done, well or not.
    private func conclude() {
        if let failure { return finish(.failure(failure), report.status == .pending ? .failed : report.status) }
        if report.status == .pending {
            report.status = settings.dryRun == nil || isNobodyAccepted ? .refused : .checked
            if report.status == .refused, refused.contains(where: { $0.reply.isTransient }) { report.retryable = .yes }
        }
        finish(.success(refused), report.status)
    }

    private var isNobodyAccepted: Bool { !refused.isEmpty && refused.count == report.recipients.count }

    private func finish(_ outcome: Result<[RecipientReply], TclError>, _ status: SendReport.Status) {
        letGo()
        // The send may be remembered for long; its messages need not be.
        mails = []
        report.status = status
        report.done("ended")
        if case .failure(let error) = outcome {
            report.error = error.returnCode == 1 ? error.message : report.reply.map(Self.text) ?? lostText
        }
        result = outcome
        ended(self)
    }

    // MARK: A local program

    private func pipeNext() {
        guard let mail = sent < mails.count ? mails[sent] : nil, failure == nil else { return conclude() }
        sent += 1
        report.server = settings.sendmailProgram
        let feed = BodyFeed(mail.content, blockSize: settings.blockSize, progress: settings.progress)
        let run = SendmailRun(mail, feed, settings) { [weak self] outcome in self?.piped(mail, outcome) }
        step = .piping(run)
        run.start()
    }

    private func piped(_ mail: PreparedMail, _ outcome: SendmailRun.Outcome) {
        letGoOfStep()
        noted += 1
        switch outcome {
        case .accepted:
            report.status = .sent
            report.stage = .dot
        case .refused(let reply):
            report.reply = reply
            report.stage = .dot
            report.status = .refused
            report.retryable = reply.isTransient ? .yes : .no
            failure = Wording.refusal(.dot, reply)
        case .failed(let error):
            report.status = .failed
            failure = error
        }
        pipeNext()
    }

    // MARK: Letting go

    /// Lets go of everything that is under way; a connection is dropped.
    private func letGo() {
        deadline?.cancel()
        deadline = nil
        letGoOfStep()
        step = .done
    }

    private func letGoOfStep() {
        switch step {
        case .preparing(let preparation): preparation.cancel()
        case .connecting(let attempt): attempt.cancel()
        case .talking(let conversation): conversation.close()
        case .piping(let run): run.cancel()
        case .idle, .done: break
        }
        step = .idle
        sink?.close()
        sink = nil
    }
}
