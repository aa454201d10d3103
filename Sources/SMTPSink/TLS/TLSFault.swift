/// What a sink does wrong on purpose in a TLS handshake.
public enum TLSFault: String, CaseIterable, Sendable {
    /// A certificate that nobody else has signed.
    case selfSigned = "self-signed"
    /// One that was valid until yesterday.
    case expired
    /// One that will be valid tomorrow.
    case notYetValid = "not-yet-valid"
    /// One for other.example.
    case wrongName = "wrong-name"
    /// One for clients.
    case wrongUsage = "wrong-usage"
    /// One with a key of RSA with 1024 bits.
    case weakKey = "weak-key"
    /// TLS 1.0 and nothing newer.
    case old
    /// The handshake is answered by a reply of SMTP.
    case plaintext
    /// The connection ends without close_notify.
    case truncate
    /// The handshake is answered by octets that are none of TLS.
    case garbage
    /// The connection is closed within the handshake.
    case drop
    /// The connection is reset within the handshake.
    case reset
    /// The handshake is not answered.
    case stall

    /// What the action `tls` may ask for; the others are actions of their own.
    static let named = allCases.prefix { $0 != .truncate }

    var isOfCertificate: Bool {
        switch self {
        case .selfSigned, .expired, .notYetValid, .wrongName, .wrongUsage, .weakKey: true
        default: false
        }
    }

    /// There is no handshake of ours.
    var isPretence: Bool {
        switch self {
        case .plaintext, .garbage, .drop, .reset, .stall: true
        default: false
        }
    }
}
