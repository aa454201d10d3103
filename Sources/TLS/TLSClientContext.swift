import COpenSSL

/// What the connections of a client have in common. Threads may share it; it keeps sessions for resumption.
public final class TLSClientContext: Sendable {
    /// What it was made of.
    public let settings: TLSSettings
    let handle: ContextHandle
    let trust: TrustStore
    let sessions: SessionCache?
    private let keyLog: KeyLog?

    /// Reads the files of the settings. The system's store is read when a certificate has to be verified first.
    ///
    /// - Throws: `.settings`: a file that is missing, empty or broken, a key that is not the certificate's or is encrypted, a
    ///   cipher that OpenSSL does not know; `.noKey`: no key where one has to be.
    public init(_ settings: TLSSettings) throws(TLSError) {
        self.settings = settings
        handle = try ContextHandle(isServer: false, minimum: settings.minimumVersion, maximum: .tls13)
        if let ciphers = settings.ciphers { try handle.allow(ciphers) }
        let level = unsafe SSL_CTX_get_security_level(handle.pointer)
        trust = try TrustStore(settings, securityLevel: level)
        // OpenSSL has no handshake of TLS 1.0 or 1.1 at any other level.
        if settings.minimumVersion < .tls12 { unsafe SSL_CTX_set_security_level(handle.pointer, 0) }
        sessions = settings.isResumable ? SessionCache() : nil
        keyLog = if let file = settings.keyLogFile { try KeyLog(file: file) } else { nil }
        try presentCertificate()
        // The certificate is looked at after the handshake, when it can be told what is wrong with it.
        unsafe SSL_CTX_set_verify(handle.pointer, SSL_VERIFY_NONE, nil)
        unsafe SSL_CTX_set_cert_verify_callback(handle.pointer, { _, _ in 1 }, nil)
        if !settings.isResumable { unsafe SSL_CTX_set_options(handle.pointer, copenssl_no_ticket) }
        if let keyLog {
            unsafe SSL_CTX_set_ex_data(handle.pointer, 0, Unmanaged.passUnretained(keyLog).toOpaque())
            unsafe SSL_CTX_set_keylog_callback(handle.pointer) { ssl, line in
                // SAFETY: a connection keeps its context, which keeps the log.
                guard let line = unsafe line, let log = unsafe SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), 0) else {
                    return
                }
                unsafe Unmanaged<KeyLog>.fromOpaque(log).takeUnretainedValue().add(line)
            }
        }
    }

    private func presentCertificate() throws(TLSError) {
        guard let path = settings.certificateFile else {
            guard let key = settings.keyFile else { return }
            throw TLSError(.settings, "there is no certificate for the key file \(printable(key))")
        }
        let certificates = try PEM.certificates(PEM.Source(file: path, what: "certificate file"))
        let keyPath = settings.keyFile ?? path
        let what = settings.keyFile == nil ? "certificate file" : "key file"
        let key = try PEM.key(PEM.Source(file: keyPath, what: what))
        guard let first = certificates.first, unsafe X509_check_private_key(first.handle, key.handle) == 1 else {
            ERR_clear_error()
            throw TLSError(
                .settings,
                "the key in \(printable(keyPath)) is not the one of the certificate in \(printable(path))")
        }
        try handle.present(certificates, key, what: "certificate in \(printable(path))")
    }
}

extension ContextHandle {
    /// Allows these ciphers and no others.
    fileprivate func allow(_ ciphers: String) throws(TLSError) {
        let names = ciphers.split { ":, ".contains($0) }.map(String.init)
        let newer = names.filter { $0.hasPrefix("TLS_") }, older = names.filter { !$0.hasPrefix("TLS_") }
        ERR_clear_error()
        guard !names.isEmpty, !ciphers.utf8.contains(0),
            unsafe newer.isEmpty || SSL_CTX_set_ciphersuites(pointer, newer.joined(separator: ":")) == 1,
            unsafe older.isEmpty || SSL_CTX_set_cipher_list(pointer, older.joined(separator: ":")) == 1
        else {
            throw TLSError(.settings, "OpenSSL knows no cipher of \(printable(ciphers)): \(OpenSSLReason.words())")
        }
    }
}
