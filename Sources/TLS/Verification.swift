/// Whether a server is who it has to be.
public enum Verification: Equatable, Sendable {
    /// Its certificate is valid, for its name, and comes from somebody who is trusted.
    case verified
    /// Its certificate or its key is one of those that were asked for.
    case pinned
    /// It is not known who it is; why, in words: "certificate has expired (2026-11-28T10:00:00Z)". In one line; parts of it
    /// may be text of the certificate, with control characters escaped.
    case failed(reason: String)

    /// Whether the server is the one that was meant.
    public var isTrusted: Bool { self == .verified || self == .pinned }
}

extension TLSClientContext {
    /// Looks at a server's certificate.
    func verify(_ certificate: Certificate?, chain: OpaquePointer?, name: PeerName) -> Finding {
        let longest = ContinuousClock.now + Finding.longestAge
        guard let certificate else {
            return Finding(verification: .failed(reason: "the server has no certificate"), until: longest)
        }
        guard settings.pins.isEmpty else { return Finding(verification: pinned(certificate), until: longest) }
        let (objection, end) = unsafe trust.judge(certificate, chain: chain)
        let objectionToName = Self.objection(to: certificate, name: name)
        let objections = [objection?.text, objectionToName].compactMap { $0 }
        guard !objections.isEmpty else { return Finding(verification: .verified, until: end) }
        return Finding(
            verification: .failed(reason: objections.joined(separator: "; ")), until: end,
            remedies: Remedies(
                otherName: objectionToName != nil && !PeerCertificate(certificate).names.isEmpty,
                otherAuthority: objection?.isOfMissingIssuer == true && certificate.isCurrent))
    }

    private func pinned(_ certificate: Certificate) -> Verification {
        let peer = PeerCertificate(certificate)
        return settings.pins.contains { $0.matches(peer) }
            ? .pinned
            : .failed(
                reason: "the certificate is none of those asked for: it is cert-sha256:\(peer.certificateSHA256), "
                    + "its key spki-sha256:\(peer.keySHA256)")
    }

    private static func objection(to certificate: Certificate, name: PeerName) -> String? {
        guard !certificate.isFor(name) else { return nil }
        let names = PeerCertificate(certificate).names
        let wanted: String
        switch name {
        case .host(let text): wanted = text
        case .address(let text):
            wanted = text
            if names.contains(text) { return "the certificate has \(text) as a host's name, not as an address" }
        case .none: wanted = "a server without a name"
        }
        return names.isEmpty
            ? "the certificate has no names, only the subject \(certificate.subject), which is not enough for \(wanted)"
            : "the certificate is for \(names.summary), not \(wanted)"
    }
}
