import COpenSSL
import Glibc

/// An X509 of OpenSSL, which counts its owners and does not change.
@safe final class Certificate: Sendable {
    nonisolated(unsafe) let handle: OpaquePointer

    /// Takes over one reference.
    init(owning handle: OpaquePointer) { unsafe self.handle = handle }

    deinit { unsafe X509_free(handle) }

    /// The octets in DER.
    var encoded: [UInt8] {
        var octets = [UInt8](repeating: 0, count: max(0, Int(unsafe i2d_X509(handle, nil))))
        unsafe octets.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            _ = unsafe i2d_X509(handle, &start)
        }
        return octets
    }

    /// The key as SubjectPublicKeyInfo in DER.
    var encodedKey: [UInt8] {
        let key = unsafe X509_get_X509_PUBKEY(handle)
        var octets = [UInt8](repeating: 0, count: max(0, Int(unsafe i2d_X509_PUBKEY(key, nil))))
        unsafe octets.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            _ = unsafe i2d_X509_PUBKEY(key, &start)
        }
        return octets
    }

    /// The subject as RFC 2253 writes it.
    var subject: String { unsafe Self.text(of: X509_get_subject_name(handle)) }

    /// The issuer as RFC 2253 writes it.
    var issuer: String { unsafe Self.text(of: X509_get_issuer_name(handle)) }

    /// From when on it is valid: `2026-11-28T10:00:00Z`.
    var notBefore: String { unsafe Self.text(of: X509_get0_notBefore(handle)) }

    /// Until when it is valid.
    var notAfter: String { unsafe Self.text(of: X509_get0_notAfter(handle)) }

    /// Whether its time has begun and is not over.
    var isCurrent: Bool {
        unsafe X509_cmp_current_time(X509_get0_notBefore(handle)) < 0
            && X509_cmp_current_time(X509_get0_notAfter(handle)) > 0
    }

    /// `RSA of 1024 bits`.
    var keyKind: String {
        guard let key = unsafe X509_get0_pubkey(handle) else { return "a key that OpenSSL cannot read" }
        let name = unsafe EVP_PKEY_get0_type_name(key)
        return unsafe "\(name.map { unsafe String(cString: $0) } ?? "key") of \(EVP_PKEY_get_bits(key)) bits"
    }

    /// Whether one of its names is this host's (RFC 9525), or one of its addresses is this one. The subject does not count.
    func isFor(_ name: PeerName) -> Bool {
        let flags = UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS) | UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
        return switch name {
        case .host(let host): unsafe X509_check_host(handle, host, host.utf8.count, flags, nil) == 1
        case .address(let address): unsafe X509_check_ip_asc(handle, address, flags) == 1
        case .none: false
        }
    }

    /// A hash of `octets` by SHA-256, in lower-case hex.
    static func sha256(_ octets: [UInt8]) -> String { unsafe hex(hash(octets, EVP_sha256())) }

    /// A hash of `octets`; empty where OpenSSL does not offer the function.
    static func hash(_ octets: [UInt8], _ function: OpaquePointer?) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard unsafe EVP_Digest(octets, octets.count, &result, &count, function, nil) == 1 else { return [] }
        return Array(result.prefix(Int(count)))
    }

    private static func text(of name: OpaquePointer?) -> String {
        guard let name = unsafe name, let memory = unsafe BIO_new(BIO_s_mem()) else { return "" }
        defer { unsafe BIO_free(memory) }
        guard unsafe X509_NAME_print_ex(memory, name, 0, copenssl_name_flags) >= 0 else { return "" }
        return printable(String(decoding: unsafe takeAll(memory), as: UTF8.self))
    }

    private static func text(of time: UnsafePointer<ASN1_TIME>?) -> String {
        var parts = unsafe tm()
        guard unsafe ASN1_TIME_to_tm(time, &parts) == 1 else { return "" }
        func digits(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
        return unsafe "\(parts.tm_year + 1900)-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))T"
            + "\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec))Z"
    }
}

/// Takes out all that waits in a memory BIO.
func takeAll(_ memory: OpaquePointer) -> [UInt8] {
    let count = unsafe BIO_ctrl_pending(memory)
    guard count > 0 else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
        _ = unsafe BIO_read_ex(memory, buffer.baseAddress, count, &written)
    }
}
