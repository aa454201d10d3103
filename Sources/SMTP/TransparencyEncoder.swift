/// Makes a message's octets fit for DATA: every CR, LF and CRLF becomes CRLF, a dot that starts a line is doubled
/// (RFC 5321, 2.3.8 and 4.5.2). Chunks may be cut anywhere, also inside a CRLF.
public struct TransparencyEncoder: Sendable {
    private var isAtLineStart = true
    private var isAfterCR = false

    /// An encoder at the start of a message.
    public init() {}

    /// Appends the encoded chunk to `output`.
    public mutating func append(_ chunk: ArraySlice<UInt8>, to output: inout [UInt8]) {
        var place = chunk.startIndex
        while place < chunk.endIndex {
            place = appendLine(chunk, from: place, to: &output)
        }
    }

    /// Ends the message: CRLF unless it stands there already, then the final dot's line.
    public mutating func finish(to output: inout [UInt8]) {
        if !isAtLineStart { output += [0x0d, 0x0a] }
        output += [0x2e, 0x0d, 0x0a]
        self = TransparencyEncoder()
    }

    /// Appends up to and including the next line end, or what the chunk has of the line; the place after it.
    private mutating func appendLine(_ chunk: ArraySlice<UInt8>, from place: Int, to output: inout [UInt8]) -> Int {
        var start = place
        if isAfterCR {
            isAfterCR = false
            if chunk[start] == 0x0a { start += 1 }
        }
        guard start < chunk.endIndex else { return start }
        if isAtLineStart, chunk[start] == 0x2e { output.append(0x2e) }
        let end = lineEnd(in: chunk, from: start)
        output.append(contentsOf: chunk[start..<end])
        isAtLineStart = end < chunk.endIndex
        guard isAtLineStart else { return end }
        output += [0x0d, 0x0a]
        isAfterCR = chunk[end] == 0x0d
        return end + 1
    }
}

/// The place of the next CR or LF, or the end.
private func lineEnd(in chunk: ArraySlice<UInt8>, from start: Int) -> Int {
    let span = chunk.span
    var place = start - chunk.startIndex
    while place < span.count, span[place] != 0x0a, span[place] != 0x0d { place += 1 }
    return place + chunk.startIndex
}
