import COpenSSL
import Synchronization

/// Chains of certificates that were verified, each as a whole: what a server sent, octet by octet. Until when that holds, too.
final class TrustedChains: Sendable {
    static let most = 256

    private let ends = Mutex<[[UInt8]: ContinuousClock.Instant]>([:])

    /// The hashes by SHA-256 of a server's certificate and of what else it sent, in this order; nil if one cannot be had.
    static func key(_ certificate: Certificate, _ chain: OpaquePointer?) -> [UInt8]? {
        var key: [UInt8] = []
        for index in unsafe -1..<max(OPENSSL_sk_num(chain), 0) {
            let sent = unsafe index < 0 ? certificate.handle : OpaquePointer(OPENSSL_sk_value(chain, index))
            var hash = [UInt8](repeating: 0, count: 32)
            guard let sent = unsafe sent, unsafe X509_digest(sent, EVP_sha256(), &hash, nil) == 1 else { return nil }
            key += hash
        }
        return key
    }

    /// Remembers a chain; when there are too many, all others are forgotten.
    func insert(_ key: [UInt8], until end: ContinuousClock.Instant) {
        ends.withLock { ends in
            if ends.count == Self.most { ends = [:] }
            ends[key] = end
        }
    }

    /// Until when the chain needs no other look; nil if it does now.
    func end(of key: [UInt8], at time: ContinuousClock.Instant = .now) -> ContinuousClock.Instant? {
        ends.withLock { ends in ends[key].flatMap { time < $0 ? $0 : nil } }
    }
}
