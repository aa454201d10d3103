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
        [UInt8](capacity: decodedCapacity(of: text.count)) { _ = decode(text.span, into: &$0) }
    }

    /// The room that `decode(_:into:)` wants for `count` octets of text; it writes at most `count`.
    public static func decodedCapacity(of count: Int) -> Int { min(count, .max - 24) + 24 }

    /// Appends the octets that `text` stands for; line ends stay as they are.
    ///
    /// `output` must have room for `decodedCapacity(of: text.count)` octets. The result tells whether there was a `=` that
    /// begins neither a quoted octet nor a soft line break.
    public static func decode(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) -> Bool {
        var decoder = QuotedPrintableDecoder()
        decoder.decode(text, into: &output)
        decoder.finish(into: &output)
        return decoder.hasDefect
    }
}
