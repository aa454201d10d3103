/// The mechanisms, strongest first: those that prove a password without telling it, those that need the server to prove
/// itself before the others, then those that tell a secret to whoever listens.
public enum Mechanism: String, CaseIterable, Sendable {
    /// RFC 7677, bound to TLS.
    case scramSHA256Plus = "SCRAM-SHA-256-PLUS"
    /// RFC 5802, bound to TLS.
    case scramSHA1Plus = "SCRAM-SHA-1-PLUS"
    /// RFC 7677.
    case scramSHA256 = "SCRAM-SHA-256"
    /// RFC 5802.
    case scramSHA1 = "SCRAM-SHA-1"
    /// RFC 2831.
    case digestMD5 = "DIGEST-MD5"
    /// RFC 2195.
    case cramMD5 = "CRAM-MD5"
    /// MS-NLMP, version 2 of its answers.
    case ntlm = "NTLM"
    /// RFC 7628.
    case oauthBearer = "OAUTHBEARER"
    /// Google's and Microsoft's.
    case xoauth2 = "XOAUTH2"
    /// RFC 4422 appendix A: the client's certificate.
    case external = "EXTERNAL"
    /// RFC 4616.
    case plain = "PLAIN"
    /// Never specified; two prompts.
    case login = "LOGIN"

    /// The mechanism of a name in any case.
    public init?(named name: String) {
        self.init(rawValue: Text.uppercased(name))
    }

    /// Whether it is bound to TLS, and cannot be had without.
    public var isBound: Bool { self == .scramSHA256Plus || self == .scramSHA1Plus }

    /// Whether whoever listens can read a secret that logs in again.
    public var isPlaintext: Bool { usesToken || self == .plain || self == .login }

    /// Whether it needs a bearer token.
    public var usesToken: Bool { self == .oauthBearer || self == .xoauth2 }

    /// Whether it needs a password.
    public var usesPassword: Bool { !usesToken && self != .external }

    /// Whether the server has to prove that it knows the password, too.
    public var provesServer: Bool {
        switch self {
        case .scramSHA256Plus, .scramSHA1Plus, .scramSHA256, .scramSHA1, .digestMD5: true
        case .cramMD5, .ntlm, .oauthBearer, .xoauth2, .external, .plain, .login: false
        }
    }

    /// Whether it needs a user's name: a certificate says whose it is, and so may a token (RFC 7628 §3.1).
    public var needsUserName: Bool { self != .external && self != .oauthBearer }

    /// Whether it can tell whom to act for.
    public var carriesIdentity: Bool { self != .cramMD5 && self != .ntlm && self != .xoauth2 && self != .login }

    /// The client's side of an exchange. Credentials that are missing or cannot be used with the mechanism, and what the
    /// machine lacks for it, are found here, before anything is said to the server.
    public func client(
        _ credentials: Credentials, _ context: ClientContext = ClientContext()
    ) throws(SASLError) -> any ClientMechanism {
        switch self {
        case .scramSHA256Plus, .scramSHA1Plus, .scramSHA256, .scramSHA1: try SCRAM(self, credentials, context)
        case .digestMD5: try DigestMD5(credentials, context)
        case .cramMD5: try CRAMMD5(credentials)
        case .ntlm: try NTLM(credentials, context)
        case .oauthBearer: try OAuthBearer(credentials)
        case .xoauth2: try XOAuth2(credentials)
        case .external: try External(credentials)
        case .plain: try Plain(credentials)
        case .login: try Login(credentials)
        }
    }
}
