import MIME
import SMTP
import Submission
import TclBridge
import Transport

/// A session on a connection, driven by Tcl's event loop. It may serve several deliveries, one after the other.
final class Conversation {
    /// The session, to be asked; what it is told goes by `send` and `quit`.
    var session: Session { link.session }
    /// Why the message could not be built after the server had asked for it.
    private(set) var bodyFailure: TclError?
    /// What was said.
    let record: SessionRecord
    /// The peer's address, as reports have it; empty where a script made the connection.
    var address = ""
    /// Whom the delivery that has the conversation tells; nil while nobody has it.
    private var user: User?

    /// TLS and the login; nil where there is nobody to hide from.
    let security: ConnectionSecurity?
    /// The security's voice.
    private let securityOwner: ScriptedSecurity?

    /// Who uses a conversation.
    struct User {
        let log: DebugLog
        /// Called when the session is ready for a command of ours, and once when it has ended.
        let moved: (Conversation) -> Void
    }

    private let stream: any EventStream
    let link: Link
    private var deadline: TclTimer?
    private var deadlineSerial = 0
    private var body: BodyFeed?
    /// Mails that were begun.
    private(set) var mailCount = 0
    /// What the server was told last belongs to another delivery.
    private var isAnothers = false
    private var isOpen = true
    /// Something of the script's may be running that this has called.
    private(set) var isAdvancing = false
    private var hasMoreToDo = false

    init(
        over stream: any EventStream, _ options: Session.Options, _ security: ConnectionSecurity?,
        _ owner: ScriptedSecurity?, record: SessionRecord
    ) {
        self.stream = stream
        self.record = record
        self.security = security
        securityOwner = owner
        link = Link(stream, security?.session(options) ?? Session(options))
    }

    deinit { close() }

    /// Begins with the greeting.
    func start(for user: User) {
        self.user = user
        stream.start { [weak self] ready in self?.handle(isReadable: ready.contains(.readable)) }
        link.session.connected(hasImplicitTLS: security?.isImplicit ?? false)
        advance()
    }

    /// Goes on for another delivery; the session is ready.
    func resume(for user: User) {
        self.user = user
        isAnothers = true
        hasMoreToDo = true
        advance()
    }

    /// Asks the user once more what to do; the session is ready.
    func ask() {
        hasMoreToDo = true
        withExtendedLifetime(self) { advance() }
    }

    /// The session is ready and waits for its next user; `ended` is called if the server ends it meanwhile.
    func park(ended: @escaping (Conversation) -> Void) {
        user = User(log: DebugLog(isOn: false)) { conversation in
            if conversation.session.isClosed { ended(conversation) }
        }
        deadline?.cancel()
        deadline = nil
    }

    /// The session cannot go on before TLS or the login is decided upon.
    var awaitsDecision: Bool { link.awaitsOwner }

    /// Decides upon TLS or the login.
    func decide() -> ConnectionSecurity.Next { security?.moved(link) ?? .goOn }

    /// Why nobody is logged in, though it was asked for; empty otherwise.
    var loginFailure: String { security?.login.failure ?? "" }

    /// Writes something down, and tells whoever debugs.
    func note(_ text: String, isDebug: Bool) {
        record.note(text)
        if isDebug { user?.log.write([.remark(text)]) }
    }

    /// Begins a mail; the session must be ready.
    func send(_ envelope: Envelope, _ body: BodyFeed?, requiresAllRecipients: Bool) {
        bodyFailure = nil
        mailCount += 1
        self.body = body
        // A mail that this server cannot be sent has its outcome at once.
        hasMoreToDo = true
        link.session.begin(
            envelope, requiresAllRecipients: requiresAllRecipients, isProbe: body == nil, afterReset: isAnothers)
        isAnothers = false
    }

    /// Says farewell.
    func quit() { link.session.quit() }

    /// Whether the session, which waits for its next user, can be used: what the server has said meanwhile is taken in.
    var isAlive: Bool {
        link.read()
        return session.isReady
    }

    /// Says farewell to a parked session; `ended` is called when the server has answered, or has not in time.
    func dismiss(ended: @escaping (Conversation) -> Void) {
        park(ended: ended)
        withExtendedLifetime(self) {
            link.session.quit()
            advance()
        }
    }

    /// Says farewell without waiting for an answer.
    func hangUp() {
        guard isOpen else { return }
        if link.session.isReady || link.session.awaitsOwner {
            link.session.quit()
            _ = link.write()
        }
        close()
    }

    /// Ends the session for a reason of ours.
    func give(up text: String) {
        guard isOpen else { return }
        withExtendedLifetime(self) {
            link.session.failed(text)
            advance()
        }
    }

    /// Drops the connection.
    func close() {
        guard isOpen else { return }
        isOpen = false
        deadline?.cancel()
        deadline = nil
        body = nil
        securityOwner?.stopDeriving()
        // The farewell of TLS may be written by a script that runs events: none of them is for us any more.
        stream.ask(for: [])
        link.finish()
        stream.close()
    }

    // MARK: Events

    /// What is waited for, if it is a descriptor.
    var watch: Sockets.Watch? {
        stream.descriptor.map { Sockets.Watch($0, read: true, write: link.hasOutput || hasMoreToDo) }
    }

    /// The stream is ready.
    func handle(isReadable: Bool) {
        guard isOpen else { return }
        withExtendedLifetime(self) {
            // Within a read of the stream's nothing is read: the same event would come again and again.
            guard !link.isReading else { return stream.ask(for: []) }
            if isReadable { link.read() }
            // Within a command of the script's nothing is written, and an end that was read would be told again and again.
            if isAdvancing { stream.ask(for: session.isClosed || link.awaitsOwner ? [] : .readable) }
            advance()
        }
    }

    private func expired() {
        deadline = nil
        // The peer is not to blame for the time that a command of the script's takes.
        guard !isAdvancing else { return }
        withExtendedLifetime(self) {
            link.session.timedOut()
            advance()
        }
    }

    // MARK: Progress

    /// Goes on until an event has to come, or other events have to have their turn.
    ///
    /// The log, a progress command and the user may run Tcl code, which may run the event loop: an event that comes then is
    /// only taken in.
    private func advance() {
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        let end = SystemClock.monotonic() + EventLoop.slice
        hasMoreToDo = true
        while isOpen, hasMoreToDo, SystemClock.monotonic() < end { hasMoreToDo = advanceOnce() }
        guard isOpen else { return }
        security?.waits(in: link.session.state)
        awaitEvent()
    }

    /// One step; false if an event has to come first.
    private func advanceOnce() -> Bool {
        report()
        guard isOpen else { return false }
        // The end of a handshake leaves with what follows it, and not before the peer has been judged.
        if link.awaitsOwner {
            let state = session.state
            user?.moved(self)
            if session.state != state { return true }
            guard isOpen else { return false }
        }
        if link.hasOutput { return link.write() }
        if session.isClosed {
            close()
            user?.moved(self)
        } else if session.wantsBody {
            feedBody()
        } else if session.isReady {
            hasMoreToDo = false
            user?.moved(self)
            return link.hasOutput || !session.isReady || hasMoreToDo
        } else {
            return false
        }
        return true
    }

    private func report() {
        let events = link.session.takeEvents()
        guard !events.isEmpty else { return }
        record.note(events)
        user?.log.write(events)
    }

    private func feedBody() {
        do throws(TclError) {
            guard let feed = body else { return link.session.abort() }
            // The end goes into the same write as a small body.
            while session.wantsBody, session.outputCount < feed.blockSize {
                guard let octets = try feed.next() else { return link.session.finishBody() }
                // The progress command may have ended the send.
                guard isOpen else { return }
                link.session.write(octets)
            }
        } catch {
            bodyFailure = error
            link.session.abort()
        }
    }

    private func awaitEvent() {
        stream.ask(for: link.hasOutput || hasMoreToDo ? [.readable, .writable] : .readable)
        guard let milliseconds = link.milliseconds else {
            deadline?.cancel()
            deadline = nil
            return
        }
        guard deadline == nil || deadlineSerial != link.deadlineSerial else { return }
        // The peer has its time for a whole reply from when the command was written, and before that for taking some octets.
        deadline?.cancel()
        deadlineSerial = link.deadlineSerial
        deadline = TclTimer(milliseconds: milliseconds) { [weak self] in self?.expired() }
    }
}
