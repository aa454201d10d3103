import SMTP
import Submission
import TclBridge
import Transport

/// A mail that has been built once.
struct PreparedMail {
    let envelope: Envelope
    let content: MeasuredMessage

    init(_ mail: OutgoingMail, _ content: MeasuredMessage) {
        self.content = content
        envelope = Envelope(
            reversePath: mail.reversePath, forwardPaths: mail.forwardPaths, size: content.size, is8bit: content.is8bit)
    }
}

/// The way of one `sendmessage`: server after server until one takes part, then its mails on that connection.
///
/// Everything happens in Tcl's event loop; `wait(in:)` runs the loop until the end.
final class Delivery {
    private enum Step {
        case idle
        case resolving(DetachedWork, deadline: TclTimer)
        case connecting(ConnectionAttempt)
        case talking(Conversation)
        case done
    }

    private let mails: [PreparedMail]
    private var servers: ArraySlice<Endpoint>
    private let options: Session.Options
    private let isAtLeastOne: Bool
    private let log: DebugLog
    private let capture: (run: CaptureRun, notes: [String])?

    private var step = Step.idle
    private var sink: SinkConversation?
    private var quickWait: QuickWait
    private var sent = 0
    private var noted = 0
    /// Why a mail was not taken; told when the connection has been closed in order.
    private var failure: TclError?
    private var refused: [RecipientReply] = []
    private var failures: [(server: Endpoint, error: TclError)] = []
    private var result: Result<[RecipientReply], TclError>?

    init(
        _ mails: [PreparedMail], to servers: [Endpoint], _ options: Session.Options, isAtLeastOne: Bool, log: DebugLog,
        capture: CaptureRun?, _ notes: [String]
    ) {
        self.mails = mails
        self.servers = servers[...]
        self.options = options
        self.isAtLeastOne = isAtLeastOne
        self.log = log
        self.capture = capture.map { ($0, notes) }
        quickWait = QuickWait(isPeerElsewhere: capture == nil)
    }

    deinit { end() }

    /// Sends while the interpreter's other events run; the list of refused recipients.
    func wait(in interp: Interp) throws(TclError) -> TclObject {
        interp.retain()
        defer {
            end()
            interp.release()
        }
        tryNextServer()
        while true {
            if let result { return Self.list(try result.get()) }
            if let cancellation = interp.cancellation() { throw cancellation }
            if !answerQuickly() { EventLoop.runOnce(mayWait: quickWait.beginEvents()) }
        }
    }

    /// Serves the peer if it answers within a moment.
    private func answerQuickly() -> Bool {
        switch step {
        case .connecting(let attempt):
            guard let watch = attempt.watch, quickWait.wait(for: watch) != nil else { return false }
            attempt.answered()
        case .talking(let conversation):
            guard let ready = quickWait.wait(for: conversation.watch) else { return false }
            conversation.handle(isReadable: ready.isReadable)
        case .idle, .resolving, .done: return false
        }
        return true
    }

    private static func list(_ refused: [RecipientReply]) -> TclObject {
        TclObject(
            list: refused.map {
                TclObject(list: [
                    TclObject(utf8: $0.recipient), TclObject($0.reply.code), TclObject(octets: $0.reply.diagnostic),
                ])
            })
    }

    // MARK: Connecting

    private func tryNextServer() {
        guard let server = servers.popFirst() else { return finish(.failure(Wording.noServer(failures))) }
        log.trying(server.host)
        if let capture { return talkToSink(capture.run, capture.notes, server) }
        if let address = Resolver.numeric(server.host, port: server.port) {
            return connect(Connector([address]), server)
        }
        let deadline = TclTimer(milliseconds: 1000 * options.timeouts.longest) { [weak self] in
            self?.failed(server, TclError("name resolution timed out", errorCode: ["POSIX", "ETIMEDOUT"]))
        }
        let (host, port) = (server.host, server.port)
        let work = DetachedWork({ Resolver.resolve(host, port: port) }) { [weak self] addresses in
            self?.resolved(addresses, server)
        }
        step = .resolving(work, deadline: deadline)
    }

    private func resolved(_ addresses: Result<[SocketAddress], TransportError>, _ server: Endpoint) {
        end()
        switch addresses {
        case .success(let addresses): connect(Connector(addresses), server)
        case .failure(let error): failed(server, Wording.connectError(error))
        }
    }

    private func connect(_ connector: Connector, _ server: Endpoint) {
        let attempt = ConnectionAttempt(connector, seconds: options.timeouts.longest) { [weak self] outcome in
            switch outcome {
            case .success(let descriptor): self?.talk(over: descriptor, server)
            case .failure(let error): self?.failed(server, Wording.connectError(error))
            }
        }
        step = .connecting(attempt)
        attempt.start()
    }

    private func failed(_ server: Endpoint, _ error: TclError) {
        end()
        failures.append((server, error))
        tryNextServer()
    }

    // MARK: Talking

    private func talkToSink(_ run: CaptureRun, _ notes: [String], _ server: Endpoint) {
        do throws(TransportError) {
            let (ours, theirs) = try Sockets.pair()
            sink = SinkConversation(over: theirs, run, server, notes: notes)
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
        case .accepted, .noRecipients: break
        case .refused(let stage, let reply): failure = Wording.refusal(stage, reply)
        case .failed(let error): failure = sink?.failure ?? conversation.bodyFailure ?? Wording.lost(error)
        }
    }

    private func sessionClosed(_ conversation: Conversation, _ server: Endpoint) {
        let lost = conversation.session.failure
        if sent == 0 { return failed(server, lost.map(Wording.sessionError) ?? TclError("connection closed")) }
        if failure == nil, sent < mails.count, let lost { failure = Wording.lost(lost) }
        finish(failure.map { .failure($0) } ?? .success(refused))
    }

    private func finish(_ outcome: Result<[RecipientReply], TclError>) {
        end()
        result = outcome
    }

    /// Lets go of everything that is under way; a connection is dropped.
    private func end() {
        switch step {
        case .resolving(let work, let deadline):
            work.cancel()
            deadline.cancel()
        case .connecting(let attempt): attempt.cancel()
        case .talking(let conversation): conversation.close()
        case .idle, .done: break
        }
        step = .done
        sink?.close()
        sink = nil
    }
}
