/// Encodes quoted-printable chunk by chunk.
///
/// Lines have at most 75 octets and end with CRLF. Besides what RFC 2045 §6.7 demands, octets that EBCDIC gateways
/// spoil are quoted (rule 2 of its robustness notes), a `.` at the start of a line, and the `F` of `From ` there.
public struct QuotedPrintableEncoder: Sendable {
    let isText: Bool
    let breaksLines: Bool
    let lineEnd: LineBreak
    let usesBlocks: Bool
    /// Octets on the line; 73 is the most before a soft line break.
    var column = 0
    var isAtLineStart = true
    private var isAfterCR = false
    private var blank: UInt8 = 0
    private var fromLength = 0

    private var needsSoftBreak: Bool { breaksLines && column == 73 }

    /// With `isText`, LF and CRLF are line breaks and a lone CR is `=0D`; without, both are quoted.
    ///
    /// `lineEnd`, at most 8 octets, is what line breaks become; without `breaksLines`, lines may be of any length. With
    /// `isPortable` no instructions are used that only some processors have; the answers are the same.
    public init(isText: Bool, lineEnd: [UInt8] = [13, 10], breaksLines: Bool = true, isPortable: Bool = false) {
        self.isText = isText
        self.lineEnd = LineBreak(lineEnd)
        self.breaksLines = breaksLines
        usesBlocks = !isPortable && CodecBlocks.areSupported
    }

    /// The room that `encode(_:into:)` of `count` octets and `finish(into:)` want together.
    public func capacity(for count: Int) -> Int {
        let octets = max(3, lineEnd.count) * (count + 8)
        return octets + (octets / 70 + 2) * (1 + lineEnd.count) + 24
    }

    /// Appends the quoted form of `chunk` to `output`, but for a few octets whose form depends on what follows.
    public mutating func encode(_ chunk: ArraySlice<UInt8>, into output: inout [UInt8]) {
        // Pieces, because the room for the worst case is thrice what is mostly used.
        var rest = chunk
        while !rest.isEmpty {
            let piece = rest.prefix(8192)
            rest = rest.dropFirst(piece.count)
            output.append(addingCapacity: capacity(for: piece.count)) { encode(piece.span, into: &$0) }
        }
    }

    /// Appends what waited. The encoder is then as new.
    public mutating func finish(into output: inout [UInt8]) {
        output.append(addingCapacity: capacity(for: 0)) { finish(into: &$0) }
    }

    /// Appends the quoted form of `text`, but for a few octets whose form depends on what follows; there must be room for
    /// `capacity(for: text.count)` octets.
    public mutating func encode(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) {
        var at = 0
        while at < text.count {
            if blank == 0, fromLength == 0, !isAfterCR { at = encodeRun(text, from: at, into: &output) }
            if at < text.count { encode(text[at], into: &output) }
            at += 1
        }
    }

    private mutating func encode(_ octet: UInt8, into output: inout OutputSpan<UInt8>) {
        if isText && endsLine(octet, into: &output) { return }
        if fromLength > 0 && continuesFrom(octet, into: &output) { return }
        releaseBlank(isLast: false, into: &output)
        put(octet, into: &output)
    }

    /// Appends what waited; there must be room for `capacity(for: 0)` octets. The encoder is then as new.
    public mutating func finish(into output: inout OutputSpan<UInt8>) {
        releaseCR(into: &output)
        releaseFrom(into: &output)
        if blank != 0 {
            if needsSoftBreak { softBreak(into: &output) }
            appendQuoted(blank, to: &output)
        }
        column = 0
        isAtLineStart = true
        blank = 0
    }

    /// Deals with CR and LF of text; false if `octet` is to be encoded.
    private mutating func endsLine(_ octet: UInt8, into output: inout OutputSpan<UInt8>) -> Bool {
        if octet == 10 {
            isAfterCR = false
            releaseFrom(into: &output)
            releaseBlank(isLast: true, into: &output)
            if needsSoftBreak { softBreak(into: &output) }
            lineEnd.append(to: &output)
            column = 0
            isAtLineStart = true
            return true
        }
        releaseCR(into: &output)
        if octet == 13 { isAfterCR = true }
        return octet == 13
    }

    private mutating func releaseCR(into output: inout OutputSpan<UInt8>) {
        guard isAfterCR else { return }
        isAfterCR = false
        releaseFrom(into: &output)
        releaseBlank(isLast: false, into: &output)
        put(quoting: 13, into: &output)
    }

    /// Follows `From ` at the start of a line; false if `octet` is not of it, all that waited being written.
    private mutating func continuesFrom(_ octet: UInt8, into output: inout OutputSpan<UInt8>) -> Bool {
        if fromLength < 4 && octet == Self.from[fromLength] {
            fromLength += 1
            return true
        }
        if fromLength == 4 && octet == 0x20 {
            put(quoting: Self.from[0], into: &output)
            for letter in Self.from[1...] { put(plain: letter, into: &output) }
            fromLength = 0
        } else {
            releaseFrom(into: &output)
        }
        return false
    }

    private mutating func releaseFrom(into output: inout OutputSpan<UInt8>) {
        for letter in Self.from[..<fromLength] { put(plain: letter, into: &output) }
        fromLength = 0
    }

    private static let from: [UInt8] = [0x46, 0x72, 0x6F, 0x6D]

    /// Writes a blank that waited to see whether it ends the line.
    private mutating func releaseBlank(isLast: Bool, into output: inout OutputSpan<UInt8>) {
        guard blank != 0 else { return }
        if isLast { put(quoting: blank, into: &output) } else { put(plain: blank, into: &output) }
        blank = 0
    }

    private mutating func put(_ octet: UInt8, into output: inout OutputSpan<UInt8>) {
        defer { isAtLineStart = false }
        if octet.isBlank {
            blank = octet
        } else if isAtLineStart && octet == Self.from[0] {
            fromLength = 1
        } else if Self.isQuoted(octet) || isAtLineStart && octet == 0x2E {
            put(quoting: octet, into: &output)
        } else {
            put(plain: octet, into: &output)
        }
    }

    private mutating func put(plain octet: UInt8, into output: inout OutputSpan<UInt8>) {
        makeRoom(1, in: &output)
        output.append(octet)
    }

    private mutating func put(quoting octet: UInt8, into output: inout OutputSpan<UInt8>) {
        makeRoom(3, in: &output)
        appendQuoted(octet, to: &output)
    }

    private func appendQuoted(_ octet: UInt8, to output: inout OutputSpan<UInt8>) {
        output.append(3, of: QuotedForms.word(octet))
    }

    // TCLLIB: a line is broken as soon as 73 octets stand on it, even if nothing more follows.
    private mutating func makeRoom(_ count: Int, in output: inout OutputSpan<UInt8>) {
        guard breaksLines else { return }
        if needsSoftBreak || column + count > 73 { softBreak(into: &output) }
        column += count
    }

    private mutating func softBreak(into output: inout OutputSpan<UInt8>) {
        output.append(0x3D)
        lineEnd.append(to: &output)
        column = 0
    }

    /// What Tcllib 1.20 quotes, and US (31), which it forgets.
    static func isQuoted(_ octet: UInt8) -> Bool { QuotedForms.mustQuote(octet) }
}
