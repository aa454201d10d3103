/// Turns every CR, LF and CRLF into CRLF, whatever the chunks are.
public struct LineEndCanonicalizer: Sendable {
    private var isAfterCR = false
    private let usesBlocks: Bool

    /// A canonicalizer at the start of its input.
    ///
    /// With `isPortable` no instructions are used that only some processors have; the answers are the same.
    public init(isPortable: Bool = false) { usesBlocks = !isPortable && CodecBlocks.areSupported }

    /// The room that `append(_:to:)` of `count` octets and `finish(to:)` want together.
    public func capacity(for count: Int) -> Int { 2 * count + 24 }

    /// Appends `chunk` with its line ends made CRLF to `output`; a CR at the end waits for the next chunk.
    public mutating func append(_ chunk: ArraySlice<UInt8>, to output: inout [UInt8]) {
        // Pieces, because the room for the worst case is twice what is mostly used.
        var rest = chunk
        while !rest.isEmpty {
            let piece = rest.prefix(16384)
            rest = rest.dropFirst(piece.count)
            output.append(addingCapacity: capacity(for: piece.count)) { append(piece.span, to: &$0) }
        }
    }

    /// Ends the input: a CR that waited becomes CRLF.
    public mutating func finish(to output: inout [UInt8]) {
        if isAfterCR { output.append(contentsOf: [13, 10]) }
        isAfterCR = false
    }

    /// Appends `text` with its line ends made CRLF; there must be room for `capacity(for: text.count)` octets. A CR at the
    /// end waits.
    public mutating func append(_ text: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        guard !text.isEmpty else { return }
        var cursor = OctetCursor(&output)
        var at = 0
        if isAfterCR {
            cursor.put(2, of: 0x0A0D)
            isAfterCR = false
            if text[0] == 0x0A { at = 1 }
        }
        if usesBlocks { at = CodecBlocks.canonicalizeLines(text, from: at, to: &cursor) }
        while true {
            at = cursor.copy(text, from: at, until: Either(0x0A, 0x0D))
            if at == text.count { break }
            if text.octet(at: at) == 0x0D {
                at &+= 1
                isAfterCR = at == text.count
                if isAfterCR { break }
                if text.octet(at: at) == 0x0A { at &+= 1 }
            } else {
                at &+= 1
            }
            cursor.put(2, of: 0x0A0D)
        }
        cursor.commit(to: &output)
    }
}
