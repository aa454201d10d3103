import COpenSSL

/// An SSL_CTX, which threads may share, with what both sides have in common.
@safe final class ContextHandle: Sendable {
    nonisolated(unsafe) let pointer: OpaquePointer

    init(isServer: Bool, minimum: TLSVersion, maximum: TLSVersion) throws(TLSError) {
        ERR_clear_error()
        guard let made = unsafe SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw TLSError(.settings, OpenSSLReason.words())
        }
        unsafe pointer = made
        guard unsafe copenssl_set_versions(made, minimum.number, maximum.number) == 1 else {
            throw TLSError(.settings, OpenSSLReason.words())
        }
        unsafe SSL_CTX_set_options(made, copenssl_no_renegotiation)
        // A connection that waits has no buffers; a write that was put off may be tried again from other memory.
        unsafe copenssl_set_mode(made, Int(SSL_MODE_RELEASE_BUFFERS) | Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
        unsafe copenssl_set_session_cache_mode(made, Int(SSL_SESS_CACHE_OFF))
    }

    deinit { unsafe SSL_CTX_free(pointer) }

    /// Presents this certificate; `what` names it in messages.
    func present(_ certificates: [Certificate], _ key: PEM.Key, what: String) throws(TLSError) {
        ERR_clear_error()
        guard let first = certificates.first, unsafe SSL_CTX_use_certificate(pointer, first.handle) == 1,
            unsafe SSL_CTX_use_PrivateKey(pointer, key.handle) == 1
        else { throw TLSError(.settings, "the \(what) cannot be used: \(OpenSSLReason.words())") }
        for certificate in certificates.dropFirst() {
            guard unsafe copenssl_add_chain_certificate(pointer, certificate.handle) == 1 else {
                throw TLSError(.settings, "the \(what) cannot be used: \(OpenSSLReason.words())")
            }
        }
    }
}
