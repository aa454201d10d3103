import Octets

/// Makes a message's octets fit for DATA: every CR, LF and CRLF becomes CRLF, a dot that starts a line is doubled
/// (RFC 5321, 2.3.8 and 4.5.2). Chunks may be cut anywhere, also inside a CRLF. For BDAT the dots stay as they are.
public struct TransparencyEncoder: Sendable {
    /// Nothing of a line has come since the last line end; so it is at the start.
    private(set) var isAtLineStart = true
    private var isAfterCR = false
    private let doublesDots: Bool

    /// An encoder at the start of a message, for DATA or, without dots doubled, for BDAT (RFC 3030).
    public init(doublesDots: Bool = true) { self.doublesDots = doublesDots }

    /// Appends the encoded chunk to `output`.
    public mutating func append(_ chunk: ArraySlice<UInt8>, to output: inout [UInt8]) {
        let span = chunk.span
        guard !span.isEmpty else { return }
        // What stands before `run` is done with; what follows it up to `place` goes out as it is.
        var run = isAfterCR && span[0] == 0x0a ? 1 : 0
        var place = run
        isAfterCR = false
        while place < span.count {
            if isAtLineStart, doublesDots, span[place] == 0x2e {
                output.append(contentsOf: chunk[from: run, to: place])
                output.append(0x2e)
                run = place
            }
            place = span.firstLineEnd(from: place) ?? span.count
            isAtLineStart = place < span.count
            let count = isAtLineStart ? lineEndLength(in: span, at: place) : 0
            if count == 1 {
                output.append(contentsOf: chunk[from: run, to: place])
                output.append(0x0d)
                output.append(0x0a)
                isAfterCR = place + 1 == span.count && span[place] == 0x0d
                run = place + 1
            }
            place += count
        }
        output.append(contentsOf: chunk[from: run, to: place])
    }

    /// Ends the message: CRLF unless it stands there already, then, for DATA, the final dot's line.
    public mutating func finish(to output: inout [UInt8]) {
        if !isAtLineStart { output += [0x0d, 0x0a] }
        if doublesDots { output += [0x2e, 0x0d, 0x0a] }
        self = TransparencyEncoder(doublesDots: doublesDots)
    }
}

/// 2 for CRLF, 1 for CR or LF alone.
private func lineEndLength(in span: Span<UInt8>, at place: Int) -> Int {
    span[place] == 0x0d && place + 1 < span.count && span[place + 1] == 0x0a ? 2 : 1
}

extension ArraySlice {
    /// Elements by their distance from the start.
    fileprivate subscript(from start: Int, to end: Int) -> ArraySlice {
        self[(startIndex + start)..<(startIndex + end)]
    }
}
