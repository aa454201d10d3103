import Glibc
public import SMTP

/// A client's connection to one SMTP server over TCP, for programs that may block (RFC 5321).
///
/// Not for several threads at once. Dropping it closes the socket without QUIT.
public final class SMTPConnection {
    /// Hears of everything that is said; see `DialogueEvent`.
    public typealias Listener = (DialogueEvent) -> Void

    private var link: Link
    private var isOpen = true
    /// When what is awaited is due, in nanoseconds of `SystemClock.monotonic()`, and since which progress.
    private var deadline: (nanoseconds: Int, progress: Int)?
    private let listener: Listener?

    /// Connects to the first address of the host that answers, and says EHLO.
    public init(
        host: String, port: UInt16, options: Session.Options, listener: Listener? = nil
    ) throws(SMTPError) {
        self.listener = listener
        link = Link(try Self.connect(host, port), Session(options))
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
        if isOpen { Sockets.close(link.descriptor) }
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
        guard let seconds = link.seconds else { return false }
        if deadline?.progress != link.progress || deadline == nil {
            deadline = (SystemClock.deadline(afterSeconds: seconds), link.progress)
        }
        var watches = [Sockets.Watch(link.descriptor, read: true, write: link.hasOutput)]
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

    private static func connect(_ host: String, _ port: UInt16) throws(SMTPError) -> Int32 {
        switch Resolver.resolve(host, port: port) {
        case .failure(let error): throw SMTPError(.connection, .connect, text: error.text)
        case .success(let addresses): return try connect(addresses)
        }
    }

    private static func connect(_ addresses: [SocketAddress]) throws(SMTPError) -> Int32 {
        var connector = Connector(addresses)
        while let address = connector.next() {
            do throws(TransportError) {
                return try connect(address)
            } catch {
                connector.failed(error)
            }
        }
        throw SMTPError(.connection, .connect, text: connector.firstError?.text ?? "no address")
    }

    /// Seconds that a connection may take to be made.
    private static let connectSeconds = 60

    private static func connect(_ address: SocketAddress) throws(TransportError) -> Int32 {
        let (descriptor, isInProgress) = try Sockets.connect(address)
        guard isInProgress else { return descriptor }
        do throws(TransportError) {
            let limit = SystemClock.deadline(afterSeconds: connectSeconds)
            guard try Sockets.wait(descriptor, write: true, deadline: limit) else {
                throw TransportError(errno: ETIMEDOUT)
            }
            if let error = Sockets.connectError(descriptor) { throw error }
            return descriptor
        } catch {
            Sockets.close(descriptor)
            throw error
        }
    }
}
