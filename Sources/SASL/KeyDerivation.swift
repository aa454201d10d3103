public import Crypto

/// What takes long of a login: PBKDF2 with the password, as often as the server wants (RFC 5802 §2.2). It may be done in another
/// thread (`ClientMechanism.slowPart(of:)`).
public struct KeyDerivation: Sendable {
    /// From so many iterations on it takes long: some ten milliseconds.
    static let fewest = 20_000

    let digest: Digest
    let password: Secret
    let salt: [UInt8]
    let iterations: Int

    /// The key; nil where the digest cannot be had.
    public func key() -> Secret? {
        password.withOctets { password in
            guard
                var octets = try? Hashing.derivedKey(digest, password: password, salt: salt, iterations: iterations)
            else { return nil }
            defer { Secret.wipe(&octets) }
            return Secret(octets)
        }
    }
}

extension ClientMechanism {
    /// It is not.
    public var takesText: Bool { false }
    /// None of it takes long.
    public func slowPart(of challenge: [UInt8]) -> KeyDerivation? { nil }
    /// It is of no use.
    public mutating func take(_ key: Secret?, of slowPart: KeyDerivation) {}
}
