/// Turns every CRLF into LF, whatever the chunks are; other CRs stay.
public struct LineFeedConverter: Sendable {
    private var isAfterCR = false

    /// A converter at the start of its input.
    public init() {}

    /// The room that `append(_:to:)` of `count` octets and `finish(to:)` want together.
    public func capacity(for count: Int) -> Int { count + 24 }

    /// Appends `text` with CRLF as LF; there must be room for `capacity(for: text.count)` octets. A CR at the end waits.
    public mutating func append(_ text: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        guard !text.isEmpty else { return }
        var cursor = OctetCursor(&output)
        if isAfterCR, text[0] != 0x0A { cursor.put(1, of: 0x0D) }
        isAfterCR = false
        var at = 0
        while true {
            at = cursor.copy(text, from: at, until: Equal(0x0D))
            if at == text.count { break }
            at &+= 1
            isAfterCR = at == text.count
            if !isAfterCR, text.octet(at: at) != 0x0A { cursor.put(1, of: 0x0D) }
        }
        cursor.commit(to: &output)
    }

    /// Ends the input: a CR that waited is written.
    public mutating func finish(to output: inout OutputSpan<UInt8>) {
        if isAfterCR { output.append(0x0D) }
        isAfterCR = false
    }
}
