import Crypto

/// CRAM-MD5 (RFC 2195): the user's name and the HMAC-MD5 of the challenge under the password.
public struct CRAMMD5: ClientMechanism {
    /// The registered name.
    public let name = Mechanism.cramMD5.rawValue
    /// The server speaks first.
    public let hasInitialResponse = false
    /// Whether the challenge was answered; the server proves nothing.
    public private(set) var isComplete = false
    /// None.
    public let serverError: String? = nil

    private let credentials: PreparedCredentials
    private var exchange = Exchange("CRAM-MD5")

    /// An exchange.
    public init(_ credentials: Credentials) throws(SASLError) {
        self.credentials = try PreparedCredentials(credentials)
    }

    /// Answers the challenge, which must not be empty.
    public mutating func respond(to challenge: [UInt8]?) throws(SASLError) -> [UInt8] {
        _ = try exchange.take(challenge)
        let challenge = try exchange.expectChallenge(challenge)
        guard !challenge.isEmpty else { throw SASLError(.challenge, "CRAM-MD5: an empty challenge") }
        let code = try credentials.password.withOctets { password throws(SASLError) in
            try Hashing.authenticationCode(.md5, of: challenge, key: password)
        }
        isComplete = true
        return credentials.userName + [0x20] + Text.hex(code)
    }
}
