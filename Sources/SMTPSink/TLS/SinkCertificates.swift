import Synchronization
public import TLS

/// What a sink shows of itself in TLS: certificates that are made for it, or those of files.
public final class SinkCertificates: Sendable {
    /// The certificate that a client has to trust, PEM: the issuer's, or what is in the file.
    public let trustedPEM: [UInt8]

    private let authority: TLSIdentity
    private let identity: TLSIdentity
    private let asksForCertificate: Bool
    private let contexts = Mutex<[TLSFault?: TLSServerContext]>([:])

    /// Makes an authority and a certificate for localhost, 127.0.0.1 and ::1; or takes the identity that is given.
    ///
    /// - Parameter asksForCertificate: whether clients are asked for one; any will do.
    public init(_ identity: TLSIdentity? = nil, asksForCertificate: Bool = false) throws(TLSError) {
        authority = try TLSIdentity(issuing: .init(commonName: "tclmail sink authority", usage: .ca))
        self.asksForCertificate = asksForCertificate
        if let identity { self.identity = identity } else { self.identity = try Self.make(nil, authority) }
        trustedPEM = identity?.certificatePEM ?? authority.certificatePEM
        // What cannot be used is an error now, not at the first connection.
        _ = try context(nil)
    }

    /// What a connection begins with.
    func context(_ fault: TLSFault?) throws(TLSError) -> TLSServerContext {
        if let made = contexts.withLock({ $0[fault] }) { return made }
        let isOld = fault == .old
        let context = try TLSServerContext(
            fault?.isOfCertificate == true ? Self.make(fault, authority) : identity, minimum: isOld ? .tls10 : .tls12,
            maximum: isOld ? .tls10 : .tls13, asksForCertificate: asksForCertificate)
        contexts.withLock { $0[fault] = context }
        return context
    }

    private static func make(_ fault: TLSFault?, _ authority: TLSIdentity) throws(TLSError) -> TLSIdentity {
        let day = 86400
        var request = TLSIdentity.Request(
            commonName: "localhost", names: ["localhost"], addresses: ["127.0.0.1", "::1"], issuer: authority)
        switch fault {
        case .selfSigned: request.issuer = nil
        case .expired: (request.notBefore, request.notAfter) = (-2 * day, -day)
        case .notYetValid: (request.notBefore, request.notAfter) = (day, 2 * day)
        case .wrongName:
            (request.commonName, request.names, request.addresses) = ("other.example", ["other.example"], [])
        case .wrongUsage: request.usage = .client
        case .weakKey: request.keyBits = 1024
        default: break
        }
        return try TLSIdentity(issuing: request)
    }
}
