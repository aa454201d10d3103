import COpenSSL

/// A certificate with those of its issuers, and its key.
public struct TLSIdentity: Sendable {
    /// The certificate, then those of its issuers up to the root's, which a peer must have itself; PEM.
    public let certificatePEM: [UInt8]
    /// The key, PKCS #8 in PEM, not encrypted.
    public let keyPEM: [UInt8]

    /// Reads two files, which may be the same.
    ///
    /// - Throws: `.settings`: a file that cannot be read or has none, an encrypted key, one that is not the certificate's.
    public init(certificateFile: String, keyFile: String) throws(TLSError) {
        let certificates = try PEM.certificates(PEM.Source(file: certificateFile, what: "certificate file"))
        let key = try PEM.key(PEM.Source(file: keyFile, what: "key file"))
        try self.init(certificates, key)
    }

    /// Takes what is in memory.
    ///
    /// - Throws: `.settings`, as above.
    public init(certificatePEM: [UInt8], keyPEM: [UInt8]) throws(TLSError) {
        try self.init(
            PEM.certificates(PEM.Source(certificatePEM, what: "certificate")), PEM.key(PEM.Source(keyPEM, what: "key")))
    }

    init(_ certificates: [Certificate], _ key: PEM.Key) throws(TLSError) {
        ERR_clear_error()
        guard let first = certificates.first, unsafe X509_check_private_key(first.handle, key.handle) == 1 else {
            throw TLSError(.settings, "the key is not the certificate's: \(OpenSSLReason.words())")
        }
        certificatePEM = PEM.encode(certificates)
        keyPEM = PEM.encode(key)
    }

    /// What the certificate says.
    public var certificate: PeerCertificate? { try? PeerCertificate(certificates()[0]) }

    func certificates() throws(TLSError) -> [Certificate] {
        try PEM.certificates(PEM.Source(certificatePEM, what: "certificate"))
    }

    func key() throws(TLSError) -> PEM.Key { try PEM.key(PEM.Source(keyPEM, what: "key")) }
}
