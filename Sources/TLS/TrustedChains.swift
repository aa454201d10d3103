import COpenSSL
import Synchronization

/// Chains of certificates that were verified a short while ago, each as a whole: what a server sent, octet by octet.
final class TrustedChains: Sendable {
    static let most = 256

    private let times = Mutex<[[UInt8]: ContinuousClock.Instant]>([:])

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
    func insert(_ key: [UInt8], at time: ContinuousClock.Instant = .now) {
        times.withLock { times in
            if times.count == Self.most { times = [:] }
            times[key] = time
        }
    }

    /// Whether the chain was verified within as long as a session may be resumed without a look at it.
    func contains(_ key: [UInt8], at time: ContinuousClock.Instant = .now) -> Bool {
        times.withLock { times in times[key].map { time - $0 <= SessionCache.longestAge } ?? false }
    }
}
