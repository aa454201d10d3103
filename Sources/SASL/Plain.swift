/// PLAIN (RFC 4616): identity, user name and password, each after a NUL.
public struct Plain: ClientMechanism {
    /// The registered name.
    public let name = Mechanism.plain.rawValue
    /// The client speaks first.
    public let hasInitialResponse = true
    /// Whether the password was told.
    public private(set) var isComplete = false
    /// None.
    public let serverError: String? = nil

    private let credentials: PreparedCredentials
    private let authorizationIdentity: [UInt8]
    private var exchange = Exchange("PLAIN")

    /// An exchange. The password must not be empty.
    public init(_ credentials: Credentials) throws(SASLError) {
        self.credentials = try PreparedCredentials(credentials)
        guard !self.credentials.password.isEmpty else { throw SASLError(.credentials, "the password is empty") }
        authorizationIdentity = credentials.authorizationIdentity
    }

    /// Answers the prompt.
    public mutating func respond(to challenge: [UInt8]?) throws(SASLError) -> [UInt8] {
        _ = try exchange.take(challenge)
        try exchange.expectPrompt(challenge)
        isComplete = true
        // message = [authzid] UTF8NUL authcid UTF8NUL passwd
        return credentials.password.withOctets { password in
            Text.joined(authorizationIdentity, [0], credentials.userName, [0], copy password)
        }
    }
}
