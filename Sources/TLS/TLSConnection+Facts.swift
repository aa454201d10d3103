import COpenSSL

extension TLSConnection {
    /// After the handshake: the version.
    public var version: TLSVersion? { isComplete ? unsafe TLSVersion(number: SSL_version(ssl)) : nil }

    /// After the handshake: the cipher, as OpenSSL names it.
    public var cipher: String? {
        guard isComplete, let cipher = unsafe SSL_get_current_cipher(ssl) else { return nil }
        return unsafe String(cString: SSL_CIPHER_get_name(cipher))
    }

    /// After the handshake: whether it resumed a session.
    public var isResumed: Bool { unsafe isComplete && SSL_session_reused(ssl) == 1 }

    /// What binds an authentication to this connection (RFC 5056), after the handshake; both sides have the same.
    ///
    /// - Parameter exporter: keying material, `tls-exporter` (RFC 9266); else the hash of the server's certificate,
    ///   `tls-server-end-point` (RFC 5929 section 4.1).
    /// - Returns: nil where there is none: TLS before 1.3 without an extended master secret (RFC 7627), a certificate whose
    ///   signature has no hash.
    public func channelBinding(exporter: Bool) -> [UInt8]? {
        guard isComplete else { return nil }
        defer { ERR_clear_error() }
        return exporter ? exportedKey() : serverEndPoint()
    }

    private func exportedKey() -> [UInt8]? {
        guard let version, unsafe version == .tls13 || copenssl_has_extended_master_secret(ssl) == 1 else { return nil }
        let label = "EXPORTER-Channel-Binding"
        var key = [UInt8](repeating: 0, count: 32)
        // The context is there and empty, which is not the same as none before TLS 1.3 (RFC 5705 section 4).
        guard unsafe SSL_export_keying_material(ssl, &key, key.count, label, label.utf8.count, [0], 0, 1) == 1 else {
            return nil
        }
        return key
    }

    private func serverEndPoint() -> [UInt8]? {
        let server = isServer ? ownCertificate : certificate
        var number: Int32 = NID_undef
        guard let server, unsafe X509_get_signature_info(server.handle, &number, nil, nil, nil) == 1 else { return nil }
        if number == NID_md5 || number == NID_sha1 { number = NID_sha256 }
        guard let function = unsafe EVP_get_digestbyname(OBJ_nid2sn(number)) else { return nil }
        let hash = unsafe Certificate.hash(server.encoded, function)
        return hash.isEmpty ? nil : hash
    }

    private var ownCertificate: Certificate? {
        guard let handle = unsafe SSL_get_certificate(ssl) else { return nil }
        unsafe X509_up_ref(handle)
        return unsafe Certificate(owning: handle)
    }
}
