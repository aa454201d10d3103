import COpenSSL
import Glibc

/// Certificates and keys in PEM (RFC 7468).
enum PEM {
    /// A private key, which counts its owners.
    @safe final class Key {
        let handle: OpaquePointer
        init(owning handle: OpaquePointer) { unsafe self.handle = handle }
        deinit { unsafe EVP_PKEY_free(handle) }
    }

    /// A reader of octets in memory or of a file.
    @safe final class Source {
        fileprivate let handle: OpaquePointer
        /// For messages.
        fileprivate let name: String

        /// `what` names the octets in messages.
        init(_ octets: [UInt8], what: String) throws(TLSError) {
            guard let memory = unsafe BIO_new(BIO_s_mem()) else { throw TLSError(.settings, OpenSSLReason.words()) }
            unsafe handle = memory
            name = what
            var written = 0
            _ = unsafe BIO_write_ex(memory, octets, octets.count, &written)
            unsafe copenssl_set_end_is_end(memory)
        }

        /// Opens a file; `what` says in messages which of the settings it is.
        init(file path: String, what: String) throws(TLSError) {
            name = "\(what) \(printable(path))"
            ERR_clear_error()
            guard !PEM.isFolder(path) else { throw TLSError(.settings, "cannot read the \(name): Is a directory") }
            guard !path.utf8.contains(0), let file = unsafe BIO_new_file(path, "r") else {
                throw TLSError(.settings, "cannot read the \(name): \(OpenSSLReason.words())")
            }
            unsafe handle = file
        }

        deinit { unsafe BIO_free(handle) }
    }

    /// All certificates, in their order; what else there is is passed over.
    ///
    /// - Throws: `.settings` where there is none, or one is broken.
    static func certificates(_ source: Source) throws(TLSError) -> [Certificate] {
        var certificates: [Certificate] = []
        ERR_clear_error()
        while let handle = unsafe PEM_read_bio_X509(source.handle, nil, nil, nil) {
            certificates.append(unsafe Certificate(owning: handle))
        }
        let reason = OpenSSLReason.drain()
        let isEnd = reason?.library == ERR_LIB_PEM && reason?.number == PEM_R_NO_START_LINE
        guard isEnd else {
            throw TLSError(.settings, "cannot read the \(source.name): \(reason?.text ?? "no certificate")")
        }
        guard !certificates.isEmpty else { throw TLSError(.settings, "there is no certificate in the \(source.name)") }
        return certificates
    }

    /// The first key.
    ///
    /// - Throws: `.noKey` where there is none, or it is broken; `.settings` where it is encrypted.
    static func key(_ source: Source) throws(TLSError) -> Key {
        ERR_clear_error()
        var isEncrypted = false
        let found = unsafe withUnsafeMutablePointer(to: &isEncrypted) { flag in
            // Without a function of ours OpenSSL would ask at the terminal.
            unsafe PEM_read_bio_PrivateKey(
                source.handle, nil,
                { _, _, _, flag in
                    unsafe flag?.assumingMemoryBound(to: Bool.self).pointee = true
                    return -1
                }, flag)
        }
        ERR_clear_error()
        guard let key = unsafe found else {
            // OpenSSL's own words for each of the others is that it does not support what there is.
            throw isEncrypted
                ? TLSError(
                    .settings, "the \(source.name) is encrypted; only a key without a passphrase can be used")
                : TLSError(.noKey, "there is no key in the \(source.name) that can be read")
        }
        return unsafe Key(owning: key)
    }

    /// Whether there is a folder of this name.
    static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    /// Certificates in PEM.
    static func encode(_ certificates: [Certificate]) -> [UInt8] {
        unsafe write { memory in
            for certificate in certificates { _ = unsafe PEM_write_bio_X509(memory, certificate.handle) }
        }
    }

    /// A key in PEM, PKCS #8, not encrypted.
    static func encode(_ key: Key) -> [UInt8] {
        unsafe write { memory in _ = unsafe PEM_write_bio_PrivateKey(memory, key.handle, nil, nil, 0, nil, nil) }
    }

    private static func write(_ body: (OpaquePointer) -> Void) -> [UInt8] {
        guard let memory = unsafe BIO_new(BIO_s_mem()) else { return [] }
        defer { unsafe BIO_free(memory) }
        unsafe body(memory)
        return unsafe takeAll(memory)
    }
}
