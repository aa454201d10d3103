import Crypto
import Octets

/// The SASL mechanisms that a sink can check, strongest first.
public enum LoginMechanism: String, CaseIterable, Sendable {
    /// What a lower layer knows of the client (RFC 4422, appendix A).
    case external = "EXTERNAL"
    /// SCRAM (RFC 7677), bound to the TLS connection.
    case scramSHA256Plus = "SCRAM-SHA-256-PLUS"
    /// SCRAM (RFC 5802), bound to the TLS connection.
    case scramSHA1Plus = "SCRAM-SHA-1-PLUS"
    /// SCRAM (RFC 7677).
    case scramSHA256 = "SCRAM-SHA-256"
    /// SCRAM (RFC 5802).
    case scramSHA1 = "SCRAM-SHA-1"
    /// RFC 2831.
    case digestMD5 = "DIGEST-MD5"
    /// RFC 2195.
    case cramMD5 = "CRAM-MD5"
    /// NTLMv2 (MS-NLMP, MS-SMTPNTLM).
    case ntlm = "NTLM"
    /// A bearer token (RFC 7628).
    case oauthBearer = "OAUTHBEARER"
    /// A bearer token, as Google has it.
    case xoauth2 = "XOAUTH2"
    /// RFC 4616.
    case plain = "PLAIN"
    /// A name and a password, each asked for.
    case login = "LOGIN"

    /// A mechanism by its name, in any case.
    public init?(name: some Collection<UInt8>) {
        guard let known = Self.allCases.first(where: { name.equalsIgnoringCase($0.rawValue.utf8) }) else { return nil }
        self = known
    }

    /// What a sink offers unless it is told otherwise: all but EXTERNAL, for which it knows nothing of clients.
    public static let usual = allCases.filter { $0 != .external }

    var takesToken: Bool { self == .oauthBearer || self == .xoauth2 }
    var bindsChannel: Bool { self == .scramSHA256Plus || self == .scramSHA1Plus }
    /// NTLM needs MD4, which OpenSSL may not have.
    var isAvailable: Bool { self != .ntlm || Self.hasMD4 }
    /// The server speaks first, and an initial response is an error (RFC 4954, 4); many clients of LOGIN send one.
    var forbidsInitialResponse: Bool { self == .cramMD5 || self == .digestMD5 }

    private static let hasMD4 = Digest.md4.isAvailable
}
