/// Encodes quoted-printable chunk by chunk.
///
/// Lines have at most 75 octets and end with CRLF. Besides what RFC 2045 §6.7 demands, octets that EBCDIC gateways
/// spoil are quoted (rule 2 of its robustness notes), a `.` at the start of a line, and the `F` of `From ` there.
public struct QuotedPrintableEncoder: Sendable {
    private let isText: Bool
    private let breaksLines: Bool
    private let lineEnd: [UInt8]
    private var column = 0
    private var isAtLineStart = true
    private var isAfterCR = false
    private var needsSoftBreak = false
    private var blank: UInt8 = 0
    private var fromLength = 0

    /// With `isText`, LF and CRLF are line breaks and a lone CR is `=0D`; without, both are quoted.
    ///
    /// `lineEnd` is what line breaks become; without `breaksLines`, lines may be of any length.
    public init(isText: Bool, lineEnd: [UInt8] = [13, 10], breaksLines: Bool = true) {
        self.isText = isText
        self.lineEnd = lineEnd
        self.breaksLines = breaksLines
    }

    /// Appends the quoted form of `chunk` to `output`, but for a few octets whose form depends on what follows.
    public mutating func encode(_ chunk: ArraySlice<UInt8>, into output: inout [UInt8]) {
        output.reserveCapacity(output.count + chunk.count)
        for octet in chunk {
            if isText && endsLine(octet, into: &output) { continue }
            if fromLength > 0 && continuesFrom(octet, into: &output) { continue }
            releaseBlank(isLast: false, into: &output)
            put(octet, into: &output)
        }
    }

    /// Appends what waited. The encoder is then as new.
    public mutating func finish(into output: inout [UInt8]) {
        releaseCR(into: &output)
        releaseFrom(into: &output)
        if blank != 0 {
            if needsSoftBreak { softBreak(into: &output) }
            appendQuoted(blank, to: &output)
        }
        self = QuotedPrintableEncoder(isText: isText, lineEnd: lineEnd, breaksLines: breaksLines)
    }

    /// Deals with CR and LF of text; false if `octet` is to be encoded.
    private mutating func endsLine(_ octet: UInt8, into output: inout [UInt8]) -> Bool {
        if octet == 10 {
            isAfterCR = false
            releaseFrom(into: &output)
            releaseBlank(isLast: true, into: &output)
            if needsSoftBreak { softBreak(into: &output) }
            output.append(contentsOf: lineEnd)
            column = 0
            isAtLineStart = true
            return true
        }
        releaseCR(into: &output)
        if octet == 13 { isAfterCR = true }
        return octet == 13
    }

    private mutating func releaseCR(into output: inout [UInt8]) {
        guard isAfterCR else { return }
        isAfterCR = false
        releaseFrom(into: &output)
        releaseBlank(isLast: false, into: &output)
        put(quoting: 13, into: &output)
    }

    /// Follows `From ` at the start of a line; false if `octet` is not of it, all that waited being written.
    private mutating func continuesFrom(_ octet: UInt8, into output: inout [UInt8]) -> Bool {
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

    private mutating func releaseFrom(into output: inout [UInt8]) {
        for letter in Self.from[..<fromLength] { put(plain: letter, into: &output) }
        fromLength = 0
    }

    private static let from: [UInt8] = [0x46, 0x72, 0x6F, 0x6D]

    /// Writes a blank that waited to see whether it ends the line.
    private mutating func releaseBlank(isLast: Bool, into output: inout [UInt8]) {
        guard blank != 0 else { return }
        if isLast { put(quoting: blank, into: &output) } else { put(plain: blank, into: &output) }
        blank = 0
    }

    private mutating func put(_ octet: UInt8, into output: inout [UInt8]) {
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

    private mutating func put(plain octet: UInt8, into output: inout [UInt8]) {
        makeRoom(1, in: &output)
        output.append(octet)
    }

    private mutating func put(quoting octet: UInt8, into output: inout [UInt8]) {
        makeRoom(3, in: &output)
        appendQuoted(octet, to: &output)
    }

    private func appendQuoted(_ octet: UInt8, to output: inout [UInt8]) {
        output.append(0x3D)
        output.append((octet >> 4).hexDigit)
        output.append(octet.hexDigit)
    }

    // TCLLIB: a line is broken as soon as 73 octets stand on it, even if nothing more follows.
    private mutating func makeRoom(_ count: Int, in output: inout [UInt8]) {
        guard breaksLines else { return }
        if needsSoftBreak || column + count > 73 { softBreak(into: &output) }
        column += count
        needsSoftBreak = column == 73
    }

    private mutating func softBreak(into output: inout [UInt8]) {
        output.append(0x3D)
        output.append(contentsOf: lineEnd)
        column = 0
        needsSoftBreak = false
    }

    /// What Tcllib 1.20 quotes, and US (31), which it forgets.
    static func isQuoted(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x00...0x1F, 0x21...0x24, 0x3D, 0x40, 0x5B...0x5E, 0x60, 0x7B...0xFF: true
        default: false
        }
    }
}
