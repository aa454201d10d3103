import SMTP

/// A client's connection to one SMTP server over TCP, for programs that may block (RFC 5321).
///
/// Not for several threads at once. Dropping it closes the socket without QUIT.
public final class SMTPConnection {
    /// Hears of everything that is said; see `DialogueEvent`.
    public typealias Listener = (DialogueEvent) -> Void

    private var session: Session
    private var wire: Wire
    private let listener: Listener?

    /// Connects to the first address of the host that answers, and says EHLO.
    public init(
        host: String, port: UInt16, options: Session.Options, listener: Listener? = nil
    ) throws(SMTPError) {
        self.listener = listener
        session = Session(options)
        wire = Wire(fd: try Self.connect(host, port))
        session.connected()
        pump { $0.isReady }
        guard session.isReady else {
            wire.close()
            throw ended
        }
    }

    deinit { wire.close() }

    /// The extensions that the server offers, as `Session.extensions`.
    public var extensions: [[UInt8]] { session.extensions }
    /// Whether the server offers an extension; the keyword in any case.
    public func offers(_ keyword: String) -> Bool { session.offers(keyword) }
    /// Another message can be sent.
    public var isReady: Bool { session.isReady }
    /// Why the connection ended; nil while it is there and after an orderly end.
    public var failure: SMTPError? { session.failure }

    /// Sends one message.
    ///
    /// `body` gives its octets chunk by chunk, nil at the end, once the recipients are accepted. What it throws comes through;
    /// the connection is dropped then and the server takes nothing. All else is in the outcome, a lost connection too.
    public func send<Failure: Error>(
        _ envelope: Envelope, requiresAllRecipients: Bool = false, body: () throws(Failure) -> [UInt8]?
    ) throws(Failure) -> TransactionOutcome {
        session.begin(envelope, requiresAllRecipients: requiresAllRecipients)
        pump { $0.wantsBody || $0.transaction != nil }
        if session.wantsBody { try sendBody(body) }
        pump { $0.transaction != nil }
        return session.transaction ?? TransactionOutcome(recipients: [], end: .failed(ended))
    }

    /// Says QUIT if nothing is under way, and closes.
    public func close() {
        if session.isReady {
            session.quit()
            pump { $0.isClosed }
        }
        wire.close()
    }

    private var ended: SMTPError {
        session.failure ?? SMTPError(.connection, .quit, text: "connection closed")
    }

    private func sendBody<Failure: Error>(_ body: () throws(Failure) -> [UInt8]?) throws(Failure) {
        do throws(Failure) {
            while session.wantsBody, let chunk = try body() {
                session.write(chunk[...])
                // A small message and its final dot leave in one write.
                if session.outputCount > 1 << 16 { pump { !$0.hasOutput } }
            }
        } catch {
            session.abort()
            report()
            wire.close()
            throw error
        }
        session.finishBody()
    }

    /// Writes and reads until the condition holds and all is written, or the session is over.
    private func pump(until isDone: (Session) -> Bool) {
        while !session.isClosed, wire.hasOutput || session.hasOutput || !isDone(session) {
            let isUnderWay = wire.exchange(with: &session)
            report()
            guard isUnderWay else { break }
        }
        if session.isClosed { wire.close() }
    }

    private func report() {
        for event in session.takeEvents() { listener?(event) }
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
                return try Wire.connect(address)
            } catch {
                connector.failed(error)
            }
        }
        throw SMTPError(.connection, .connect, text: connector.firstError?.text ?? "no address")
    }
}
