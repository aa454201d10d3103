/// Encodes base64 chunk by chunk.
public struct Base64Encoder: Sendable {
    private let lineLength: Int
    private let lineEnd: LineBreak
    private let usesBlocks: Bool
    private var column = 0
    /// Octets of a triple that is not whole yet, in the order of a number; at most two.
    private var pending: UInt32 = 0
    private var pendingCount = 0

    /// Lines have at most `lineLength` octets (0: one line); `lineEnd`, at most 8 octets, stands between lines, not after
    /// the last. With `isPortable` no instructions are used that only some processors have; the answers are the same.
    public init(lineLength: Int = 76, lineEnd: [UInt8] = [13, 10], isPortable: Bool = false) {
        usesBlocks = !isPortable && CodecBlocks.areSupported
        self.lineLength = lineLength == 0 ? Int.max : max(lineLength, 4)
        self.lineEnd = LineBreak(lineEnd)
    }

    /// The room that `encode(_:into:)` of `count` octets and `finish(into:)` want together.
    public func capacity(for count: Int) -> Int {
        let quads = count / 3 + 2
        return 4 * quads + (quads / (lineLength / 4) + 1) * lineEnd.count + 16
    }

    /// Appends the base64 form of `chunk` to `output`, but for up to two octets that await the next.
    public mutating func encode(_ chunk: ArraySlice<UInt8>, into output: inout [UInt8]) {
        output.append(addingCapacity: capacity(for: chunk.count)) { encode(chunk.span, into: &$0) }
    }

    /// Appends what is left, with padding. The encoder is then as new.
    public mutating func finish(into output: inout [UInt8]) {
        output.append(addingCapacity: capacity(for: 0)) { finish(into: &$0) }
    }

    /// Appends the base64 form of `chunk`, but for up to two octets; there must be room for `capacity(for:)` octets.
    public mutating func encode(_ chunk: Span<UInt8>, into output: inout OutputSpan<UInt8>) {
        var at = 0
        while pendingCount > 0, at < chunk.count {
            hold(chunk[at])
            at += 1
            if pendingCount == 3 { endTriple(into: &output) }
        }
        if usesBlocks {
            var cursor = OctetCursor(&output)
            at = CodecBlocks.encodeBase64(
                chunk, from: at, column: &column, length: lineLength, lineEnd: lineEnd, to: &cursor)
            cursor.commit(to: &output)
        }
        at = encodeTriples(chunk, from: at, into: &output)
        while at < chunk.count {
            hold(chunk[at])
            at += 1
        }
    }

    /// Appends what is left, with padding; there must be room for `capacity(for: 0)` octets. The encoder is then as new.
    public mutating func finish(into output: inout OutputSpan<UInt8>) {
        if pendingCount > 0 {
            let missing = 3 - pendingCount
            pending <<= UInt32(8 * missing)
            endTriple(into: &output)
            output.removeLast(missing)
            output.append(repeating: 0x3D, count: missing)
        }
        column = 0
    }

    private mutating func hold(_ octet: UInt8) {
        pending = pending << 8 | UInt32(octet)
        pendingCount += 1
    }

    private mutating func endTriple(into output: inout OutputSpan<UInt8>) {
        if column > lineLength - 4 { breakLine(into: &output) }
        let pairs = Base64Tables.pairs
        output.append(4, of: UInt64(Self.digits(of: pending, pairs.span)))
        column += 4
        pending = 0
        pendingCount = 0
    }

    private mutating func breakLine(into output: inout OutputSpan<UInt8>) {
        lineEnd.append(to: &output)
        column = 0
    }

    /// Appends the form of all whole triples from an offset on; where they end.
    private mutating func encodeTriples(_ input: Span<UInt8>, from start: Int, into output: inout OutputSpan<UInt8>)
        -> Int
    {
        let pairs = Base64Tables.pairs
        var at = start
        while at + 3 <= input.count {
            if column > lineLength - 4 { breakLine(into: &output) }
            let triples = min((input.count - at) / 3, (lineLength - column) / 4)
            encode(triples, input, from: at, pairs.span, into: &output)
            at += 3 * triples
            column += 4 * triples
        }
        return at
    }

    /// Appends the form of some triples, two at a step.
    @inline(__always) private func encode(
        _ triples: Int, _ input: Span<UInt8>, from start: Int, _ pairs: Span<UInt16>,
        into output: inout OutputSpan<UInt8>
    ) {
        var at = start
        let end = start + 3 * triples
        var cursor = OctetCursor(&output)
        while at &+ 6 <= end, at <= input.count &- 8 {
            let bits = input.word(at: at).byteSwapped
            let first = UInt64(Self.digits(of: UInt32(truncatingIfNeeded: bits >> 40), pairs))
            let second = UInt64(Self.digits(of: UInt32(truncatingIfNeeded: bits >> 16) & 0xFFFFFF, pairs))
            cursor.put(8, of: first | second << 32)
            at &+= 6
        }
        while at < end {
            let bits = UInt32(input[at]) << 16 | UInt32(input[at + 1]) << 8 | UInt32(input[at + 2])
            cursor.put(4, of: UInt64(Self.digits(of: bits, pairs)))
            at += 3
        }
        cursor.commit(to: &output)
    }

    /// The four digits of 24 bits, the first in the lowest octet.
    @inline(__always) private static func digits(of bits: UInt32, _ pairs: Span<UInt16>) -> UInt32 {
        UInt32(pairs[Int(bits >> 12)]) | UInt32(pairs[Int(bits & 0xFFF)]) << 16
    }
}
