import SMTP
import Submission
import Glibc
import TclBridge
import Transport

/// A mail that has been measured.
struct PreparedMail {
    let envelope: Envelope
    let content: MeasuredMessage

    init(_ mail: OutgoingMail, _ content: MeasuredMessage) {
        self.content = content
        envelope = Envelope(
            reversePath: mail.reversePath, forwardPaths: mail.forwardPaths, size: content.size,
            is8bit: content.is8bit || content.hasInternationalHeader)
    }
}

/// The way of one send: server after server until one takes part, then its mails on that connection.
///
/// Everything happens in Tcl's event loop; `result` is set at the end.
final class Delivery {
    private enum Step {
        case idle
        case connecting(ConnectionAttempt)
        case talking(Conversation)
        case done
    }

    /// Where the mails go instead of to a server.
    struct Capture {
        let run: CaptureRun
        let notes: [String]
    }

    private let mails: [PreparedMail]
    private var servers: ArraySlice<Endpoint>
    private let options: Session.Options
    private let isAtLeastOne: Bool
    private let log: DebugLog
    private let capture: Capture?

    private var step = Step.idle
    private var sink: SinkConversation?
    private var sent = 0
    private var noted = 0
    private var refused: [RecipientReply] = []
    /// Why a mail was not taken; told when the connection has been closed in order.
    private var failure: TclError?
    private var failures: [(server: Endpoint, error: TclError)] = []
    /// The recipients that were refused, or why the send failed; nil while it is under way.
    private(set) var result: Result<[RecipientReply], TclError>?

    init(
        _ mails: [PreparedMail], to servers: [Endpoint], _ options: Session.Options, isAtLeastOne: Bool, log: DebugLog,
        capture: Capture?
    ) {
        self.mails = mails
        self.servers = servers[...]
        self.options = options
        self.isAtLeastOne = isAtLeastOne
        self.log = log
        self.capture = capture
    }

    deinit { letGo() }

    func start() { tryNextServer() }

    /// Drops the connection, if there is one; nothing more happens.
    func cancel() { letGo() }

    /// False if the peer can only answer while this thread's event loop runs.
    var isPeerElsewhere: Bool { capture == nil }

    /// What is waited for, if it is descriptors.
    var watches: [Sockets.Watch] {
        switch step {
        case .connecting(let attempt): attempt.watches
        case .talking(let conversation): [conversation.watch]
        case .idle, .done: []
        }
    }

    /// Some of what was waited for has come.
    func handle(_ ready: [Sockets.Watch]) {
        switch step {
        case .connecting(let attempt): attempt.answered(ready)
        case .talking(let conversation):
            let isReadable = ready.contains { $0.isReadable }
            conversation.handle(isReadable: isReadable)
        case .idle, .done: break
        }
    }

    // MARK: Connecting

    /// Seconds that finding a server's addresses, and connecting to each, may take.
    private static let connectSeconds = 600

    private func tryNextServer() {
        guard let server = servers.popFirst() else { return finish(.failure(Wording.noServer(failures))) }
        log.trying(server.host)
        if let capture { return talkToSink(capture, server) }
        switch server.port {
        case .success(let port): connect(server, port)
        case .failure(let error): failed(server, error)
        }
    }

    private func connect(_ server: Endpoint, _ port: UInt16) {
        let target = ConnectionTarget(.host(server.host, port: port))
        let attempt = ConnectionAttempt(target, milliseconds: 1000 * Self.connectSeconds) { [weak self] outcome in
            switch outcome {
            case .success(let connection): self?.talk(over: connection.descriptor, server)
            case .failure(let error): self?.failed(server, Wording.connectError(error))
            }
        }
        step = .connecting(attempt)
        attempt.start()
    }

    private func failed(_ server: Endpoint, _ error: TclError) {
        letGo()
        failures.append((server, error))
        tryNextServer()
    }

    // MARK: Talking

    private func talkToSink(_ capture: Capture, _ server: Endpoint) {
        do throws(TransportError) {
            let (ours, theirs) = try Sockets.pair()
            guard EventLoop.canWatch(max(ours, theirs)) else {
                [ours, theirs].forEach(Sockets.close)
                throw TransportError(errno: EMFILE)
            }
            sink = SinkConversation(over: theirs, capture, server)
            talk(over: ours, server)
        } catch {
            failed(server, Wording.connectError(error))
        }
    }

    private func talk(over descriptor: Int32, _ server: Endpoint) {
        let conversation = Conversation(over: descriptor, Session(options), log) { [weak self] conversation in
            self?.sessionMoved(conversation, server)
        }
        step = .talking(conversation)
        conversation.start()
    }

    /// The session is ready for a mail, or has ended.
    private func sessionMoved(_ conversation: Conversation, _ server: Endpoint) {
        guard case .talking(let current) = step, current === conversation else { return }
        if noted < sent, let outcome = conversation.session.transaction { note(outcome, conversation) }
        if conversation.session.isClosed { return sessionClosed(conversation, server) }
        if failure == nil, sent < mails.count {
            sent += 1
            conversation.send(mails[sent - 1], requiresAllRecipients: !isAtLeastOne)
        } else {
            conversation.quit()
        }
    }

    private func note(_ outcome: TransactionOutcome, _ conversation: Conversation) {
        noted += 1
        refused += outcome.refusedRecipients
        switch outcome.end {
        case .accepted, .noRecipients, .probed: break
        case .refused(let stage, let reply): failure = Wording.refusal(stage, reply)
        case .failed(let error): failure = sink?.failure ?? conversation.bodyFailure ?? lost(error, outcome)
        }
    }

    /// A server that closes with 421 in answer to a recipient refuses him and those after him; none of them gets the mail.
    private func lost(_ error: SMTPError, _ outcome: TransactionOutcome) -> TclError? {
        guard error.stage == .rcpt, error.reply?.code == 421, outcome.recipients.allSatisfy({ !$0.isAccepted }) else {
            return Wording.lost(error)
        }
        let asked = mails[noted - 1].envelope.forwardPaths
        refused += asked.dropFirst(outcome.recipients.count).map {
            RecipientReply(
                recipient: $0, reply: Reply(code: 400, lines: [Array("the server closed the connection".utf8)]))
        }
        return nil
    }

    private func sessionClosed(_ conversation: Conversation, _ server: Endpoint) {
        let lost = conversation.session.failure
        if sent == 0 { return failed(server, lost.map(Wording.sessionError) ?? TclError("connection closed")) }
        if failure == nil, sent < mails.count, let lost { failure = Wording.lost(lost) }
        finish(failure.map { .failure($0) } ?? .success(refused))
    }

    private func finish(_ outcome: Result<[RecipientReply], TclError>) {
        letGo()
        result = outcome
    }

    /// Lets go of everything that is under way; a connection is dropped.
    private func letGo() {
        switch step {
        case .connecting(let attempt): attempt.cancel()
        case .talking(let conversation): conversation.close()
        case .idle, .done: break
        }
        step = .done
        sink?.close()
        sink = nil
    }
}
