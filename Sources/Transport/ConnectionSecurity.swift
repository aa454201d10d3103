import Crypto
import SASL
public import SMTP
public import TLS

/// TLS on a connection, for reports.
public struct TLSFacts: Sendable {
    /// What the peer's certificate was found to be.
    public enum Verdict: String, Sendable {
        /// Chain, name, time and usage are right.
        case verified
        /// It is one of those that were named.
        case pinned
        /// The program accepts it.
        case accepted
        /// It is not what it should be.
        case failed
    }

    /// TLS's version.
    public let version: TLSVersion?
    /// The cipher suite, as OpenSSL names it.
    public let cipher: String
    /// The name that the certificate was to have.
    public let serverName: String
    /// An earlier session was resumed.
    public let isResumed: Bool
    /// The peer's certificate.
    public let peer: PeerCertificate?
    /// The certificate's subject as RFC 2253 writes it, without secrets; empty without one.
    public var subject: String { shownSubject ?? peer?.subject ?? "" }
    /// nil: there is no secret to leave out.
    let shownSubject: String?
    /// What the certificate was found to be.
    public internal(set) var verdict: Verdict
    /// Why it is not what it should be; empty otherwise.
    public internal(set) var reason: String
    /// What else could make the certificate right.
    public let remedies: Remedies
}

/// What happens on a connection between EHLO and the first mail: TLS and the login, as the rules demand.
///
/// Whoever drives the link calls `moved` when the link awaits its owner, and `ended` when the session ended before a mail was
/// offered.
public final class ConnectionSecurity {
    /// How the connection goes on.
    public enum Next {
        /// As the link was told.
        case goOn
        /// It ends; another server may be tried.
        case stop(SecurityError)
        /// It ends, and the same server is asked on a new connection without TLS (`init(inClearAfter:)`).
        case inClear
    }

    /// Where a connection goes, and what is had from it.
    public struct Settings {
        /// What is demanded.
        public var rules: SecurityRules
        /// The name that the server's certificate must have, and that it is told (SNI).
        public var serverName: String
        /// Names the sessions of TLS that may be resumed: the host as it was given, and the port.
        public var resumptionKey: String
        /// Makes the context of TLS when it is needed.
        public var context: () throws(SecurityError) -> TLSClientContext
        /// The login.
        public var login: LoginSettings

        /// Settings.
        public init(
            rules: SecurityRules, serverName: String, resumptionKey: String, login: LoginSettings = LoginSettings(),
            context: @escaping () throws(SecurityError) -> TLSClientContext
        ) {
            self.rules = rules
            self.serverName = serverName
            self.resumptionKey = resumptionKey
            self.login = login
            self.context = context
        }
    }

    /// The form that a server's name has in TLS: its domain in ASCII. Throws `.settings` for what can be no name.
    public static func nameInTLS(of serverName: String) throws(SecurityError) -> String {
        let name: String
        switch InternationalDomain.toASCII(Array(serverName.utf8)) {
        case .success(let octets): name = String(decoding: octets, as: UTF8.self)
        case .failure(let error): throw .settings(error.text)
        }
        do throws(TLSError) { try TLSClientContext.check(serverName: name) } catch { throw .settings(error.text) }
        return name
    }

    /// What is demanded.
    public var rules: SecurityRules { settings.rules }
    /// TLS, once the handshake was complete.
    public private(set) var tls: TLSFacts?
    /// What is wrong with TLS, if something is.
    public private(set) var trouble: SecurityRules.Trouble?
    /// There was no handshake, since what the peer said is no TLS.
    public private(set) var isPeerInClear = false
    /// Why the owner could not say whether the trouble matters; empty if it could, or was not asked.
    public private(set) var ownerFailure = ""
    /// What became of the login.
    public internal(set) var login = LoginFacts()

    let settings: Settings
    weak var owner: (any SecurityOwner)?
    var exchange: LoginExchange?
    /// Made while the server's answer to STARTTLS was awaited.
    private var prepared: TLSConnection?
    /// The connection is another try after a handshake that failed.
    private let isInClear: Bool
    /// The owner has said that missing or unverified TLS will do.
    private var isInsecureAccepted: Bool

    /// The security of a new connection.
    public init(_ settings: Settings, owner: any SecurityOwner) {
        self.settings = settings
        self.owner = owner
        (isInClear, isInsecureAccepted) = (false, false)
    }

    /// The security of a connection without TLS, after one whose handshake failed.
    public init(inClearAfter other: ConnectionSecurity, owner: any SecurityOwner, isLoopback: Bool) {
        var settings = other.settings
        settings.rules.isLoopback = isLoopback
        self.settings = settings
        self.owner = owner
        trouble = other.trouble
        (isInClear, isInsecureAccepted) = (true, other.isInsecureAccepted)
    }

    /// TLS comes before the greeting.
    public var isImplicit: Bool { rules.isImplicit && !isInClear }

    /// A session that asks before it goes on, and that shows no secret which is known already: a server may have learnt it on
    /// an earlier connection.
    public func session(_ options: Session.Options) -> Session {
        var options = options
        options.asksForTLS = rules.mode != .none && !rules.isImplicit && !isInClear
        options.asksForLogin = rules.hasCredentials
        var session = Session(options)
        for secret in [settings.login.password, settings.login.token] { session.hide(secret) }
        return session
    }

    /// The secrets may be told to the peer.
    var mayTellSecrets: Bool {
        isInsecureAccepted || rules.mayLoginInsecurely || tls != nil && trouble == nil
    }

    /// The link awaits its owner.
    public func moved(_ link: Link) -> Next {
        switch link.session.state {
        case .setup: askForTLS(link)
        case .tls: link.connection == nil ? beginTLS(link) : judge(link)
        case .login, .challenge: logIn(link)
        default: .goOn
        }
    }

    /// The session ended before a mail was offered: what is done about it.
    public func ended(_ link: Link) -> Next {
        guard let failure = link.session.failure else { return .goOn }
        lostLogin(with: link.session)
        guard failure.stage == .tls, failure.kind == .connection else { return .stop(.session(failure)) }
        isPeerInClear = link.connection?.failure?.kind == .notTLS
        return met(.handshake(failure.text), link.session) { .goOn }
    }

    // MARK: TLS

    private func askForTLS(_ link: Link) -> Next {
        let proceed = { () -> Next in
            link.session.proceed()
            return .goOn
        }
        if let refusal = link.session.tlsRefusal { return met(.refused(refusal), link.session, otherwise: proceed) }
        // TCLLIB: a server may call it TLS.
        guard link.session.offers("STARTTLS") || link.session.offers("TLS") else {
            return met(.notOffered, link.session, otherwise: proceed)
        }
        link.session.startTLS()
        return .goOn
    }

    /// The session waits for the server: a good time to make the client's key if it is STARTTLS's answer that is awaited.
    public func waits(in state: Session.State) {
        guard state == .starttls, prepared == nil, let connection = try? connection() else { return }
        _ = try? connection.handshake()
        prepared = connection
    }

    private func beginTLS(_ link: Link) -> Next {
        do throws(SecurityError) {
            let connection = if let prepared = prepared.take() { prepared } else { try connection() }
            link.startTLS(connection)
            return .goOn
        } catch {
            return .stop(error)
        }
    }

    private func connection() throws(SecurityError) -> TLSConnection {
        let context = try settings.context()
        let name = try Self.nameInTLS(of: settings.serverName)
        do throws(TLSError) {
            return try TLSConnection(context, serverName: name, resumptionKey: settings.resumptionKey)
        } catch {
            throw .settings(error.text)
        }
    }

    /// The handshake is complete.
    private func judge(_ link: Link) -> Next {
        guard let connection = link.connection else { return .goOn }
        var facts = TLSFacts(
            version: connection.version, cipher: connection.cipher ?? "", serverName: settings.serverName,
            isResumed: connection.isResumed, peer: connection.peer,
            shownSubject: link.session.knowsSecrets ? link.session.shown(connection.peer?.subject ?? "") : nil,
            verdict: .verified, reason: "",
            remedies: connection.remedies)
        switch connection.verification {
        case .verified: break
        case .pinned: facts.verdict = .pinned
        case .failed(let reason): (facts.verdict, facts.reason) = (.failed, reason)
        }
        let isRejected = !validate(&facts)
        facts.reason = link.session.shown(facts.reason)
        tls = facts
        owner?.note("TLS \(facts.version?.rawValue ?? "") \(facts.cipher): \(facts.words)", isShown: true)
        let accept = { () -> Next in
            link.secured()
            return .goOn
        }
        guard facts.verdict == .failed else { return accept() }
        guard !isRejected else {
            trouble = .unverified(facts.reason)
            return .stop(.tls(.unverified(facts.reason)))
        }
        return met(.unverified(facts.reason), link.session, otherwise: accept)
    }

    /// Lets the owner have the last word; false: it does not want the peer, whatever the rules say.
    private func validate(_ facts: inout TLSFacts) -> Bool {
        let words: String
        do throws(SecurityError) {
            switch try owner?.isTrusted(facts) {
            case true?:
                (facts.verdict, facts.reason) = (.accepted, "")
                return true
            case false?: words = "the certificate is not accepted"
            case nil: return true
            }
        } catch {
            words = Self.words(error)
        }
        facts.verdict = .failed
        facts.reason += facts.reason.isEmpty ? words : "; \(words)"
        return false
    }

    private static func words(_ error: SecurityError) -> String {
        if case .secret(let text) = error { text } else { "\(error)" }
    }

    /// Something is wrong with TLS: the owner may say what that means, the rules decide.
    private func met(_ trouble: SecurityRules.Trouble, _ session: Session, otherwise goOn: () -> Next) -> Next {
        self.trouble = trouble
        // Most servers of a local network have no TLS.
        owner?.note(trouble.text, isShown: trouble != .notOffered)
        let answer = rules.isNegotiable(trouble) ? ask(trouble, session) : nil
        if answer == true { isInsecureAccepted = true }
        let verdict = rules.verdict(on: trouble, isAcceptable: answer)
        switch verdict {
        case .goOn: return goOn()
        case .inClear: return .inClear
        case .stop: return .stop(.tls(trouble))
        }
    }

    private func ask(_ trouble: SecurityRules.Trouble, _ session: Session) -> Bool? {
        ownerFailure = ""
        do throws(SecurityError) { return try owner?.isAcceptable(trouble) } catch {
            ownerFailure = session.shown(Self.words(error))
            owner?.note(ownerFailure, isShown: true)
            return false
        }
    }
}

extension Session {
    /// Leaves a password or a token out of what is told, in each form in which it may be said.
    mutating func hide(_ secret: Secret?) {
        guard let secret else { return }
        for form in Credentials.forms(of: secret) { hide(form) }
    }
}

extension TLSFacts {
    /// What the certificate was found to be, in words.
    public var words: String { reason.isEmpty ? verdict.rawValue : reason }
}

extension SecurityRules.Trouble {
    /// In words.
    public var text: String {
        switch self {
        case .notOffered: "the server does not offer STARTTLS"
        case .refused(let reply): "the server refuses STARTTLS: \(reply.words)"
        case .handshake(let text): "TLS handshake failed: \(text)"
        case .unverified(let text): "TLS verification failed: \(text)"
        }
    }
}

extension Reply {
    /// Code and text.
    var words: String { "\(code) \(String(decoding: diagnostic, as: UTF8.self))" }
}
