import COpenSSL
import Synchronization

/// The certificates that are trusted, and the check of a chain against them (RFC 5280 section 6).
final class TrustStore: Sendable {
    @safe private final class Handle: Sendable {
        nonisolated(unsafe) let pointer: OpaquePointer
        init() throws(TLSError) {
            guard let made = unsafe X509_STORE_new() else { throw TLSError(.settings, OpenSSLReason.words()) }
            unsafe pointer = made
        }
        deinit { unsafe X509_STORE_free(pointer) }
    }

    /// nil: the system's store, which nobody has needed yet; it takes milliseconds to load.
    private let loaded: Mutex<Handle?>
    /// OpenSSL's security level, which decides about short keys and old hashes.
    private let securityLevel: Int32

    /// Loads the settings' file and folder, if there are any.
    ///
    /// - Throws: `.settings`: a file that cannot be read, has no certificate, or a broken one; a folder that is none.
    init(_ settings: TLSSettings, securityLevel: Int32) throws(TLSError) {
        self.securityLevel = securityLevel
        guard settings.caFile != nil || settings.caDirectory != nil else {
            loaded = Mutex(nil)
            return
        }
        let store = try Handle()
        loaded = Mutex(store)
        if let path = settings.caFile {
            for certificate in try PEM.certificates(PEM.Source(file: path, what: "CA file")) {
                unsafe X509_STORE_add_cert(store.pointer, certificate.handle)
            }
        }
        if let path = settings.caDirectory {
            guard PEM.isFolder(path), unsafe X509_STORE_load_path(store.pointer, path) == 1 else {
                throw TLSError(.settings, "the CA directory \(printable(path)) is none")
            }
        }
        ERR_clear_error()
    }

    private func store() -> Handle? {
        loaded.withLock { handle in
            if handle == nil, let made = try? Handle() {
                unsafe X509_STORE_set_default_paths(made.pointer)
                ERR_clear_error()
                handle = made
            }
            return handle
        }
    }

    /// Why the certificate of a server is not to be trusted, nil if it is. Whose it is has to be asked apart.
    ///
    /// - Parameter chain: what else the server sent, a stack of X509.
    func objection(to certificate: Certificate, chain: OpaquePointer?) -> String? {
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let store = store(), let context = unsafe X509_STORE_CTX_new() else { return "no memory" }
        defer { unsafe X509_STORE_CTX_free(context) }
        guard unsafe X509_STORE_CTX_init(context, store.pointer, certificate.handle, chain) == 1,
            unsafe X509_STORE_CTX_set_default(context, "ssl_server") == 1
        else { return OpenSSLReason.words() }
        let parameters = unsafe X509_STORE_CTX_get0_param(context)
        unsafe X509_VERIFY_PARAM_set_auth_level(parameters, securityLevel)
        // Whatever is in the store is trusted, not roots alone.
        unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        return unsafe X509_verify_cert(context) == 1 ? nil : unsafe words(context)
    }

    private func words(_ context: OpaquePointer) -> String {
        let code = unsafe X509_STORE_CTX_get_error(context)
        let words = unsafe String(cString: X509_verify_cert_error_string(Int(code)))
        guard let handle = unsafe X509_STORE_CTX_get_current_cert(context) else { return words }
        unsafe X509_up_ref(handle)
        let certificate = unsafe Certificate(owning: handle)
        let depth = unsafe X509_STORE_CTX_get_error_depth(context)
        return words + (depth > 0 ? " at \(certificate.subject)" : "") + detail(code, certificate)
    }

    private func detail(_ code: Int32, _ certificate: Certificate) -> String {
        switch code {
        case X509_V_ERR_CERT_HAS_EXPIRED: " (\(certificate.notAfter))"
        case X509_V_ERR_CERT_NOT_YET_VALID: " (\(certificate.notBefore))"
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            " (\(certificate.issuer))"
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL:
            " (\(certificate.keyKind); OpenSSL's security level is \(securityLevel) here)"
        case X509_V_ERR_CA_MD_TOO_WEAK: " (OpenSSL's security level is \(securityLevel) here)"
        default: ""
        }
    }
}
