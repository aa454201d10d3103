import Crypto
import Octets
import SASL

/// Octets of text.
func octets(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Octets of hexadecimal digits; blanks are passed over.
func hex(_ digits: String) -> [UInt8] {
    let values = digits.utf8.filter { !$0.isBlank }.map { $0.isDigit ? $0 - 48 : ($0 | 32) - 87 }
    return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
}

/// Text of octets.
func text(_ octets: [UInt8]) -> String { String(decoding: octets, as: UTF8.self) }

/// Credentials for `mail.example`.
func credentials(
    _ user: String, _ password: String? = nil, token: String? = nil, as identity: String = "", realm: String = "",
    host: String = "mail.example", service: String = "smtp", port: Int = 0
) -> Credentials {
    var credentials = Credentials(
        userName: octets(user), password: password.map { Secret(octets($0)) }, token: token.map { Secret(octets($0)) },
        host: host)
    credentials.authorizationIdentity = octets(identity)
    credentials.realm = octets(realm)
    credentials.service = service
    credentials.port = port
    return credentials
}

/// A context whose nonce is known.
func context(nonce: String, bindings: [ChannelBinding] = [], offered: [String] = []) -> ClientContext {
    var context = ClientContext(bindings: bindings, offered: offered)
    context.nonce = { octets(nonce) }
    return context
}

/// The error of a body; nil if it has none.
func saslError<T>(_ body: () throws -> T) -> SASLError? {
    do { _ = try body() } catch { return error as? SASLError }
    return nil
}

/// The dialogue of RFC 5802 §5 and of RFC 7677 §3, and what their user has.
struct ScramDialogue: Sendable {
    let mechanism: Mechanism
    let nonce: String
    let serverFirst: String
    let proof: String
    let signature: String

    static let sha1 = ScramDialogue(
        mechanism: .scramSHA1, nonce: "fyko+d2lbbFgONRv9qkxdawL",
        serverFirst: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
        proof: "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", signature: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")
    static let sha256 = ScramDialogue(
        mechanism: .scramSHA256, nonce: "rOprNGfwEbeRWgbNEkqO",
        serverFirst: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        proof: "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        signature: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")

    func client(_ user: String = "user", _ password: String = "pencil") throws -> SCRAM {
        try SCRAM(mechanism, credentials(user, password), context(nonce: nonce))
    }
}

/// The challenges of RFC 2831 §4, and of MS-NLMP §4.2.4.3.
enum Challenges {
    static let digest = """
        realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8
        """
    static let digestProof = "rspauth=ea40f60335c427b5527b84dbabcdfffd"
    static let ntlm = hex(
        """
        4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000 2400240044000000 \
        060070170000000f 530065007200760065007200 \
        02000c0044006f006d00610069006e00 01000c005300650072007600650072000000 0000
        """)

    /// A client in the middle of RFC 2831's first dialogue.
    static func digestClient() throws -> DigestMD5 {
        try DigestMD5(
            credentials("chris", "secret", host: "elwood.innosoft.com", service: "imap"),
            context(nonce: "OA6MHXh6VqTrRk"))
    }

    /// A client with the values of MS-NLMP §4.2.1.
    static func ntlmClient(
        _ user: String = "Domain\\User", realm: String = "", bindings: [ChannelBinding] = []
    ) throws -> NTLM {
        var context = ClientContext(bindings: bindings)
        context.nonce = { [UInt8](repeating: 0xAA, count: 8) }
        context.time = 0
        return try NTLM(credentials(user, "Password", realm: realm), context)
    }
}
