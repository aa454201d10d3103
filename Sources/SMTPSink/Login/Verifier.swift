import Crypto
import Octets

/// The server's side of one exchange of a SASL mechanism, written from the mechanism's RFC: what a client sends is checked, not trusted.
protocol Verifier: Sendable {
    /// What the server says first; nil: the client begins.
    var firstChallenge: [UInt8]? { get }
    /// The identity that the client has claimed so far.
    var user: [UInt8] { get }
    /// Takes a response.
    mutating func step(_ response: [UInt8]) throws(CryptoError) -> LoginStep
}

/// What a response led to.
enum LoginStep: Equatable {
    /// The exchange goes on.
    case challenge([UInt8])
    /// The client is who it says.
    case accepted
    /// It is not; why, for the dialogue and without secrets.
    case refused(String)
    /// The response is none of the mechanism's.
    case malformed(String)
}

/// What the exchanges of a sink know.
struct LoginContext: Sendable {
    var users: [Account]
    var tokens: [Account]
    /// The server's name.
    var name: String
    /// What DIGEST-MD5 offers as realms.
    var realms: [String]
    /// The client's name by its certificate.
    var clientName: [UInt8]?
    /// The channel bindings that the connection has, by their names.
    var bindings: [String: [UInt8]]
    /// The mechanisms that were offered.
    var offered: [LoginMechanism]
    var fault: SASLFault?

    /// The verifier of a mechanism for one exchange.
    func verifier(of mechanism: LoginMechanism) throws(CryptoError) -> any Verifier {
        switch mechanism {
        case .plain: PlainVerifier(users: users)
        case .login: LoginVerifier(users: users)
        case .external: ExternalVerifier(users: users, clientName: clientName)
        case .cramMD5: CRAMVerifier(users: users, stamp: Self.hex(try Random.octets(8)), name: name)
        case .digestMD5: DigestVerifier(self, nonce: Self.hex(try Random.octets(16)))
        case .scramSHA1, .scramSHA1Plus, .scramSHA256, .scramSHA256Plus:
            SCRAMVerifier(
                self, mechanism, nonce: Base64.encode(try Random.octets(18), lineLength: 0), salt: try Random.octets(16)
            )
        case .ntlm: NTLMVerifier(users: users, challenge: try Random.octets(8), name: name)
        case .oauthBearer, .xoauth2: BearerVerifier(tokens: tokens, isGoogle: mechanism == .xoauth2)
        }
    }

    /// Lower-case hexadecimal digits.
    static func hex(_ octets: [UInt8]) -> [UInt8] {
        octets.flatMap { [($0 >> 4).hexDigit.asciiLowercased, $0.hexDigit.asciiLowercased] }
    }
}

/// What a sink does wrong on purpose within an exchange.
public enum SASLFault: Equatable, Sendable {
    /// Challenges without end.
    case endless
    /// A challenge of a million octets.
    case huge
    /// A challenge that is not base64.
    case badBase64
    /// SCRAM: a nonce that does not continue the client's. DIGEST-MD5: two nonces.
    case wrongNonce
    /// SCRAM, DIGEST-MD5: the server's proof is wrong.
    case wrongSignature
    /// SCRAM, DIGEST-MD5: success without the server's proof.
    case noFinal
    /// SCRAM: as many iterations as this text says.
    case iterations(String)
    /// SCRAM: an empty salt.
    case noSalt
    /// SCRAM: an extension that must be understood (`m=`).
    case `extension`
    /// SCRAM: the server's last message is `e=other-error`.
    case serverError
}
