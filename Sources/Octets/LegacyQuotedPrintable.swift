/// Quoted-printable as Tcl scripts know it from `qp_encode`: lines end with LF, more octets are quoted than must be.
///
/// It works on whole texts; `isWord` is the form inside encoded-words (RFC 2047 §4.2).
public struct LegacyQuotedPrintable: Sendable {
    private let isWord: Bool
    private let usesBlocks: Bool

    /// The form of bodies or, with `isWord`, of encoded-words.
    ///
    /// With `isPortable` no instructions are used that only some processors have; the answers are the same.
    public init(isWord: Bool, isPortable: Bool = false) {
        self.isWord = isWord
        usesBlocks = !isPortable && CodecBlocks.areSupported
    }

    /// The quoted form of `text`, in lines of at most 75 octets if `breaksLines`.
    public func encode(_ text: [UInt8], breaksLines: Bool) -> [UInt8] {
        [UInt8](capacity: Self.encodedCapacity(of: text.count)) {
            encode(text.span, breaksLines: breaksLines, into: &$0)
        }
    }

    /// The octets that `text` stands for; blanks at line ends are dropped first.
    public func decode(_ text: [UInt8]) -> [UInt8] {
        [UInt8](capacity: Self.decodedCapacity(of: text.count)) { decode(text.span, into: &$0) }
    }

    /// The room that `encode(_:breaksLines:into:)` wants for `count` octets; mostly a third of it is used.
    public static func encodedCapacity(of count: Int) -> Int { 3 * count + 2 * (3 * count / 71) + 64 }

    /// The room that `decode(_:into:)` wants for `count` octets.
    public static func decodedCapacity(of count: Int) -> Int { count + 24 }

    /// Appends the quoted form of `text`; there must be room for `encodedCapacity(of: text.count)` octets.
    public func encode(_ text: Span<UInt8>, breaksLines: Bool, into output: inout OutputSpan<UInt8>) {
        let plain = PlainText()
        var line = Line(cursor: OctetCursor(&output), breaksLines: breaksLines)
        var at = 0
        while at < text.count {
            if usesBlocks, !isWord, !startsRiskyLine(text, at) {
                at = line.putBlocks(text, from: at)
                if at == text.count { break }
            }
            if !isWord, at <= text.count &- 17, at > 0, text.octet(at: at &- 1) != 0x0A {
                if text.octet(at: at) >= 0x80 {
                    line.put(3, of: QuotedForms.word(text.octet(at: at)))
                    at &+= 1
                    continue
                }
                let octets = text.vector(at: at)
                var run = plain.matches(octets).firstFalse
                if run > 0, text.octet(at: at &+ run &- 1) == 0x20, text.octet(at: at &+ run) == 0x0A { run &-= 1 }
                run = line.fitting(run)
                line.put(run, of: octets)
                at &+= run
                if run > 0 { continue }
            }
            put(text, at, &line)
            at &+= 1
        }
        line.breakIfFull()
        // A blank at the very end would be lost in transport.
        if !isWord, !text.isEmpty, text[text.count - 1].isBlank, line.column > 0 {
            line.cursor.dropLast(downTo: line.cursor.count &- 1) { _ in true }
            line.cursor.put(3, of: QuotedForms.word(text[text.count - 1]))
        }
        line.cursor.commit(to: &output)
    }

    /// A line that is being written.
    private struct Line {
        var cursor: OctetCursor
        let breaksLines: Bool
        var column = 0

        /// How many of some octets the line takes, at least one; a full line is broken.
        @inline(__always) mutating func fitting(_ length: Int) -> Int {
            if !breaksLines || length == 0 { return length }
            breakIfFull()
            return Swift.min(length, 73 &- column)
        }

        @inline(__always) mutating func put(_ length: Int, of octets: SIMD16<UInt8>) {
            cursor.put(length, of: octets)
            column &+= length
        }

        @inline(__always) mutating func put(_ length: Int, of word: UInt64) {
            if breaksLines, column &+ length > 73 { breakSoftly() }
            cursor.put(length, of: word)
            column &+= length
        }

        /// Writes what can be done in blocks of `text` from an offset on; where that ends.
        mutating func putBlocks(_ text: Span<UInt8>, from start: Int) -> Int {
            CodecBlocks.encodeQuoted(
                text, from: start, column: &column, width: breaksLines ? 73 : .max, lineEnd: LineBreak([0x0A]),
                hasLines: true, to: &cursor)
        }

        // TCLLIB: a line is broken as soon as 73 octets stand on it, even if nothing more follows.
        @inline(__always) mutating func breakIfFull() {
            if breaksLines, column == 73 { breakSoftly() }
        }

        private mutating func breakSoftly() {
            cursor.put(2, of: 0x0A3D)
            column = 0
        }

        @inline(__always) mutating func end() {
            breakIfFull()
            cursor.put(1, of: 0x0A)
            column = 0
        }
    }

    @inline(__always) private func put(_ text: Span<UInt8>, _ at: Int, _ line: inout Line) {
        let octet = text.octet(at: at)
        if octet == 0x0A {
            line.end()
        } else if mustQuote(octet) || isBlankAtLineEnd(text, at) || startsRiskyLine(text, at) {
            line.put(3, of: QuotedForms.word(octet))
        } else {
            line.put(1, of: UInt64(isWord && octet == 0x20 ? UInt8(ascii: "_") : octet))
        }
    }

    @inline(__always) private func mustQuote(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x09, 0x5F, 0x3F: isWord
        case 0x0A, 0x1F: false
        default: QuotedForms.mustQuote(octet)
        }
    }

    private func isBlankAtLineEnd(_ text: Span<UInt8>, _ at: Int) -> Bool {
        !isWord && text[at].isBlank && at + 1 < text.count && text[at + 1] == 0x0A
    }

    /// A line that is a lone dot, or begins like an mbox delimiter.
    @inline(__always) private func startsRiskyLine(_ text: Span<UInt8>, _ at: Int) -> Bool {
        guard at > 0, text.octet(at: at &- 1) == 0x0A else { return false }
        if text[at] == UInt8(ascii: ".") { return at + 1 < text.count && text[at + 1] == 0x0A }
        return text[at] == UInt8(ascii: "F") && text.count - at >= 5 && text[at + 1] == UInt8(ascii: "r")
            && text[at + 2] == UInt8(ascii: "o") && text[at + 3] == UInt8(ascii: "m") && text[at + 4] == 0x20
    }

    // MARK: Decoding

    /// Appends the octets that `text` stands for; there must be room for `decodedCapacity(of: text.count)` octets.
    public func decode(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) {
        if isWord {
            var spaced = [UInt8](capacity: text.count) { $0.append(copying: text) }
            for at in spaced.indices where spaced[at] == UInt8(ascii: "_") { spaced[at] = 0x20 }
            decodeLines(spaced.span, into: &output)
        } else {
            decodeLines(text, into: &output)
        }
    }

    private func decodeLines(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) {
        var cursor = OctetCursor(&output)
        var at = 0
        // Blanks before this place are meant, whatever follows.
        var fixed = 0
        while at < text.count {
            if usesBlocks {
                at = CodecBlocks.decodeQuoted(text, from: at, hasCRLF: false, to: &cursor)
                // Blanks that may end a line were left.
                fixed = cursor.count
            }
            at = cursor.copy(text, from: at, until: Either(0x3D, 0x0A))
            if at == text.count { break }
            if text.octet(at: at) == 0x0A {
                cursor.dropLast(downTo: fixed) { $0.isBlank }
                cursor.put(1, of: 0x0A)
                at &+= 1
            } else {
                // Octets above 127 come in groups.
                repeat { at = Self.decodeQuoted(text, at, &cursor) } while at < text.count && text.octet(at: at) == 0x3D
            }
            fixed = cursor.count
        }
        cursor.dropLast(downTo: fixed) { $0.isBlank }
        cursor.commit(to: &output)
    }

    /// Writes what a `=` at an offset begins; where that ends.
    @inline(__always) private static func decodeQuoted(_ text: Span<UInt8>, _ at: Int, _ cursor: inout OctetCursor)
        -> Int
    {
        if at &+ 2 < text.count {
            let value =
                HexTable.values[Int(text.octet(at: at &+ 1))] << 4 | HexTable.values[Int(text.octet(at: at &+ 2))]
            if value < 0x100 {
                cursor.put(1, of: UInt64(value))
                return at &+ 3
            }
        }
        var next = at &+ 1
        while next < text.count, text.octet(at: next).isBlank { next &+= 1 }
        if next < text.count, text.octet(at: next) == 0x0A { return next &+ 1 }
        cursor.put(1, of: 0x3D)
        return at &+ 1
    }
}
