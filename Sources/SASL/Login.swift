/// LOGIN: the user's name and the password, each to a prompt whose words do not count.
public struct Login: ClientMechanism {
    /// The registered name.
    public let name = Mechanism.login.rawValue
    /// The server speaks first.
    public let hasInitialResponse = false
    /// Whether the password was told.
    public private(set) var isComplete = false
    /// What a prompt says does not count, and some servers say it as it is.
    public let takesText = true
    /// None.
    public let serverError: String? = nil

    private let credentials: PreparedCredentials
    private var exchange = Exchange("LOGIN")

    /// An exchange.
    public init(_ credentials: Credentials) throws(SASLError) {
        self.credentials = try PreparedCredentials(credentials)
    }

    /// Answers the first prompt with the name, the second with the password.
    public mutating func respond(to challenge: [UInt8]?) throws(SASLError) -> [UInt8] {
        let step = try exchange.take(challenge)
        _ = try exchange.expectChallenge(challenge)
        if step == 0 {
            exchange.advance(to: 1)
            return credentials.userName
        }
        isComplete = true
        return credentials.password.withOctets { copy $0 }
    }
}
