import COpenSSL

/// One block of DES (FIPS 46-3), for the first version of NTLM's answers alone: it hides nothing today.
public enum DES {
    /// Eight octets encrypted under a key of seven: its 56 bits, without parity.
    ///
    /// Triple DES with three equal keys is DES; OpenSSL's default provider has it, where only the legacy one has the other.
    public static func encrypt(_ block: [UInt8], key: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard block.count == 8, key.count == 7 else { throw CryptoError("DES needs 8 octets and a key of 7") }
        var spread = (0..<3).flatMap { _ in withParityBits(key) }
        defer { Secret.wipe(&spread) }
        guard let cipher = unsafe EVP_CIPHER_fetch(nil, "DES-EDE3-ECB", nil) else { throw unavailable() }
        defer { unsafe EVP_CIPHER_free(cipher) }
        guard let context = unsafe EVP_CIPHER_CTX_new() else { throw unavailable() }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        // Room for one block more than is asked for.
        var output = [UInt8](repeating: 0, count: 16)
        var count: Int32 = 0
        let isDone = unsafe spread.withUnsafeBufferPointer { spread in
            unsafe block.withUnsafeBufferPointer { input in
                unsafe output.withUnsafeMutableBufferPointer { output in
                    unsafe EVP_EncryptInit_ex2(context, cipher, spread.baseAddress, nil, nil) == 1
                        && EVP_CIPHER_CTX_set_padding(context, 0) == 1
                        && EVP_EncryptUpdate(context, output.baseAddress, &count, input.baseAddress, 8) == 1
                }
            }
        }
        guard isDone, count == 8 else { throw unavailable() }
        return Array(output[..<8])
    }

    /// Seven bits to an octet; the lowest, the parity, stays 0.
    private static func withParityBits(_ key: [UInt8]) -> [UInt8] {
        let bits = key.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return (0..<8).map { UInt8(truncatingIfNeeded: (bits >> UInt64(49 - 7 * $0)) << 1) }
    }

    private static func unavailable() -> CryptoError {
        ERR_clear_error()
        return CryptoError("OpenSSL does not offer DES here")
    }
}
