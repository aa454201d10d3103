import COpenSSL
import Synchronization

/// The certificates that are trusted, and the check of a chain against them (RFC 5280 section 6).
final class TrustStore: Sendable {
    @safe private final class Handle: Sendable {
        nonisolated(unsafe) let pointer: OpaquePointer
        /// Whether nothing is left that could be read, too.
        let isWhole: Bool
        /// Until when it is as good as the files that it was read from.
        let until: ContinuousClock.Instant

        init(isWhole: Bool, isSystems: Bool) throws(TLSError) {
            guard let made = unsafe X509_STORE_new() else { throw TLSError(.settings, OpenSSLReason.words()) }
            unsafe pointer = made
            self.isWhole = isWhole
            let now = ContinuousClock.now
            until = now + (isSystems ? Finding.longestAge : .seconds(Int32.max))
        }

        deinit { unsafe X509_STORE_free(pointer) }
    }

    /// nil: the system's store, which nobody has needed yet. It is read anew after an hour; whoever names files sees to them.
    private let loaded: Mutex<Handle?>
    /// Chains without an objection: a server that resumes no session shows the same one each time.
    private let trusted = TrustedChains()
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
        let store = try Handle(isWhole: true, isSystems: false)
        loaded = Mutex(store)
        if let path = settings.caFile {
            for certificate in try PEM.certificates(PEM.Source(file: path, what: "CA file")) {
                unsafe X509_STORE_add_cert(store.pointer, certificate.handle)
            }
        }
        if let path = settings.caDirectory {
            guard !path.utf8.contains(0), PEM.isFolder(path), unsafe X509_STORE_load_path(store.pointer, path) == 1
            else {
                throw TLSError(.settings, "the CA directory \(printable(path)) is none")
            }
        }
        ERR_clear_error()
    }

    /// The settings' store, or the system's: its folder, of which certificates are read one by one, and its file only if a whole
    /// store is asked for, since that takes a hundred milliseconds.
    private func store(isWhole: Bool) -> Handle? {
        loaded.withLock { handle in
            if let handle, handle.isWhole || !isWhole, ContinuousClock.now < handle.until { return handle }
            guard let made = try? Handle(isWhole: isWhole, isSystems: true) else { return handle }
            let lookup = unsafe X509_STORE_add_lookup(made.pointer, X509_LOOKUP_hash_dir())
            unsafe X509_LOOKUP_ctrl(lookup, X509_L_ADD_DIR, nil, Int(X509_FILETYPE_DEFAULT), nil)
            if isWhole {
                let lookup = unsafe X509_STORE_add_lookup(made.pointer, X509_LOOKUP_file())
                unsafe X509_LOOKUP_ctrl(lookup, X509_L_FILE_LOAD, nil, Int(X509_FILETYPE_DEFAULT), nil)
            }
            ERR_clear_error()
            handle = made
            return made
        }
    }

    /// What is wrong with the certificate of a server, nil if it is to be trusted, and until when that holds. Whose it is has
    /// to be asked apart.
    ///
    /// - Parameter chain: what else the server sent, a stack of X509.
    func judge(
        _ certificate: Certificate, chain: OpaquePointer?
    ) -> (objection: Objection?, until: ContinuousClock.Instant) {
        let key = unsafe TrustedChains.key(certificate, chain)
        if let end = key.flatMap({ trusted.end(of: $0) }) { return (nil, end) }
        let store = store(isWhole: false)
        var result = unsafe verify(certificate, chain, in: store)
        if case .failure(let objection) = result, objection.isOfMissingIssuer, store?.isWhole == false {
            result = unsafe verify(certificate, chain, in: self.store(isWhole: true))
        }
        switch result {
        case .success(let end):
            if let key { trusted.insert(key, until: end) }
            return (nil, end)
        case .failure(let objection): return (objection, .now + Finding.longestAge)
        }
    }

    /// What is wrong with a chain.
    struct Objection: Error {
        let code: Int32
        let text: String

        /// Whether more certificates in the store could help.
        var isOfMissingIssuer: Bool {
            [
                X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
                X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_CERT_UNTRUSTED,
            ].contains(code)
        }
    }

    /// Until when the chain is good, or what is wrong with it.
    private func verify(
        _ certificate: Certificate, _ chain: OpaquePointer?, in store: Handle?
    ) -> Result<ContinuousClock.Instant, Objection> {
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let store, let context = unsafe X509_STORE_CTX_new() else {
            return .failure(Objection(code: 0, text: "no memory"))
        }
        defer { unsafe X509_STORE_CTX_free(context) }
        guard unsafe X509_STORE_CTX_init(context, store.pointer, certificate.handle, chain) == 1,
            unsafe X509_STORE_CTX_set_default(context, "ssl_server") == 1
        else { return .failure(Objection(code: 0, text: OpenSSLReason.words())) }
        let parameters = unsafe X509_STORE_CTX_get0_param(context)
        unsafe X509_VERIFY_PARAM_set_auth_level(parameters, securityLevel)
        // Whatever is in the store is trusted, not roots alone.
        unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        // SAFETY: the context does not own the store.
        return withExtendedLifetime(store) {
            guard unsafe X509_verify_cert(context) == 1 else {
                let code = unsafe X509_STORE_CTX_get_error(context)
                return .failure(Objection(code: code, text: unsafe words(context)))
            }
            return .success(unsafe end(of: X509_STORE_CTX_get0_chain(context)))
        }
    }

    /// An hour from now, or when the first certificate of a chain ends.
    private func end(of chain: OpaquePointer?) -> ContinuousClock.Instant {
        let now = ContinuousClock.now
        return unsafe (0..<max(OPENSSL_sk_num(chain), 0)).reduce(now + Finding.longestAge) { end, index in
            var days: Int32 = 0, seconds: Int32 = 0
            let last = unsafe X509_get0_notAfter(OpaquePointer(OPENSSL_sk_value(chain, index)))
            guard unsafe ASN1_TIME_diff(&days, &seconds, nil, last) == 1 else { return now }
            return min(end, now + .seconds(Int(days) * 86400 + Int(seconds)))
        }
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
