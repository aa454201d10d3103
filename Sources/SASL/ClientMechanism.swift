public import Crypto

/// The client's side of one exchange of a SASL mechanism (RFC 4422 §3): a state machine of challenges and responses.
///
/// The profile (RFC 4954 for SMTP) encodes both, sends the initial response where the mechanism has one, and decides what a
/// refusal means. No challenge makes it trap; each is answered in bounded time.
public protocol ClientMechanism {
    /// The name, as in the server's list.
    var name: String { get }
    /// Whether the client speaks first.
    var hasInitialResponse: Bool { get }
    /// Whether all that the mechanism demands of the server has come: success before that is no success.
    var isComplete: Bool { get }
    /// Why the server refuses, as far as the mechanism carries that: the JSON of a bearer token's error challenge
    /// (RFC 7628 §3.2.2), SCRAM's `e=`. Cut to some hundred octets.
    var serverError: String? { get }
    /// Answers a challenge (decoded from base64), at most 64 KB; nil asks for the initial response. After an error the
    /// exchange has to be cancelled.
    mutating func respond(to challenge: [UInt8]?) throws(SASLError) -> [UInt8]
    /// Whether a challenge that is no base64 is answered, too: it is handed over as it is.
    var takesText: Bool { get }
    /// What takes long of the answer to a challenge: whoever must not wait has it done elsewhere, hands the result over, and
    /// then asks for the response. `respond` does without, too.
    func slowPart(of challenge: [UInt8]) -> KeyDerivation?
    /// The result of the slow part, nil if there is none.
    mutating func take(_ key: Secret?, of slowPart: KeyDerivation)
}

/// Who logs in, and where.
public struct Credentials: Sendable {
    /// The authentication identity, UTF-8.
    public var userName: [UInt8]
    /// The password, UTF-8.
    public var password: Secret?
    /// The bearer token (RFC 6750).
    public var token: Secret?
    /// Whom to act for; empty: the user.
    public var authorizationIdentity: [UInt8] = []
    /// The realm to choose; empty: the server's first, or none.
    public var realm: [UInt8] = []
    /// The service's name in the registry of GSSAPI.
    public var service = "smtp"
    /// The server, as the caller named it.
    public var host: String
    /// The server's port; 0: unknown.
    public var port = 0

    /// Credentials for a host.
    public init(userName: [UInt8], password: Secret? = nil, token: Secret? = nil, host: String) {
        self.userName = userName
        self.password = password
        self.token = token
        self.host = host
    }
}

/// What binds an exchange to its TLS connection (RFC 5056, RFC 5929, RFC 9266).
public struct ChannelBinding: Sendable {
    /// The kinds.
    public enum Kind: String, Sendable, CaseIterable {
        /// Keying material of the connection (RFC 9266).
        case tlsExporter = "tls-exporter"
        /// The hash of the server's certificate (RFC 5929 §4).
        case tlsServerEndPoint = "tls-server-end-point"
    }

    /// The kind.
    public var kind: Kind
    /// The data.
    public var octets: [UInt8]

    /// A binding.
    public init(_ kind: Kind, _ octets: [UInt8]) {
        self.kind = kind
        self.octets = octets
    }
}
