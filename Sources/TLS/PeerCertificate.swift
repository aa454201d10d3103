import COpenSSL

/// What a certificate says, for people and scripts. Its text is the peer's own, in one line, with control characters escaped.
public struct PeerCertificate: Equatable, Sendable {
    private let certificate: Certificate

    init(_ certificate: Certificate) { self.certificate = certificate }

    /// The subject as RFC 2253 writes it: `CN=mail.example,O=Example`.
    public var subject: String { certificate.subject }
    /// The issuer, likewise.
    public var issuer: String { certificate.issuer }
    /// The names and addresses that it is for (subjectAltName), as they are there.
    public var names: [String] { Self.names(of: certificate) }
    /// From when on it is valid: `2026-11-28T10:00:00Z`.
    public var notBefore: String { certificate.notBefore }
    /// Until when it is valid.
    public var notAfter: String { certificate.notAfter }
    /// The SHA-256 of the certificate in DER, in lower-case hex.
    public var certificateSHA256: String { Certificate.sha256(encoded) }
    /// The SHA-256 of its SubjectPublicKeyInfo in DER, in lower-case hex.
    public var keySHA256: String { Certificate.sha256(certificate.encodedKey) }
    /// The certificate in DER.
    public var encoded: [UInt8] { certificate.encoded }

    /// Whether they are the same certificate.
    public static func == (one: Self, other: Self) -> Bool { one.encoded == other.encoded }

    private static func names(of certificate: Certificate) -> [String] {
        // What it does not understand stays in OpenSSL's queue of errors.
        defer { ERR_clear_error() }
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
