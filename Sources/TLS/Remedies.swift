import COpenSSL

/// What else could make a certificate right that was not verified. One that has expired, say, nothing can.
public struct Remedies: Equatable, Sendable {
    /// Another name of the server: the certificate is not for the one that was asked for.
    public let otherName: Bool
    /// Another authority: nobody who issued the certificate is among those that are trusted.
    public let otherAuthority: Bool

    /// Nothing.
    public init() { (otherName, otherAuthority) = (false, false) }

    init(otherName: Bool, otherAuthority: Bool) {
        self.otherName = otherName
        self.otherAuthority = otherAuthority
    }
}

extension TLSConnection {
    /// After the handshake with a server that is not verified: what could mend it.
    ///
    /// - Parameter serverName: the name that the connection was made with.
    public func remedies(serverName: String) -> Remedies {
        guard case .failed(let reason) = verification, let certificate, let name = try? PeerName(serverName) else {
            return Remedies()
        }
        return Remedies(
            otherName: !certificate.isFor(name) && !PeerCertificate(certificate).names.isEmpty,
            otherAuthority: certificate.isCurrent && Self.wordsOfMissingIssuer.contains { reason.hasPrefix($0) })
    }

    /// What `Verification` begins with where more certificates in the store could help: OpenSSL's own words.
    private static let wordsOfMissingIssuer = [
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
        X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
        X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_CERT_UNTRUSTED,
    ].map { code in unsafe String(cString: X509_verify_cert_error_string(Int(code))) }
}

extension Certificate {
    /// Whether its time has begun and is not over.
    fileprivate var isCurrent: Bool {
        unsafe X509_cmp_current_time(X509_get0_notBefore(handle)) < 0
            && X509_cmp_current_time(X509_get0_notAfter(handle)) > 0
    }
}
