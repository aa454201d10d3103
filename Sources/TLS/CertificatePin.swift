import Octets

/// The SHA-256 of a certificate, or of its key, that a peer must have.
public struct CertificatePin: Equatable, Sendable {
    /// What is hashed.
    enum Kind: String {
        /// The key, as SubjectPublicKeyInfo in DER (RFC 7469 section 2.4).
        case key = "spki-sha256"
        /// The whole certificate in DER.
        case certificate = "cert-sha256"
    }

    let kind: Kind
    /// 32 octets in lower-case hex.
    let hash: String

    /// Reads `spki-sha256:…` or `cert-sha256:…`: 64 hex digits, with colons or without, or base64.
    ///
    /// - Throws: `.settings` where it is neither.
    public init(_ text: String) throws(TLSError) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let kind = Kind(rawValue: parts[0].lowercased()),
            let hash = Self.hexadecimal(parts[1].utf8) ?? Self.base64(parts[1].utf8)
        else {
            throw TLSError(
                .settings,
                "not a fingerprint: \(printable(text)); spki-sha256: or cert-sha256: and 64 hex digits or base64")
        }
        self.kind = kind
        self.hash = hash
    }

    /// Whether it is the pin of this certificate.
    func matches(_ certificate: PeerCertificate) -> Bool {
        switch kind {
        case .key: certificate.keySHA256 == hash
        case .certificate: certificate.certificateSHA256 == hash
        }
    }

    private static func hexadecimal(_ text: Substring.UTF8View) -> String? {
        let digits = text.filter { $0 != UInt8(ascii: ":") }
        guard digits.count == 64, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return nil }
        return String(decoding: digits, as: UTF8.self).lowercased()
    }

    private static func base64(_ text: Substring.UTF8View) -> String? {
        let octets = Base64.decode(Array(text))
        // As it is written back, so that nothing was passed over.
        guard octets.count == 32, Base64.encode(octets, lineLength: 0).starts(with: text.prefix(43)),
            text.count == 43 || text.count == 44 && text.last == UInt8(ascii: "=")
        else { return nil }
        return hex(octets)
    }
}
