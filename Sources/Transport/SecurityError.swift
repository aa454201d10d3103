public import Crypto
public import SASL
public import SMTP

/// Why a connection was given up before the first mail, for the sake of TLS or of a login.
public enum SecurityError: Error, Equatable, Sendable {
    /// TLS is missing or not as the rules demand.
    case tls(SecurityRules.Trouble)
    /// The settings of TLS are wrong.
    case settings(String)
    /// A login would tell a secret to whoever listens, or to an unknown: the mechanisms that were possible.
    case loginForbidden([String])
    /// The login failed, and the mail may not go without it; the server's last refusal, if there was one.
    case loginFailed(Reply?)
    /// A secret could not be had; why.
    case secret(String)
    /// The session ended by itself.
    case session(SMTPError)
}

/// What a program decides about a connection's security beyond its rules. Each has a usual answer.
///
/// The calls come from within `ConnectionSecurity.moved`; they may take their time, and may end the connection.
public protocol SecurityOwner: AnyObject {
    /// Whether the session may go on in spite of the trouble (`SecurityRules.isNegotiable`); nil: as the rules say. An error
    /// counts as no, with its reason.
    func isAcceptable(_ trouble: SecurityRules.Trouble) throws(SecurityError) -> Bool?
    /// The last word on a peer's certificate; nil: as it was verified. An error counts as no, with its reason.
    func isTrusted(_ facts: TLSFacts) throws(SecurityError) -> Bool?
    /// A password, where none was given.
    func password() throws(SecurityError) -> Secret?
    /// A bearer token, where none was given, and once more where the server has refused the first.
    func token() throws(SecurityError) -> Secret?
    /// The client's side of a mechanism of the program's own (`LoginSettings.others`).
    func mechanism(_ name: String, _ credentials: Credentials) throws(SASLError) -> any ClientMechanism
    /// Does the slow part of a login in another thread. `done` is called in this one, and after it `ConnectionSecurity.moved`;
    /// false: it is not, and the slow part is done here and now.
    func derive(_ slowPart: KeyDerivation, done: @escaping (Secret?) -> Void) -> Bool
    /// The exchange that ran is over.
    func loginEnded()
    /// Something to be written down, and shown to whoever debugs if `isShown`: no secret is in it.
    func note(_ text: String, isShown: Bool)
}

extension SecurityOwner {
    /// As the rules say.
    public func isAcceptable(_ trouble: SecurityRules.Trouble) throws(SecurityError) -> Bool? { nil }
    /// As it was verified.
    public func isTrusted(_ facts: TLSFacts) throws(SecurityError) -> Bool? { nil }
    /// None.
    public func password() throws(SecurityError) -> Secret? { nil }
    /// None.
    public func token() throws(SecurityError) -> Secret? { nil }
    /// There are none.
    public func mechanism(_ name: String, _ credentials: Credentials) throws(SASLError) -> any ClientMechanism {
        throw SASLError(.unavailable, "unknown mechanism")
    }
    /// It is not.
    public func derive(_ slowPart: KeyDerivation, done: @escaping (Secret?) -> Void) -> Bool { false }
    /// Nothing is to be done.
    public func loginEnded() {}
    /// Nobody reads it.
    public func note(_ text: String, isShown: Bool) {}
}
