public import SMTP

/// What a client demands of TLS and of logins on one connection.
public struct SecurityRules: Equatable, Sendable {
    /// How TLS is had.
    public enum Mode: String, Sendable, CaseIterable {
        /// STARTTLS where it is offered; what goes wrong matters where credentials are in play.
        case auto
        /// Never.
        case none
        /// STARTTLS where it is offered; what goes wrong stops nothing, but credentials do not go out then.
        case optional
        /// STARTTLS, verified, or no mail; a login that was asked for must succeed.
        case starttls
        /// TLS from the start (RFC 8314), verified, or no mail; a login that was asked for must succeed.
        case implicit
    }

    /// What can be wrong with TLS.
    public enum Trouble: Equatable, Sendable {
        /// The server does not offer STARTTLS.
        case notOffered
        /// The server refuses STARTTLS.
        case refused(Reply)
        /// There was no handshake; why.
        case handshake(String)
        /// The peer's certificate was not verified; why.
        case unverified(String)
    }

    /// What is done then.
    public enum Verdict: Equatable, Sendable {
        /// The session goes on as it is.
        case goOn
        /// The session ends before anything of value went out.
        case stop
        /// A new connection is made to the server, without TLS.
        case inClear
    }

    /// How TLS is had.
    public var mode = Mode.auto
    /// TLS begins with the connection; `mode` may still be `auto`.
    public var isImplicit = false
    /// Whatever TLS there is must be verified.
    public var requiresVerification = false
    /// The client means to log in.
    public var hasCredentials = false
    /// Credentials may go out without verified TLS, because the user says so.
    public var allowsInsecureLogin = false
    /// A login that was asked for must succeed.
    public var requiresLogin = false
    /// The peer is this machine.
    public var isLoopback = false

    /// The usual rules.
    public init() {}

    /// No mail goes out without verified TLS.
    public var requiresTLS: Bool { mode == .starttls || mode == .implicit }

    /// Whether credentials may go out where TLS is missing, or not verified.
    public var mayLoginInsecurely: Bool { !requiresTLS && (allowsInsecureLogin || isLoopback) }

    /// Whether somebody else may judge the trouble (`-tlspolicy`).
    public func isNegotiable(_ trouble: Trouble) -> Bool {
        if case .unverified = trouble, requiresVerification { return false }
        return mode == .auto
    }

    /// What is done about a trouble; `isAcceptable` is what the judge said, if there is one.
    public func verdict(on trouble: Trouble, isAcceptable: Bool? = nil) -> Verdict {
        if requiresTLS { return .stop }
        if case .unverified = trouble, requiresVerification { return .stop }
        let isAcceptable = isNegotiable(trouble) ? isAcceptable : nil
        if isAcceptable == false { return .stop }
        switch trouble {
        case .notOffered, .refused: return .goOn
        // Who speaks TLS from the start understands nothing else.
        case .handshake where isImplicit: return .stop
        case .handshake: return isAcceptable == true || mode == .optional ? .inClear : .stop
        case .unverified:
            let isHarmless = !hasCredentials || mayLoginInsecurely || mode == .optional
            return isAcceptable == true || isHarmless ? .goOn : .stop
        }
    }
}
