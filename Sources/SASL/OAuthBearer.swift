import Crypto

/// OAUTHBEARER (RFC 7628): a bearer token, with the host and port that it is meant for.
public struct OAuthBearer: ClientMechanism {
    /// The registered name.
    public let name = Mechanism.oauthBearer.rawValue
    /// The client speaks first.
    public let hasInitialResponse = true
    /// Whether the token was told, and the server has not refused it.
    public var isComplete: Bool { bearer.isComplete }
    /// The JSON of the refusal (RFC 7628 §3.2.2), cut.
    public var serverError: String? { bearer.serverError }

    private var bearer: BearerExchange
    private let head: [UInt8]

    /// An exchange. The identity is the authorization identity, or else the user's name; it may be empty.
    public init(_ credentials: Credentials) throws(SASLError) {
        bearer = try BearerExchange(.oauthBearer, credentials)
        let identity = credentials.authorizationIdentity
        let user = identity.isEmpty ? credentials.userName : identity
        // gs2-header = "n," [ "a=" saslname ] ","
        var head = Array("n,".utf8) + (user.isEmpty ? [] : Array("a=".utf8) + SCRAM.saslName(user))
        head += Array(",\u{1}host=\(credentials.host)\u{1}".utf8)
        if credentials.port != 0 { head += Array("port=\(credentials.port)\u{1}".utf8) }
        self.head = head
    }

    /// Answers the prompt with the token, and a refusal with the octet 1.
    public mutating func respond(to challenge: [UInt8]?) throws(SASLError) -> [UInt8] {
        try bearer.respond(to: challenge, head: head, refusal: [1])
    }
}

/// XOAUTH2: a bearer token in the form of Google and Microsoft.
public struct XOAuth2: ClientMechanism {
    /// The registered name.
    public let name = Mechanism.xoauth2.rawValue
    /// The client speaks first.
    public let hasInitialResponse = true
    /// Whether the token was told, and the server has not refused it.
    public var isComplete: Bool { bearer.isComplete }
    /// The JSON of the refusal, cut.
    public var serverError: String? { bearer.serverError }

    private var bearer: BearerExchange
    private let head: [UInt8]

    /// An exchange.
    public init(_ credentials: Credentials) throws(SASLError) {
        bearer = try BearerExchange(.xoauth2, credentials)
        guard !credentials.userName.isEmpty else { throw SASLError(.credentials, "there is no user name") }
        head = Array("user=".utf8) + credentials.userName + [1]
    }

    /// Answers the prompt with the token, and a refusal with nothing.
    public mutating func respond(to challenge: [UInt8]?) throws(SASLError) -> [UInt8] {
        try bearer.respond(to: challenge, head: head, refusal: [])
    }
}

/// What both have: a token, and a challenge that is the reason of a refusal.
private struct BearerExchange {
    private(set) var isComplete = false
    private(set) var serverError: String?
    private let token: Secret
    private var exchange: Exchange

    init(_ mechanism: Mechanism, _ credentials: Credentials) throws(SASLError) {
        try PreparedCredentials.check(credentials)
        token = try PreparedCredentials.token(credentials)
        exchange = Exchange(mechanism.rawValue)
    }

    mutating func respond(to challenge: [UInt8]?, head: [UInt8], refusal: [UInt8]) throws(SASLError) -> [UInt8] {
        isComplete = false
        if try exchange.take(challenge) == 0 {
            try exchange.expectPrompt(challenge)
            exchange.advance(to: 1)
            isComplete = true
            return token.withOctets { Text.joined(head, Array("auth=Bearer ".utf8), copy $0, [1, 1]) }
        }
        let reason = try exchange.expectChallenge(challenge)
        serverError = token.withOctets { Text.shown(reason, hiding: copy $0) }
        return refusal
    }
}
