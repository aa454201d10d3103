/// What a client wants of TLS.
public struct TLSSettings: Equatable, Sendable {
    /// A PEM file with the certificates that are trusted, in place of the system's store.
    public var caFile: String?
    /// A folder with such certificates under the names that `openssl rehash` gives, in place of the system's store.
    public var caDirectory: String?
    /// A PEM file with the client's certificate, followed by those of its issuers.
    public var certificateFile: String?
    /// A PEM file with the client's key, not encrypted; nil: it is in `certificateFile`.
    public var keyFile: String?
    /// Ciphers as OpenSSL's `ciphers(1)` names them, separated by colons: those whose names begin with `TLS_` are for TLS 1.3,
    /// the others for older versions; where one half is missing, OpenSSL's own choice stays. nil: OpenSSL's choice.
    public var ciphers: String?
    /// A file to which the connections' secrets are added, for a program that shows what went over the wire: whoever can read it
    /// can read the connections. It is made for its owner alone. nil: none, whatever the environment says.
    public var keyLogFile: String?
    /// The oldest version that is good enough. Below 1.2 OpenSSL's security level is 0 for the handshake, not for certificates.
    public var minimumVersion = TLSVersion.tls12
    /// If there are any, one of them must match the server's certificate; what else there is to say about it does not count.
    public var pins: [CertificatePin] = []
    /// Whether sessions are kept and resumed (RFC 5077, RFC 8446 section 2.2).
    public var isResumable = true

    /// The system's store, TLS 1.2 or newer.
    public init() {}
}
