/// The base64 content-transfer-encoding of whole arrays (RFC 2045 §6.8).
public enum Base64 {
    /// The base64 form of `octets` in lines of at most `lineLength` octets (0: one line), `lineEnd` between them.
    public static func encode(_ octets: [UInt8], lineLength: Int = 76, lineEnd: [UInt8] = [13, 10]) -> [UInt8] {
        var encoder = Base64Encoder(lineLength: lineLength, lineEnd: lineEnd)
        return [UInt8](capacity: encoder.capacity(for: octets.count)) { output in
            encoder.encode(octets.span, into: &output)
            encoder.finish(into: &output)
        }
    }

    /// The length of the base64 form of `count` octets in one line.
    public static func encodedCount(of count: Int) -> Int { (count / 3 + (count % 3 > 0 ? 1 : 0)) * 4 }

    /// The octets that `text` stands for; anything outside the alphabet is skipped.
    public static func decode(_ text: [UInt8]) -> [UInt8] {
        [UInt8](capacity: decodedCapacity(of: text.count)) { _ = decode(text.span, into: &$0) }
    }

    /// Three quarters of `count`: what text without line ends and padding stands for. No count is too large.
    public static func usualCount(of count: Int) -> Int { count / 4 * 3 + (count % 4 * 3 + 2) / 4 }

    /// The room that `decode(_:into:)` wants for `count` octets of text; it writes at most three quarters of `count`.
    public static func decodedCapacity(of count: Int) -> Int { count / 4 * 3 + 11 }

    /// Appends the octets that `text` stands for; anything outside the alphabet is skipped.
    ///
    /// `output` must have room for `decodedCapacity(of: text.count)` octets. The result tells whether there was anything
    /// but alphabet, white space and right padding.
    public static func decode(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) -> Bool {
        var decoder = Base64Decoder()
        decoder.decode(text, into: &output)
        decoder.finish(into: &output)
        return decoder.hasDefect
    }
}
