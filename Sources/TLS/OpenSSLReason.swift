import COpenSSL
import Glibc

/// Why OpenSSL failed: what it left in the thread's error queue.
struct OpenSSLReason {
    let library: Int32
    let number: Int32
    /// In words.
    let text: String

    /// The oldest entry, which is the cause; the queue is empty afterwards. nil if there was none.
    static func drain() -> Self? {
        let code = ERR_get_error()
        ERR_clear_error()
        return code == 0 ? nil : Self(code)
    }

    /// The cause in words, whatever is known of it.
    static func words() -> String { drain()?.text ?? "OpenSSL does not say why" }

    private init(_ code: UInt) {
        library = ERR_GET_LIB(code)
        number = ERR_GET_REASON(code)
        let words = unsafe ERR_reason_error_string(code)
        if library == ERR_LIB_SYS {
            text = unsafe String(cString: strerror(number))
        } else if let words = unsafe words {
            text = unsafe String(cString: words)
        } else {
            text = "OpenSSL's error \(library):\(number)"
        }
    }

    /// The alert that the peer sent (RFC 8446 section 6), nil if that was not it.
    var alert: String? {
        guard library == ERR_LIB_SSL, number >= SSL_AD_REASON_OFFSET, number < SSL_AD_REASON_OFFSET + 256 else {
            return nil
        }
        let alert = number - SSL_AD_REASON_OFFSET
        // OpenSSL 3.0 has no words for it.
        if alert == SSL_AD_CERTIFICATE_REQUIRED { return "certificate required" }
        return unsafe String(cString: SSL_alert_desc_string_long(alert))
    }

    /// Whether it is one of these reasons of the SSL library.
    func isSSL(_ reasons: Int32...) -> Bool { library == ERR_LIB_SSL && reasons.contains(number) }
}
