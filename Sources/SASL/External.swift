/// EXTERNAL (RFC 4422 appendix A): the server knows the client by its certificate.
public struct External: ClientMechanism {
    /// The registered name.
    public let name = Mechanism.external.rawValue
    /// The client speaks first.
    public let hasInitialResponse = true
    /// Whether the client has spoken.
    public private(set) var isComplete = false
    /// None.
    public let serverError: String? = nil

    private let authorizationIdentity: [UInt8]
    private var exchange = Exchange("EXTERNAL")

    /// An exchange. Only the authorization identity is told, which may be empty.
    public init(_ credentials: Credentials) throws(SASLError) {
        try PreparedCredentials.check(credentials)
        authorizationIdentity = credentials.authorizationIdentity
    }

    /// Answers the prompt.
    public mutating func respond(to challenge: [UInt8]?) throws(SASLError) -> [UInt8] {
        _ = try exchange.take(challenge)
        try exchange.expectPrompt(challenge)
        isComplete = true
        return authorizationIdentity
    }
}
