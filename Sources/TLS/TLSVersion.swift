import COpenSSL

/// A version of TLS (RFC 2246, 4346, 5246, 8446).
public enum TLSVersion: String, CaseIterable, Sendable, Comparable {
    /// TLS 1.0, deprecated by RFC 8996.
    case tls10 = "1.0"
    /// TLS 1.1, deprecated by RFC 8996.
    case tls11 = "1.1"
    /// TLS 1.2.
    case tls12 = "1.2"
    /// TLS 1.3.
    case tls13 = "1.3"

    /// Older ones come first.
    public static func < (one: Self, other: Self) -> Bool { one.number < other.number }

    /// The number in records.
    var number: Int32 {
        switch self {
        case .tls10: TLS1_VERSION
        case .tls11: TLS1_1_VERSION
        case .tls12: TLS1_2_VERSION
        case .tls13: TLS1_3_VERSION
        }
    }

    init?(number: Int32) {
        guard let version = Self.allCases.first(where: { $0.number == number }) else { return nil }
        self = version
    }
}
