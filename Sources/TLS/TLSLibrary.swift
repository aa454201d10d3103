import COpenSSL

/// The library behind the module.
public enum TLSLibrary {
    /// A cipher that connections offer.
    public struct Cipher: Sendable {
        /// As `ciphers(1)` has it.
        public let name: String
        /// In a line: version, key exchange, authentication, encryption, message authentication.
        public let description: String
    }

    /// OpenSSL's name, version and date: that of the library that is loaded.
    public static var version: String { unsafe String(cString: OpenSSL_version(OPENSSL_VERSION)) }

    /// What a client offers that names no ciphers, in its order.
    public static func ciphers() throws(TLSError) -> [Cipher] {
        let context = try ContextHandle(isServer: false, minimum: .tls12, maximum: .tls13)
        guard let list = unsafe SSL_CTX_get_ciphers(context.pointer) else { return [] }
        return unsafe (0..<OPENSSL_sk_num(list)).compactMap { index in
            guard let item = unsafe OPENSSL_sk_value(list, index) else { return nil }
            let cipher = OpaquePointer(item)
            var line = [CChar](repeating: 0, count: 256)
            _ = unsafe line.withUnsafeMutableBufferPointer { line in
                unsafe SSL_CIPHER_description(cipher, line.baseAddress, Int32(line.count))
            }
            let text = line.prefix { $0 != 0 && $0 != 0x0A }.map { UInt8(bitPattern: $0) }
            return unsafe Cipher(
                name: String(cString: SSL_CIPHER_get_name(cipher)), description: String(decoding: text, as: UTF8.self))
        }
    }
}
