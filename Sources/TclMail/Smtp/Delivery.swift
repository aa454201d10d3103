import Glibc
import SMTP
import Submission
import TclBridge
import Transport

/// The way of one send: server after server until one takes part, then its mails on that connection.
///
/// Everything happens in Tcl's event loop; `result` and `report` are set when `ended` is called.
final class Delivery {
    enum Step {
        case idle
        case preparing
        case connecting(ConnectionAttempt)
        case talking(Conversation)
        case piping(SendmailRun)
        case done
    }

    let settings: SendSettings
    var outgoing: [OutgoingMail]
    /// What is being measured: the mails, or the form of one that a server needs.
    var measuring: Measuring?
    var mails: [PreparedMail] = []
    var servers: ArraySlice<Endpoint>
    private let ended: (Delivery) -> Void

    var step = Step.idle
    var sink: SinkConversation?
    var record: SessionRecord?
    private var deadline: TclTimer?
    var sent = 0
    var noted = 0
    var refused: [RecipientReply] = []
    /// The conversation was another send's before, and had its round trips.
    var isReused = false
    var earlierRoundTrips = 0
    /// `-timeout` is over.
    var isExpired = false
    /// Why a mail was not taken; told when the connection has been closed in order.
    var failure: TclError?
    /// Nothing more is to happen.
    private(set) var isOver = false
    /// A command that makes a connection runs.
    private var isOpening = false
    /// A handshake of TLS failed, and the rules allow to go on without.
    var inClearAfter: ConnectionSecurity?
    /// What is wrong with a server may mend itself.
    private var isMendable = false
    var failures: [(server: Endpoint, error: TclError)] = []
    var lostText = ""
    var report = SendReport()
    /// The recipients that were refused, or why the send failed; nil while it is under way.
    private(set) var result: Result<[RecipientReply], TclError>?

    init(_ mails: [OutgoingMail], _ settings: SendSettings, ended: @escaping (Delivery) -> Void = { _ in }) {
        self.settings = settings
        self.ended = ended
        servers = settings.servers[...]
        outgoing = mails
    }

    deinit { letGo() }

    func start() {
        if let milliseconds = settings.totalMilliseconds {
            deadline = TclTimer(milliseconds: milliseconds) { [weak self] in self?.expired() }
        }
        step = .preparing
        measure(outgoing.map { MessageMeasure($0.message) }) { [weak self] outcome in self?.prepared(outcome) }
    }

    /// Drops the connection, if there is one; nothing more happens.
    func cancel() { letGo() }

    /// Ends the send for a reason of the script's, which is told how far it was.
    func cancel(because error: (Stage) -> TclError) {
        guard !isOver else { return }
        noteStage()
        let error = error(report.stage)
        if case .talking(let conversation) = step {
            conversation.security?.lostLogin(because: error.message, conversation.session)
            // The log may be a script's.
            guard !isOver else { return }
            noteStage()
        }
        report.retryable = noted < sent && report.stage == .dot ? .unknown : .yes
        finish(.failure(error), .cancelled)
    }

    var isPreparing: Bool { if case .preparing = step { true } else { false } }

    /// Whether a command of the script's runs that this send has called.
    var isInCallback: Bool {
        switch step {
        case .talking(let conversation): conversation.isAdvancing
        case .piping(let run): run.isWriting
        case .idle, .preparing, .connecting, .done: isOpening
        }
    }

    /// The connection that was used last, for people.
    private(set) var title: String?

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

    func measure(
        _ measures: [MessageMeasure], then completion: @escaping (Result<[MeasuredMessage], TclError>) -> Void
    ) {
        let measuring = Measuring(measures)
        self.measuring = measuring
        measuring.start { [weak self] outcome in
            self?.measuring = nil
            completion(outcome)
        }
    }

    private func prepared(_ outcome: Result<[MeasuredMessage], TclError>) {
        step = .idle
        switch outcome {
        case .failure(let error): finish(.failure(error), .failed)
        case .success(let measured):
            mails = zip(outgoing, measured).map { PreparedMail($0, $1) }
            outgoing = []
            report.done("built")
            let isPiped = settings.transport == .sendmail && settings.capture == nil
            // A program has no step at which nothing is sent.
            if settings.dryRun == .build || isPiped && settings.dryRun != nil { return finish(.success([]), .checked) }
            if isPiped { pipeNext() } else { tryNextServer() }
        }
    }

    /// `-timeout`: the send as a whole took too long.
    private func expired() {
        deadline = nil
        isExpired = true
        servers = []
        let text = "the send took longer than -timeout allows"
        switch step {
        case .talking(let conversation): conversation.give(up: text)
        case .idle, .preparing, .connecting, .piping, .done:
            noteStage()
            let error = TclError(text, errorCode: Wording.code(report.stage, nil))
            report.retryable = report.stage == .dot ? .unknown : .yes
            finish(.failure(error), report.stage == .dot ? .unknown : .failed)
        }
    }

    /// How far the step is that is under way.
    private func noteStage() {
        switch step {
        case .talking(let conversation): note(conversation)
        case .piping(let run) where run.isWritten: report.stage = .dot
        case .idle, .preparing, .connecting, .piping, .done: break
        }
    }

    // MARK: Connecting

    func tryNextServer() {
        guard let server = servers.popFirst() else {
            report.retryable = isMendable ? .yes : .no
            return finish(.failure(Wording.noServer(failures)), .failed)
        }
        settings.log.trying(server.host)
        // The log may be a script's.
        guard !isOver else { return }
        tryServer(server)
    }

    func tryServer(_ server: Endpoint, inClearAfter other: ConnectionSecurity? = nil) {
        inClearAfter = other
        report.server = server.host
        report.port = server.portText
        report.address = ""
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

    func connect(_ target: ConnectionTarget, _ server: Endpoint) {
        let attempt = ConnectionAttempt(target, milliseconds: settings.connectMilliseconds) { [weak self] outcome in
            switch outcome {
            case .success(let made):
                self?.report.address = made.address.host
                let isLoopback = made.address.isThisMachine
                self?.talk(over: SocketEventStream(made.descriptor), server, isLoopback: isLoopback)
            case .failure(let error): self?.failed(server, Wording.connectError(error))
            }
        }
        step = .connecting(attempt)
        attempt.start()
    }

    /// A command of the script's makes the connection: a proxy, a tunnel.
    private func openChannel(_ command: TclObject, _ server: Endpoint) {
        guard let interp = settings.interp.interp else { return }
        interp.preserving {
            do throws(TclError) {
                isOpening = true
                defer { isOpening = false }
                let name = try interp.ask(prefix: command, [TclObject(server.host), TclObject(server.portText)])
                talk(over: try channel(name.string, interp), server, isLoopback: false)
            } catch {
                var error = error
                // One code for all that keeps a connection from being made.
                if !error.isCancellation { error.errorCode = TclObject(strings: Wording.code(.connect, nil)).string }
                failed(server, error)
            }
        }
    }

    private func channel(_ name: String, _ interp: Interp) throws(TclError) -> ChannelEventStream {
        do throws(TclError) { return try ChannelEventStream(channel: name, in: interp) } catch {
            throw TclError("-socketcmd gave no channel: \(error.message)")
        }
    }

    func failed(_ server: Endpoint, _ error: TclError, isHopeless: Bool = false) {
        guard !isOver else { return }
        isMendable = isMendable || !isHopeless
        letGoOfStep()
        var error = error
        if error.errorCode == nil { error.errorCode = TclObject(strings: Wording.code(report.stage, nil)).string }
        record?.note(error.message)
        failures.append((server, error))
        tryNextServer()
    }

    // MARK: The end

    /// All that was to be done has been done, well or not.
    func conclude() {
        if let failure { return finish(.failure(failure), report.status == .pending ? .failed : report.status) }
        if report.status == .pending {
            report.status = settings.dryRun == nil || isNobodyAccepted ? .refused : .checked
            if report.status == .refused, refused.contains(where: { $0.reply.isTransient }) { report.retryable = .yes }
        }
        finish(.success(refused), report.status)
    }

    var isNobodyAccepted: Bool { !refused.isEmpty && refused.count == report.recipients.count }

    func finish(_ outcome: Result<[RecipientReply], TclError>, _ status: SendReport.Status) {
        guard !isOver else { return }
        // One of two mails was taken: the send as a whole must not be tried again.
        if case .failure = outcome, report.status == .sent { report.retryable = .unknown }
        letGo()
        // The send may be remembered for long; its messages and what was said need not be.
        title = record?.title
        (outgoing, mails, record) = ([], [], nil)
        report.status = status
        report.done("ended")
        // That nobody is logged in may be the reason of a refusal.
        let login = report.login?.failure ?? ""
        switch outcome {
        case .failure(let error) where error.returnCode == 1: report.error = error.message
        case .failure:
            let words = report.reply.map(Self.text) ?? lostText
            report.error = login.isEmpty ? words : "\(words); \(login)"
        case .success: if status == .refused { report.error = login }
        }
        result = outcome
        ended(self)
    }

    // MARK: Letting go

    /// Lets go of everything that is under way; a connection is dropped.
    private func letGo() {
        isOver = true
        deadline?.cancel()
        deadline = nil
        letGoOfStep()
        step = .done
    }

    func letGoOfStep() {
        switch step {
        case .connecting(let attempt): attempt.cancel()
        case .talking(let conversation): conversation.close()
        case .piping(let run): run.cancel()
        case .idle, .preparing, .done: break
        }
        step = .idle
        measuring?.cancel()
        measuring = nil
        sink?.close()
        sink = nil
    }
}
