/// Quoted-printable as Tcl scripts know it from `qp_encode`: lines end with LF, more octets are quoted than must be.
///
/// It works on whole texts; `isWord` is the form inside encoded-words (RFC 2047 §4.2).
public struct LegacyQuotedPrintable: Sendable {
    private let isWord: Bool

    /// The form of bodies or, with `isWord`, of encoded-words.
    public init(isWord: Bool) { self.isWord = isWord }

    /// The quoted form of `text`, in lines of at most 75 octets if `breaksLines`.
    public func encode(_ text: [UInt8], breaksLines: Bool) -> [UInt8] {
        var quoted = quote(text.span)
        if breaksLines { quoted = Self.breakLines(quoted) }
        Self.quoteLastBlank(&quoted)
        return quoted
    }

    /// The octets that `text` stands for; blanks at line ends are dropped first.
    public func decode(_ text: [UInt8]) -> [UInt8] {
        var text = text
        if isWord { for at in text.indices where text[at] == UInt8(ascii: "_") { text[at] = 0x20 } }
        return [UInt8](capacity: text.count + 24) { Self.decode(text.span, into: &$0) }
    }

    // MARK: Encoding

    private func quote(_ text: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 8 + 64)
        var at = 0
        while at < text.count {
            // Pieces, because the room for the worst case is thrice what is mostly used.
            let end = Swift.min(at + 8192, text.count)
            result.append(addingCapacity: 3 * (end - at) + 24) { at = quote(text, at..<end, into: &$0) }
        }
        return result
    }

    private func quote(_ text: Span<UInt8>, _ range: Range<Int>, into output: inout OutputSpan<UInt8>) -> Int {
        let plain = PlainText()
        var cursor = OctetCursor(&output)
        var at = range.lowerBound
        while at < range.upperBound {
            if !isWord, at <= range.upperBound &- 17, at > 0, text.octet(at: at &- 1) != 0x0A {
                let octets = text.vector(at: at)
                let run = plain.matches(octets).firstFalse
                // The last octet of the run may be a blank before a line end.
                cursor.put(run, of: octets)
                at &+= run
                if run > 0, text.octet(at: at &- 1) == 0x20, text.octet(at: at) == 0x0A {
                    cursor.dropLast(downTo: cursor.count &- 1) { _ in true }
                    cursor.put(3, of: QuotedForms.word(0x20))
                }
                if run == 16 { continue }
            }
            put(text, at, &cursor)
            at &+= 1
        }
        cursor.commit(to: &output)
        return at
    }

    @inline(__always) private func put(_ text: Span<UInt8>, _ at: Int, _ cursor: inout OctetCursor) {
        let octet = text.octet(at: at)
        if mustQuote(octet) || isBlankAtLineEnd(text, at) {
            cursor.put(3, of: QuotedForms.word(octet))
        } else if startsRiskyLine(text, at) {
            // TCLLIB: the F of an mbox delimiter is written with a lower-case digit, which for F is a 6 all the same.
            cursor.put(3, of: QuotedForms.word(octet))
        } else {
            cursor.put(1, of: UInt64(isWord && octet == 0x20 ? UInt8(ascii: "_") : octet))
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
    private func startsRiskyLine(_ text: Span<UInt8>, _ at: Int) -> Bool {
        guard at > 0, text[at - 1] == 0x0A else { return false }
        if text[at] == UInt8(ascii: ".") { return at + 1 < text.count && text[at + 1] == 0x0A }
        return text[at] == UInt8(ascii: "F") && text.count - at >= 5 && text[at + 1] == UInt8(ascii: "r")
            && text[at + 2] == UInt8(ascii: "o") && text[at + 3] == UInt8(ascii: "m") && text[at + 4] == 0x20
    }

    /// Puts soft line breaks where a line has more than 72 octets.
    private static func breakLines(_ quoted: [UInt8]) -> [UInt8] {
        // At least 71 octets stand between two breaks.
        [UInt8](capacity: quoted.count + 2 * (quoted.count / 71) + 64) { breakLines(quoted.span, into: &$0) }
    }

    private static func breakLines(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) {
        var start = 0
        while start < text.count {
            let end = text.firstIndex(of: 0x0A, in: start..<Swift.min(start + 73, text.count))
            if let end {
                output.append(copying: text.extracting(start..<(end + 1)))
                start = end + 1
            } else if text.count - start <= 72 {
                output.append(copying: text.extracting(start...))
                start = text.count
            } else {
                // A quoted octet is not cut in two.
                var cut = start + 73
                if text[cut - 1] == 0x3D { cut -= 1 } else if text[cut - 2] == 0x3D { cut -= 2 }
                output.append(copying: text.extracting(start..<cut))
                output.append(2, of: 0x0A3D)
                start = cut
            }
        }
    }

    /// A blank at the very end would be lost in transport.
    private static func quoteLastBlank(_ octets: inout [UInt8]) {
        guard let last = octets.last, last.isBlank else { return }
        octets.removeLast()
        octets += [UInt8(ascii: "="), (last >> 4).hexDigit, last.hexDigit]
    }

    // MARK: Decoding

    private static func decode(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) {
        var cursor = OctetCursor(&output)
        var at = 0
        // Blanks before this place are meant, whatever follows.
        var fixed = 0
        while at < text.count {
            at = cursor.copy(text, from: at, until: Either(0x3D, 0x0A))
            if at == text.count { break }
            if text.octet(at: at) == 0x0A {
                cursor.dropLast(downTo: fixed) { $0.isBlank }
                cursor.put(1, of: 0x0A)
                at &+= 1
            } else {
                at = decodeQuoted(text, at, &cursor)
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
