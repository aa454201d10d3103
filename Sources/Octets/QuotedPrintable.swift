/// The quoted-printable content-transfer-encoding of whole arrays (RFC 2045 §6.7).
public enum QuotedPrintable {
    /// The quoted-printable form of `octets`; line breaks are CRLF. See `QuotedPrintableEncoder` for `isText`.
    public static func encode(_ octets: [UInt8], isText: Bool = true) -> [UInt8] {
        var encoder = QuotedPrintableEncoder(isText: isText)
        var encoded: [UInt8] = []
        encoder.encode(octets[...], into: &encoded)
        encoder.finish(into: &encoded)
        return encoded
    }

    /// The octets that `text` stands for; line ends stay as they are.
    public static func decode(_ text: [UInt8]) -> [UInt8] {
        var decoder = QuotedPrintableDecoder()
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        decoder.decode(text[...], into: &decoded)
        decoder.finish(into: &decoded)
        return decoded
    }
}
