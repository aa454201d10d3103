import COpenSSL

/// What the connections of a server have in common. Threads may share it. It is for tests: it allows weak keys and old versions.
public final class TLSServerContext: Sendable {
    let handle: ContextHandle

    /// A server that presents this identity.
    ///
    /// - Parameter asksForCertificate: whether it asks the client for a certificate. Anyone's is accepted; `TLSConnection.peer`
    ///   tells which it was.
    /// - Throws: `.settings` where OpenSSL cannot use the identity.
    public init(
        _ identity: TLSIdentity, minimum: TLSVersion = .tls12, maximum: TLSVersion = .tls13,
        asksForCertificate: Bool = false
    ) throws(TLSError) {
        handle = try ContextHandle(isServer: true, minimum: minimum, maximum: maximum)
        unsafe SSL_CTX_set_security_level(handle.pointer, 0)
        try handle.present(identity.certificates(), identity.key(), what: "certificate")
        unsafe SSL_CTX_set_session_id_context(handle.pointer, "tclmail", 7)
        if asksForCertificate {
            unsafe SSL_CTX_set_verify(handle.pointer, SSL_VERIFY_PEER, nil)
            unsafe SSL_CTX_set_cert_verify_callback(handle.pointer, { _, _ in 1 }, nil)
        }
    }
}
