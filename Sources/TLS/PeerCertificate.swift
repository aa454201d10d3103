import COpenSSL

/// What a certificate says, for people and scripts. Its text is the peer's own, in one line, with control characters escaped.
public struct PeerCertificate: Equatable, Sendable {
    /// The subject as RFC 2253 writes it: `CN=mail.example,O=Example`.
    public let subject: String
    /// The issuer, likewise.
    public let issuer: String
    /// The names and addresses that it is for (subjectAltName), as they are there.
    public let names: [String]
    /// From when on it is valid: `2026-11-28T10:00:00Z`.
    public let notBefore: String
    /// Until when it is valid.
    public let notAfter: String
    /// The SHA-256 of the certificate in DER, in lower-case hex.
    public let certificateSHA256: String
    /// The SHA-256 of its SubjectPublicKeyInfo in DER, in lower-case hex.
    public let keySHA256: String
    /// The certificate in DER.
    public let encoded: [UInt8]

    init(_ certificate: Certificate) {
        subject = certificate.subject
        issuer = certificate.issuer
        names = Self.names(of: certificate)
        notBefore = certificate.notBefore
        notAfter = certificate.notAfter
        encoded = certificate.encoded
        certificateSHA256 = Certificate.sha256(encoded)
        keySHA256 = Certificate.sha256(certificate.encodedKey)
        ERR_clear_error()
    }

    private static func names(of certificate: Certificate) -> [String] {
        guard let found = unsafe X509_get_ext_d2i(certificate.handle, NID_subject_alt_name, nil, nil) else { return [] }
        let list = OpaquePointer(found)
        defer { unsafe GENERAL_NAMES_free(list) }
        return unsafe (0..<OPENSSL_sk_num(list)).compactMap { index in
            guard let item = unsafe OPENSSL_sk_value(list, index) else { return nil }
            let name = unsafe item.assumingMemoryBound(to: GENERAL_NAME.self).pointee
            return switch unsafe name.type {
            case GEN_DNS: unsafe printable(String(decoding: octets(name.d.dNSName), as: UTF8.self))
            case GEN_IPADD: unsafe PeerName.text(ofAddress: octets(name.d.iPAddress))
            default: nil
            }
        }
    }

    private static func octets(_ string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
        guard let start = unsafe ASN1_STRING_get0_data(string) else { return [] }
        return unsafe Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string))))
    }
}
