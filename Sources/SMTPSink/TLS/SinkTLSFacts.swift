/// What is known of a connection's TLS.
public struct SinkTLSFacts: Equatable, Sendable {
    /// `TLS 1.3`
    public var version: String
    /// The cipher, as OpenSSL names it.
    public var cipher: String
    /// The name that the client asked for (SNI).
    public var serverName: String?
    /// The subject of the client's certificate.
    public var client: String?
    /// It began with the connection.
    public var isImplicit = false

    /// Facts.
    public init(version: String, cipher: String, serverName: String? = nil, client: String? = nil) {
        self.version = version
        self.cipher = cipher
        self.serverName = serverName
        self.client = client
    }
}

/// How a sink speaks TLS.
public enum SinkTLSMode: String, CaseIterable, Sendable {
    /// Not at all.
    case none
    /// After STARTTLS (RFC 3207).
    case starttls
    /// From the first octet on (RFC 8314, 3).
    case implicit
}
