import Glibc
public import SMTP
import TLS

/// A client's connection to one SMTP server, for programs that may block (RFC 5321, 3207, 8314, 4954).
///
/// TLS is started where the server offers it, and a login is made if the security's settings have one. Not for several threads at once. Dropping it closes the socket without QUIT.
public final class SMTPConnection {
    /// Hears of everything that is said; see `DialogueEvent`.
    public typealias Listener = (DialogueEvent) -> Void

    private var descriptor: Int32
    private var link: Link
    private var security: ConnectionSecurity?
    private let owner: (any SecurityOwner)?
    /// Why the security gave the connection up.
    private var refusal: SecurityError?
    private var isOpen = true
    /// When what is awaited is due, in nanoseconds of `SystemClock.monotonic()`, and for which serial of the link.
    private var deadline: (nanoseconds: Int, serial: Int)?
    private let listener: Listener?

    /// Connects to the first address of the host that answers, says EHLO, starts TLS if that is offered, and logs in.
    ///
    /// Without `security` TLS is used where it is there, and nobody logs in: a passive observer learns nothing.
    public convenience init(
        host: String, port: UInt16, options: Session.Options, security: ConnectionSecurity.Settings? = nil,
        owner: (any SecurityOwner)? = nil, listener: Listener? = nil
    ) throws(SMTPError) {
        let settings = security ?? .usual(host: host, port: port)
        try self.init(
            ConnectionTarget(.host(host, port: port)), options: options, security: settings, owner: owner,
            listener: listener)
    }

    /// Connects to the first address of the target that answers, and makes the session ready.
    ///
    /// Looking up names and connecting may take `connectMilliseconds` together. Without `security` there is no TLS.
    /// What the security refuses is an error of the kind `notSupported`; `security` keeps the details.
    public init(
        _ target: ConnectionTarget, connectMilliseconds: Int = 60_000, options: Session.Options,
        security settings: ConnectionSecurity.Settings? = nil, owner: (any SecurityOwner)? = nil,
        listener: Listener? = nil
    ) throws(SMTPError) {
        self.listener = listener
        let owner = owner ?? SilentOwner()
        self.owner = owner
        let (descriptor, address) = try Self.connect(target, connectMilliseconds)
        var near = settings
        near?.rules.isLoopback = address.isThisMachine
        security = near.map { ConnectionSecurity($0, owner: owner) }
        self.descriptor = descriptor
        link = Self.link(descriptor, options, security)
        pump { $0.isReady }
        if !link.session.isReady, let failed = security, case .inClear = failed.ended(link) {
            // Another try, without TLS.
            drop()
            let (descriptor, address) = try Self.connect(target, connectMilliseconds)
            let security = ConnectionSecurity(inClearAfter: failed, owner: owner, isLoopback: address.isThisMachine)
            self.security = security
            self.descriptor = descriptor
            isOpen = true
            link = Self.link(descriptor, options, security)
            pump { $0.isReady }
        }
        guard link.session.isReady else {
            drop()
            throw ended
        }
    }

    private static func link(
        _ descriptor: Int32, _ options: Session.Options, _ security: ConnectionSecurity?
    ) -> Link {
        let link = Link(SocketStream(descriptor), security?.session(options) ?? Session(options))
        link.session.connected(hasImplicitTLS: security?.isImplicit ?? false)
        return link
    }

    deinit { drop() }

    /// The extensions that the server offers, as `Session.extensions`.
    public var extensions: [[UInt8]] { link.session.extensions }
    /// Whether the server offers an extension; the keyword in any case.
    public func offers(_ keyword: String) -> Bool { link.session.offers(keyword) }
    /// Another message can be sent.
    public var isReady: Bool { link.session.isReady }
    /// TLS on the connection; nil without.
    public var tls: TLSFacts? { link.session.isSecured ? security?.tls : nil }
    /// What became of the login.
    public var login: LoginFacts? { security?.login }
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
        if isOpen {
            link.finish()
            Sockets.close(descriptor)
        }
        isOpen = false
    }

    private var ended: SMTPError {
        if let refusal { return SMTPError(refusal, security, at: link.session.stage) }
        guard var failure = link.session.failure else {
            return SMTPError(.connection, .quit, text: "connection closed")
        }
        security?.lostLogin(with: link.session)
        if failure.stage == .auth, let login = security?.login.failure, !login.isEmpty { failure.text = login }
        return failure
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
            if link.awaitsOwner {
                guard decide() else { break }
                continue
            }
            if !link.hasOutput { security?.waits(in: link.session.state) }
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
            deadline = (SystemClock.deadline(afterMilliseconds: milliseconds), link.deadlineSerial)
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

    /// TLS or the login has to be decided upon; false: the connection is given up.
    private func decide() -> Bool {
        switch security?.moved(link) ?? .goOn {
        case .goOn: return true
        case .inClear: return false
        case .stop(let error):
            refusal = error
            drop()
            return false
        }
    }

    private func report() {
        for event in link.session.takeEvents() { listener?(event) }
    }

    private static func connect(
        _ target: ConnectionTarget, _ milliseconds: Int
    ) throws(SMTPError) -> (Int32, SocketAddress) {
        let deadline = SystemClock.deadline(afterMilliseconds: milliseconds)
        do throws(TransportError) {
            let resolved = try Lookup.wait(for: target, deadline: deadline).get()
            return try ConnectionRace(resolved, deadline: deadline).wait()
        } catch {
            throw SMTPError(.connection, .connect, text: error.text)
        }
    }
}

private final class SilentOwner: SecurityOwner {}

extension SMTPError {
    /// Why a connection was given up before the first mail.
    fileprivate init(_ error: SecurityError, _ security: ConnectionSecurity?, at stage: Stage) {
        switch error {
        case .session(let error): self = error
        case .tls(let trouble): self.init(.notSupported, .tls, text: trouble.text)
        case .settings(let text): self.init(.internalFailure, .tls, text: text)
        case .secret(let text): self.init(.internalFailure, .auth, text: text)
        case .loginForbidden(let names):
            let text = "no login: \(security?.danger(of: names) ?? "it would not be safe")"
            self.init(.notSupported, .auth, text: text)
        case .loginFailed(let reply):
            self.init(.notSupported, .auth, reply: reply, text: security?.login.failure ?? "login failed")
        }
    }
}

extension ConnectionSecurity.Settings {
    private static let context = Result { () throws(TLSError) in try TLSClientContext(TLSSettings()) }

    /// TLS as the server offers it, verified against the system's store where a login is in play.
    public static func usual(host: String, port: UInt16, login: LoginSettings = LoginSettings()) -> Self {
        var rules = SecurityRules()
        rules.hasCredentials = login.isAskedFor
        rules.requiresLogin = rules.hasCredentials && (port == 465 || port == 587)
        rules.isImplicit = port == 465
        return Self(rules: rules, serverName: host, resumptionKey: "\(host) \(port)", login: login) {
            () throws(SecurityError) in
            do throws(TLSError) { return try context.get() } catch { throw .settings(error.text) }
        }
    }
}
