import MIME
import SMTP
import Submission
import TclBridge
import Transport

/// A session on a connected descriptor, driven by Tcl's event loop.
final class Conversation {
    private(set) var session: Session
    /// Why the message could not be built after the server had asked for it.
    private(set) var bodyFailure: TclError?
    private let descriptor: Int32
    private let log: DebugLog
    private let moved: (Conversation) -> Void

    private var handler: FileHandler?
    private var deadline: TclTimer?
    private var output: ArraySlice<UInt8> = []
    private var nextChunk: (() throws(MIMEError) -> [UInt8]?)?
    private var isOpen = true
    private var isAdvancing = false
    private var hasMoreToDo = false

    /// `moved` is called when the session is ready for a command of ours, and once when it has ended.
    init(over descriptor: Int32, _ session: Session, _ log: DebugLog, moved: @escaping (Conversation) -> Void) {
        self.descriptor = descriptor
        self.session = session
        self.log = log
        self.moved = moved
    }

    deinit { close() }

    func start() {
        let handler = FileHandler(descriptor: descriptor) { [weak self] ready in
            self?.handle(isReadable: ready.contains(.readable))
        }
        self.handler = handler
        session.connected()
        advance()
    }

    /// Begins a mail; the session must be ready.
    func send(_ mail: PreparedMail, requiresAllRecipients: Bool) {
        nextChunk = mail.content.makeReader()
        session.begin(mail.envelope, requiresAllRecipients: requiresAllRecipients)
    }

    /// Says farewell.
    func quit() { session.quit() }

    /// Drops the connection.
    func close() {
        guard isOpen else { return }
        isOpen = false
        handler?.cancel()
        handler = nil
        deadline?.cancel()
        deadline = nil
        nextChunk = nil
        Sockets.close(descriptor)
    }

    // MARK: Events

    /// What is waited for.
    var watch: Sockets.Watch { Sockets.Watch(descriptor, read: true, write: !output.isEmpty || hasMoreToDo) }

    /// The descriptor is ready.
    func handle(isReadable: Bool) {
        guard isOpen else { return }
        withExtendedLifetime(self) {
            if isReadable { readReplies() }
            advance()
        }
    }

    private func readReplies() {
        do throws(TransportError) {
            switch try Sockets.read(descriptor, atMost: 65536) {
            case .octets(let octets): session.receive(octets[...])
            case .end: session.peerClosed()
            case .wouldBlock: break
            }
        } catch {
            session.failed(error.text)
        }
    }

    private func expired() {
        deadline = nil
        withExtendedLifetime(self) {
            session.timedOut()
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
        log.write(session.takeEvents())
        guard isOpen else { return false }
        if output.isEmpty { output = session.takeOutput()[...] }
        if !output.isEmpty { return write() }
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

    /// False if the rest has to wait for the peer.
    private func write() -> Bool {
        do throws(TransportError) {
            let count = try Sockets.write(descriptor, output)
            output = output.dropFirst(count)
            if count > 0 { restartDeadline() }
            return output.isEmpty
        } catch {
            output = []
            // What the peer said before it closed is worth more than that it did.
            readReplies()
            session.failed(error.text)
            return true
        }
    }

    private func feedBody() {
        do throws(MIMEError) {
            if let chunk = try nextChunk?() {
                session.write(chunk[...])
                // The end goes into the same write as a small body.
                if chunk.count < MessageWriter.usualChunkOctets { try finishIfLast() }
            } else {
                session.finishBody()
            }
        } catch {
            bodyFailure = Wording.error(error)
            session.abort()
        }
    }

    private func finishIfLast() throws(MIMEError) {
        if let more = try nextChunk?() {
            session.write(more[...])
        } else {
            session.finishBody()
        }
    }

    private func awaitEvent() {
        handler?.ask(for: output.isEmpty && !hasMoreToDo ? .readable : [.readable, .writable])
        if deadline == nil { restartDeadline() }
    }

    /// The peer has its time for a reply from when the command was written, and before that for taking some octets.
    private func restartDeadline() {
        deadline?.cancel()
        let longest = session.options.timeouts.longest
        let seconds = output.isEmpty ? session.replySeconds ?? longest : longest
        deadline = TclTimer(milliseconds: seconds.multipliedReportingOverflow(by: 1000).partialValue) { [weak self] in
            self?.expired()
        }
    }
}
