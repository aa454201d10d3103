import Glibc
public import SMTP

/// A client's connection to one SMTP server over TCP, for programs that may block (RFC 5321).
///
/// Not for several threads at once. Dropping it closes the socket without QUIT.
public final class SMTPConnection {
    /// Hears of everything that is said; see `DialogueEvent`.
    public typealias Listener = (DialogueEvent) -> Void

    private let descriptor: Int32
    private var link: Link
    private var isOpen = true
    /// When what is awaited is due, in nanoseconds of `SystemClock.monotonic()`, and for which serial of the link.
    private var deadline: (nanoseconds: Int, serial: Int)?
    private let listener: Listener?

    /// Connects to the first address of the host that answers, and says EHLO.
    public convenience init(
        host: String, port: UInt16, options: Session.Options, listener: Listener? = nil
    ) throws(SMTPError) {
        try self.init(ConnectionTarget(.host(host, port: port)), options: options, listener: listener)
    }

    /// Connects to the first address of the target that answers, and says EHLO.
    ///
    /// Looking up names and connecting may take `connectMilliseconds` together.
    public init(
        _ target: ConnectionTarget, connectMilliseconds: Int = 60_000, options: Session.Options,
        listener: Listener? = nil
    ) throws(SMTPError) {
        self.listener = listener
        descriptor = try Self.connect(target, connectMilliseconds)
        link = Link(SocketStream(descriptor), Session(options))
        link.session.connected()
        pump { $0.isReady }
        guard link.session.isReady else {
            drop()
            throw ended
        }
    }

    deinit { drop() }

    /// The extensions that the server offers, as `Session.extensions`.
    public var extensions: [[UInt8]] { link.session.extensions }
    /// Whether the server offers an extension; the keyword in any case.
    public func offers(_ keyword: String) -> Bool { link.session.offers(keyword) }
    /// Another message can be sent.
    public var isReady: Bool { link.session.isReady }
    /// Why the connection ended; nil while it is there and after an orderly end.
    public var failure: SMTPError? { link.session.failure }

    /// Sends one message.
    ///
    /// `body` gives its octets chunk by chunk, nil at the end, once the recipients are accepted. What it throws comes through;
    /// the connection is dropped then and the server takes nothing. All else is in the outcome, a lost connection too.
    public func send<Failure: Error>(
        _ envelope: Envelope, requiresAllRecipients: Bool = false, body: () throws(Failure) -> [UInt8]?
    ) throws(Failure) -> TransactionOutcome {
        link.session.begin(envelope, requiresAllRecipients: requiresAllRecipients)
        pump { $0.wantsBody || $0.transaction != nil }
        if link.session.wantsBody { try sendBody(body) }
        pump { $0.transaction != nil }
        return link.session.transaction ?? TransactionOutcome(recipients: [], end: .failed(ended))
    }

    /// Says QUIT if nothing is under way, and closes.
    public func close() {
        if link.session.isReady {
            link.session.quit()
            pump { $0.isClosed }
        }
        drop()
    }

    private func drop() {
        if isOpen { Sockets.close(descriptor) }
        isOpen = false
    }

    private var ended: SMTPError {
        link.session.failure ?? SMTPError(.connection, .quit, text: "connection closed")
    }

    private func sendBody<Failure: Error>(_ body: () throws(Failure) -> [UInt8]?) throws(Failure) {
        do throws(Failure) {
            while link.session.wantsBody, let chunk = try body() {
                link.session.write(chunk[...])
                // A small message and its final dot leave in one write.
                if link.session.outputCount > 1 << 16 { pump { !$0.hasOutput } }
            }
        } catch {
            link.session.abort()
            report()
            drop()
            throw error
        }
        link.session.finishBody()
    }

    /// Writes and reads until the condition holds and all is written, or the session is over.
    private func pump(until isDone: (Session) -> Bool) {
        while isOpen, !link.session.isClosed, link.hasOutput || !isDone(link.session) {
            let isUnderWay = exchange()
            report()
            guard isUnderWay else { break }
        }
        if link.session.isClosed { drop() }
    }

    /// Waits until the peer can be written to or has said something; false if there is nothing to wait for.
    private func exchange() -> Bool {
        guard let milliseconds = link.milliseconds else { return false }
        if deadline?.serial != link.deadlineSerial {
            deadline = (SystemClock.monotonic() + 1_000_000 * milliseconds, link.deadlineSerial)
        }
        var watches = [Sockets.Watch(descriptor, read: true, write: link.hasOutput)]
        do throws(TransportError) {
            guard try Sockets.wait(&watches, deadline: deadline?.nanoseconds) else {
                link.session.timedOut()
                return true
            }
            if watches[0].isReadable { link.read() }
            if watches[0].isWritable, !link.session.isClosed { _ = link.write() }
        } catch {
            link.session.failed(error.text)
        }
        return true
    }

    private func report() {
        for event in link.session.takeEvents() { listener?(event) }
    }

    private static func connect(_ target: ConnectionTarget, _ milliseconds: Int) throws(SMTPError) -> Int32 {
        let deadline = SystemClock.deadline(afterMilliseconds: milliseconds)
        do throws(TransportError) {
            let resolved = try Lookup.wait(for: target, deadline: deadline).get()
            return try ConnectionRace(resolved, deadline: deadline).wait().0
        } catch {
            throw SMTPError(.connection, .connect, text: error.text)
        }
    }
}
