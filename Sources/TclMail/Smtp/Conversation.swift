import MIME
import SMTP
import Submission
import TclBridge
import Transport

/// A session on a connected descriptor, driven by Tcl's event loop.
final class Conversation {
    /// The session, to be asked; what it is told goes by `send(_:requiresAllRecipients:)` and `quit()`.
    var session: Session { link.session }
    /// Why the message could not be built after the server had asked for it.
    private(set) var bodyFailure: TclError?
    private var link: Link
    private let log: DebugLog
    private let moved: (Conversation) -> Void

    private var handler: FileHandler?
    private var deadline: TclTimer?
    private var deadlineSerial = 0
    private var nextChunk: (() throws(MIMEError) -> [UInt8]?)?
    private var isOpen = true
    private var isAdvancing = false
    private var hasMoreToDo = false

    /// `moved` is called when the session is ready for a command of ours, and once when it has ended.
    init(over descriptor: Int32, _ session: Session, _ log: DebugLog, moved: @escaping (Conversation) -> Void) {
        link = Link(descriptor, session)
        self.log = log
        self.moved = moved
    }

    deinit { close() }

    func start() {
        let handler = FileHandler(descriptor: link.descriptor) { [weak self] ready in
            self?.handle(isReadable: ready.contains(.readable))
        }
        self.handler = handler
        link.session.connected()
        advance()
    }

    /// Begins a mail; the session must be ready.
    func send(_ mail: PreparedMail, requiresAllRecipients: Bool) {
        nextChunk = mail.content.makeReader()
        var envelope = mail.envelope
        envelope.is8bit = envelope.is8bit && session.allows8bit
        link.session.begin(envelope, requiresAllRecipients: requiresAllRecipients)
    }

    /// Says farewell.
    func quit() { link.session.quit() }

    /// Drops the connection.
    func close() {
        guard isOpen else { return }
        isOpen = false
        handler?.cancel()
        handler = nil
        deadline?.cancel()
        deadline = nil
        nextChunk = nil
        Sockets.close(link.descriptor)
    }

    // MARK: Events

    /// What is waited for.
    var watch: Sockets.Watch { Sockets.Watch(link.descriptor, read: true, write: link.hasOutput || hasMoreToDo) }

    /// The descriptor is ready.
    func handle(isReadable: Bool) {
        guard isOpen else { return }
        withExtendedLifetime(self) {
            if isReadable { link.read() }
            advance()
        }
    }

    private func expired() {
        deadline = nil
        withExtendedLifetime(self) {
            link.session.timedOut()
            advance()
        }
    }

    // MARK: Progress

    /// Goes on until an event has to come, or other events have to have their turn.
    ///
    /// The log and the owner may run Tcl code, which may run the event loop: an event that comes then is only taken in.
    private func advance() {
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        let end = SystemClock.monotonic() + EventTurn.longestWithoutEvents
        hasMoreToDo = true
        while isOpen, hasMoreToDo, SystemClock.monotonic() < end { hasMoreToDo = advanceOnce() }
        if isOpen { awaitEvent() }
    }

    /// One step; false if an event has to come first.
    private func advanceOnce() -> Bool {
        log.write(link.session.takeEvents())
        guard isOpen else { return false }
        if link.hasOutput { return link.write() }
        if session.isClosed {
            close()
            moved(self)
        } else if session.wantsBody {
            feedBody()
        } else if session.isReady {
            moved(self)
        } else {
            return false
        }
        return true
    }

    private func feedBody() {
        do throws(MIMEError) {
            if let chunk = try nextChunk?() {
                link.session.write(chunk[...])
                // The end goes into the same write as a small body.
                if chunk.count < MessageWriter.usualChunkOctets { try finishIfLast() }
            } else {
                link.session.finishBody()
            }
        } catch {
            bodyFailure = Wording.error(error)
            link.session.abort()
        }
    }

    private func finishIfLast() throws(MIMEError) {
        if let more = try nextChunk?() {
            link.session.write(more[...])
        } else {
            link.session.finishBody()
        }
    }

    private func awaitEvent() {
        handler?.ask(for: link.hasOutput || hasMoreToDo ? [.readable, .writable] : .readable)
        if deadline == nil || deadlineSerial != link.deadlineSerial { restartDeadline() }
    }

    /// The peer has its time for a reply from when the command was written, and before that for taking some octets.
    private func restartDeadline() {
        deadline?.cancel()
        deadlineSerial = link.deadlineSerial
        let milliseconds = min(link.milliseconds ?? session.options.timeouts.block, Int(Int32.max))
        deadline = TclTimer(milliseconds: milliseconds) { [weak self] in self?.expired() }
    }
}
