import Octets

/// An encoded-word that stands in a field, taken apart but not decoded (RFC 2047 §2).
public struct EncodedWord: Equatable, Sendable {
    /// How the text of an encoded-word is encoded.
    public enum Method: Sendable {
        /// B
        case base64
        /// Q
        case quotedPrintable
    }

    /// The charset as written, with an RFC 2231 language if there is one.
    public var charset: [UInt8]
    /// The character that names the method, as written.
    public var methodText: [UInt8]
    /// The encoded text.
    public var text: [UInt8]

    /// The method; nil if it is neither B nor Q in either case.
    public var method: Method? {
        guard methodText.count == 1 else { return nil }
        switch methodText[0].asciiLowercased {
        case UInt8(ascii: "b"): return .base64
        case UInt8(ascii: "q"): return .quotedPrintable
        default: return nil
        }
    }

    /// The octets in the charset; nil if the method is not known.
    public func decoded() -> [UInt8]? {
        switch method {
        case .base64: Base64.decode(text)
        case .quotedPrintable: decodedQ()
        case nil: nil
        }
    }

    private func decodedQ() -> [UInt8] {
        HexEscapes.decode(text[...], escape: UInt8(ascii: "=")) { $0 == UInt8(ascii: "_") ? 0x20 : $0 }
    }
}
