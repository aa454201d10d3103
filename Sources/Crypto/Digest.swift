import COpenSSL

/// A hash function, its HMAC (RFC 2104) and its PBKDF2 (RFC 8018 §5.2), by OpenSSL.
///
/// A function that OpenSSL does not offer here (MD4 without the legacy provider, MD5 in FIPS mode) is an error in each call.
public enum Digest: String, Sendable, CaseIterable {
    /// MD4 (RFC 1320), for NTLM alone; by the legacy provider, which is loaded at its first use.
    case md4 = "MD4"
    /// MD5 (RFC 1321).
    case md5 = "MD5"
    /// SHA-1 (FIPS 180-4).
    case sha1 = "SHA1"
    /// SHA-256 (FIPS 180-4).
    case sha256 = "SHA256"
    /// SHA-384 (FIPS 180-4).
    case sha384 = "SHA384"
    /// SHA-512 (FIPS 180-4).
    case sha512 = "SHA512"

    /// How many octets a hash has.
    public var octetCount: Int {
        switch self {
        case .md4, .md5: 16
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// Whether OpenSSL offers it here.
    public var isAvailable: Bool { (try? hash([])) != nil }

    /// The hash of `octets`.
    public func hash(_ octets: borrowing [UInt8]) throws(CryptoError) -> [UInt8] {
        let name = self
        return try unsafe withFunction { function throws(CryptoError) in
            var result = [UInt8](repeating: 0, count: octetCount)
            let code = unsafe octets.withUnsafeBytes { input in
                unsafe result.withUnsafeMutableBytes { output in
                    unsafe EVP_Digest(
                        input.baseAddress, input.count, output.baseAddress?.assumingMemoryBound(to: UInt8.self), nil,
                        function, nil)
                }
            }
            guard code == 1 else { throw Self.failure(name) }
            return result
        }
    }

    /// The HMAC of `octets` under `key`.
    public func authenticationCode(
        of octets: borrowing [UInt8], key: borrowing [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        let name = self
        return try unsafe withFunction { function throws(CryptoError) in
            var result = [UInt8](repeating: 0, count: octetCount)
            // Without an address OpenSSL takes no key at all; the empty key is padded with zeros, as this one is.
            let zero: [UInt8] = [0]
            let isDone = unsafe octets.withUnsafeBytes { input in
                unsafe (key.isEmpty ? zero : copy key).withUnsafeBytes { key in
                    unsafe result.withUnsafeMutableBytes { output in
                        unsafe HMAC(
                            function, key.baseAddress, Int32(key.count),
                            input.baseAddress?.assumingMemoryBound(to: UInt8.self), input.count,
                            output.baseAddress?.assumingMemoryBound(to: UInt8.self), nil) != nil
                    }
                }
            }
            guard isDone else { throw Self.failure(name) }
            return result
        }
    }

    /// The key of `octetCount` octets that PBKDF2 makes of a password in `iterations` rounds, which are the time it takes.
    public func derivedKey(
        password: borrowing [UInt8], salt: borrowing [UInt8], iterations: Int
    ) throws(CryptoError) -> [UInt8] {
        guard let rounds = Int32(exactly: iterations), rounds > 0 else { throw CryptoError("\(iterations) iterations") }
        let name = self
        return try unsafe withFunction { function throws(CryptoError) in
            var result = [UInt8](repeating: 0, count: octetCount)
            let code = unsafe password.withUnsafeBytes { password in
                unsafe salt.withUnsafeBytes { salt in
                    unsafe result.withUnsafeMutableBytes { output in
                        unsafe PKCS5_PBKDF2_HMAC(
                            password.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(password.count),
                            salt.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(salt.count), rounds, function,
                            Int32(output.count), output.baseAddress?.assumingMemoryBound(to: UInt8.self))
                    }
                }
            }
            guard code == 1 else { throw Self.failure(name) }
            return result
        }
    }

    private static func failure(_ digest: Digest) -> CryptoError {
        ERR_clear_error()
        return CryptoError("OpenSSL does not offer \(digest.rawValue) here")
    }

    /// The legacy provider in a library context of its own: what the program does with OpenSSL does not change.
    nonisolated(unsafe) private static let legacy: OpaquePointer? = {
        let context = unsafe OSSL_LIB_CTX_new()
        guard unsafe OSSL_PROVIDER_load(context, "legacy") != nil else {
            ERR_clear_error()
            unsafe OSSL_LIB_CTX_free(context)
            return nil
        }
        return unsafe context
    }()

    private func withFunction<Result>(
        _ body: (OpaquePointer) throws(CryptoError) -> Result
    ) throws(CryptoError) -> Result {
        let context = unsafe self == .md4 ? Self.legacy : nil
        guard unsafe self != .md4 || context != nil, let function = unsafe EVP_MD_fetch(context, rawValue, nil) else {
            throw Self.failure(self)
        }
        defer { unsafe EVP_MD_free(function) }
        return try unsafe body(function)
    }
}
