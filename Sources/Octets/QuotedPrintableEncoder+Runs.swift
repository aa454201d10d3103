extension QuotedPrintableEncoder {
    /// Appends the form of `text` from an offset on as far as that needs no more than the next two octets to be known.
    ///
    /// Nothing waits, neither before nor after. Returns where it stopped.
    mutating func encodeRun(_ text: Span<UInt8>, from start: Int, into output: inout OutputSpan<UInt8>) -> Int {
        var at = start
        var cursor = OctetCursor(&output)
        while at < text.count {
            if isAtLineStart, text.octet(at: at) == 0x46 { break }
            if isAtLineStart, text.octet(at: at) == 0x2E {
                put(quoting: 0x2E, at: &cursor)
                at &+= 1
                isAtLineStart = false
            }
            if usesBlocks { at = encodeBlocks(text, from: at, to: &cursor) }
            at = copyPlain(text, from: at, to: &cursor)
            guard at < text.count &- 2 else { break }
            let octet = text.octet(at: at)
            if isText, octet == 0x0A || octet == 0x0D {
                guard octet == 0x0A || text.octet(at: at &+ 1) == 0x0A else { break }
                at &+= octet == 0x0A ? 1 : 2
                endLine(at: &cursor)
            } else if octet.isBlank {
                let next = text.octet(at: at &+ 1)
                // A lone CR does not end the line: the blank before it waits.
                if isText, next == 0x0D, text.octet(at: at &+ 2) != 0x0A { break }
                let isLast = isText && (next == 0x0A || next == 0x0D)
                if isLast { put(quoting: octet, at: &cursor) } else { put(plain: octet, at: &cursor) }
                isAtLineStart = false
                at &+= 1
            } else {
                isAtLineStart = false
                // Octets above 127 come in groups.
                repeat {
                    put(quoting: text.octet(at: at), at: &cursor)
                    at &+= 1
                } while at < text.count && text.octet(at: at) >= 0x80
            }
        }
        cursor.commit(to: &output)
        return at
    }

    /// What of `encodeRun` can be done in blocks; the text goes on with neither `.` nor `F` at the start of a line.
    private mutating func encodeBlocks(_ text: Span<UInt8>, from start: Int, to cursor: inout OctetCursor) -> Int {
        var filled = breaksLines ? column : 0
        let at = CodecBlocks.encodeQuoted(
            text, from: start, column: &filled, width: breaksLines ? 73 : .max, lineEnd: lineEnd, hasLines: isText,
            to: &cursor)
        if at > start { isAtLineStart = text.octet(at: at &- 1) == 0x0A }
        if breaksLines { column = filled }
        return at
    }

    /// Copies octets that stand for themselves, breaking lines, up to a blank that may end its line or to another octet;
    /// where that is.
    @inline(__always) private mutating func copyPlain(
        _ text: Span<UInt8>, from start: Int, to cursor: inout OctetCursor
    ) -> Int {
        let plain = PlainText()
        var at = start
        while at <= text.count &- 17 {
            let octets = text.vector(at: at)
            let run = plain.matches(octets).firstFalse
            // A blank is only plain if an octet follows that ends no line.
            let length =
                run > 0 && text.octet(at: at &+ run &- 1) == 0x20 && !plain.matches(text.octet(at: at &+ run))
                ? run &- 1 : run
            if length == 0 { return at }
            let room = breaksLines ? 73 &- column : 16
            if room == 0 {
                breakSoftly(at: &cursor)
                continue
            }
            let count = Swift.min(length, room)
            cursor.put(count, of: octets)
            column &+= breaksLines ? count : 0
            at &+= count
            isAtLineStart = false
            if run < 16, count == length { return at }
        }
        while at < text.count &- 1 {
            let octet = text.octet(at: at)
            guard plain.matches(octet), octet != 0x20 || plain.matches(text.octet(at: at &+ 1)) else { return at }
            put(plain: octet, at: &cursor)
            at &+= 1
            isAtLineStart = false
        }
        return at
    }

    @inline(__always) private mutating func put(quoting octet: UInt8, at cursor: inout OctetCursor) {
        makeRoom(3, at: &cursor)
        cursor.put(3, of: QuotedForms.word(octet))
    }

    @inline(__always) private mutating func put(plain octet: UInt8, at cursor: inout OctetCursor) {
        makeRoom(1, at: &cursor)
        cursor.put(1, of: UInt64(octet))
    }

    @inline(__always) private mutating func makeRoom(_ count: Int, at cursor: inout OctetCursor) {
        guard breaksLines else { return }
        if column &+ count > 73 { breakSoftly(at: &cursor) }
        column &+= count
    }

    @inline(__always) private mutating func endLine(at cursor: inout OctetCursor) {
        if breaksLines, column == 73 { breakSoftly(at: &cursor) }
        lineEnd.put(at: &cursor)
        column = 0
        isAtLineStart = true
    }

    @inline(__always) private mutating func breakSoftly(at cursor: inout OctetCursor) {
        cursor.put(1, of: 0x3D)
        lineEnd.put(at: &cursor)
        column = 0
    }
}

/// Octets that stand for themselves in quoted-printable inside a line, SP among them.
struct PlainText: OctetTest {
    private let low = SIMD16<UInt8>(repeating: 0x20)
    private let high = SIMD16<UInt8>(repeating: 0x7A)
    private let marks = SIMD16<UInt8>(repeating: 0x21)
    private let brackets = SIMD16<UInt8>(repeating: 0x5B)
    private let four = SIMD16<UInt8>(repeating: 4)
    private let equals = Either(0x3D, 0x40)
    private let grave = Equal(0x60)

    @inline(__always) func matches(_ octets: SIMD16<UInt8>) -> OctetMask {
        let quoted = ((octets &- marks) .< four) .| ((octets &- brackets) .< four)
        let others = equals.matches(octets) .| grave.matches(octets)
        return (octets .>= low) .& (octets .<= high) .& .!(quoted .| others)
    }

    @inline(__always) func matches(_ octet: UInt8) -> Bool { !QuotedForms.mustQuote(octet) }
}
