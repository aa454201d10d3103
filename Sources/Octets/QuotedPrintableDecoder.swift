/// Decodes quoted-printable chunk by chunk, leniently.
///
/// A `=` that no two hexadecimal digits (of either case) or line end follow stays; blanks before a line end are
/// dropped, also between the `=` of a soft line break and its line end. Line ends stay as they are. A `=` that ends the
/// body is a soft line break whose line end is lost, which is dropped and told.
public struct QuotedPrintableDecoder: Sendable {
    /// What stands before the octet to come.
    private enum State { case text, blanks, equals, digit(UInt8), softBlanks }

    private var state = State.text
    private var held: [UInt8] = []
    private var isAfterCR = false
    private let usesBlocks: Bool

    /// Whether a `=` was met that begins neither a quoted octet nor a soft line break, or that ended the body.
    public private(set) var hasDefect = false

    /// A decoder at the start of a body.
    ///
    /// With `isPortable` no instructions are used that only some processors have; the answers are the same.
    public init(isPortable: Bool = false) { usesBlocks = !isPortable && CodecBlocks.areSupported }

    /// The room that `decode(_:into:)` of `count` octets and `finish(into:)` want together.
    public func capacity(for count: Int) -> Int { count + held.count + 24 }

    /// Appends the octets that `chunk` stands for to `output`, but for what depends on the octets to come.
    public mutating func decode(_ chunk: ArraySlice<UInt8>, into output: inout [UInt8]) {
        output.append(addingCapacity: capacity(for: chunk.count)) { decode(chunk.span, into: &$0) }
    }

    /// Ends the body: blanks that waited and a `=` are dropped, an unfinished quoted octet stays. The decoder is then as new but for `hasDefect`.
    public mutating func finish(into output: inout [UInt8]) {
        output.append(addingCapacity: capacity(for: 0)) { finish(into: &$0) }
    }

    /// Appends the octets that `text` stands for, but for what depends on the octets to come; there must be room for
    /// `capacity(for: text.count)` octets.
    public mutating func decode(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) {
        var at = 0
        while at < text.count {
            if case .text = state, !isAfterCR { at = decodeRun(text, from: at, into: &output) }
            if at < text.count { decode(text[at], into: &output) }
            at += 1
        }
    }

    /// Appends what `text` stands for from an offset on as far as that is plain: lines, quoted octets, soft line breaks.
    ///
    /// Returns where it stopped: at something odd, or at what the octets to come decide.
    private func decodeRun(_ text: Span<UInt8>, from start: Int, into output: inout OutputSpan<UInt8>) -> Int {
        var at = start
        var cursor = OctetCursor(&output)
        // Blanks before this place are meant, whatever follows.
        var fixed = cursor.count
        loop: while true {
            if usesBlocks {
                at = CodecBlocks.decodeQuoted(text, from: at, hasCRLF: true, to: &cursor)
                // Blanks that may end a line were left.
                fixed = cursor.count
            }
            at = cursor.copy(text, from: at, until: Special())
            guard at < text.count &- 2 else { break }
            switch text.octet(at: at) {
            case 0x3D:
                let (high, low) = (text.octet(at: at &+ 1), text.octet(at: at &+ 2))
                if high == 0x0A {
                    at &+= 2
                } else if high == 0x0D, low == 0x0A {
                    at &+= 3
                } else {
                    let start = at
                    // Octets above 127 come in groups.
                    while let octet = Self.quoted(text, at) {
                        cursor.put(1, of: UInt64(octet))
                        at &+= 3
                    }
                    if at == start { break loop }
                }
            case 0x0A:
                cursor.dropLast(downTo: fixed) { $0.isBlank }
                cursor.put(1, of: 0x0A)
                at &+= 1
            default:
                // A CR without LF is an octet as others are.
                let isLineEnd = text.octet(at: at &+ 1) == 0x0A
                if isLineEnd { cursor.dropLast(downTo: fixed) { $0.isBlank } }
                cursor.put(isLineEnd ? 2 : 1, of: 0x0A0D)
                at &+= isLineEnd ? 2 : 1
            }
            fixed = cursor.count
        }
        if at == text.count || text[at] != 0x3D {
            let count = cursor.count
            cursor.dropLast(downTo: fixed) { $0.isBlank }
            at -= count - cursor.count
        }
        cursor.commit(to: &output)
        return at
    }

    /// The octet that `=` and two digits at an offset stand for.
    @inline(__always) private static func quoted(_ text: Span<UInt8>, _ at: Int) -> UInt16? {
        guard at < text.count &- 2, text.octet(at: at) == 0x3D else { return nil }
        let value =
            HexTable.values[Int(text.octet(at: at &+ 1))] << 4 | HexTable.values[Int(text.octet(at: at &+ 2))]
        return value < 0x100 ? value : nil
    }

    private mutating func decode(_ octet: UInt8, into output: inout OutputSpan<UInt8>) {
        if isAfterCR {
            isAfterCR = false
            if octet == 10 { return endLine(hasCR: true, into: &output) }
            step(13, into: &output)
        }
        switch octet {
        case 13: isAfterCR = true
        case 10: endLine(hasCR: false, into: &output)
        default: step(octet, into: &output)
        }
    }

    /// Ends the body as the other `finish(into:)` does; there must be room for `capacity(for: 0)` octets.
    public mutating func finish(into output: inout OutputSpan<UInt8>) {
        if isAfterCR { step(13, into: &output) }
        isAfterCR = false
        switch state {
        case .text: break
        case .blanks: held.removeAll()
        case .equals, .softBlanks:
            held.removeAll()
            hasDefect = true
        case .digit: spill(into: &output)
        }
        state = .text
    }

    private mutating func endLine(hasCR: Bool, into output: inout OutputSpan<UInt8>) {
        switch state {
        case .text: Self.append(hasCR, to: &output)
        case .blanks:
            held.removeAll(keepingCapacity: true)
            Self.append(hasCR, to: &output)
        case .equals, .softBlanks: held.removeAll(keepingCapacity: true)
        case .digit:
            spill(into: &output)
            Self.append(hasCR, to: &output)
        }
        state = .text
    }

    private static func append(_ hasCR: Bool, to output: inout OutputSpan<UInt8>) {
        if hasCR { output.append(0x0D) }
        output.append(0x0A)
    }

    private mutating func step(_ octet: UInt8, into output: inout OutputSpan<UInt8>) {
        switch state {
        case .text: start(octet, into: &output)
        case .blanks where octet.isBlank: held.append(octet)
        case .blanks:
            output.append(copying: held.span)
            held.removeAll(keepingCapacity: true)
            start(octet, into: &output)
        case .equals where octet.hexValue != nil:
            held.append(octet)
            state = .digit(octet.hexValue ?? 0)
        case .equals where octet.isBlank, .softBlanks where octet.isBlank:
            held.append(octet)
            state = .softBlanks
        case .digit(let high):
            finishQuoted(high, octet, into: &output)
        case .equals, .softBlanks:
            spill(into: &output)
            start(octet, into: &output)
        }
    }

    private mutating func start(_ octet: UInt8, into output: inout OutputSpan<UInt8>) {
        switch octet {
        case 0x3D:
            held.append(octet)
            state = .equals
        case 0x20, 0x09:
            held.append(octet)
            state = .blanks
        default:
            output.append(octet)
            state = .text
        }
    }

    private mutating func finishQuoted(_ high: UInt8, _ octet: UInt8, into output: inout OutputSpan<UInt8>) {
        if let low = octet.hexValue {
            held.removeAll(keepingCapacity: true)
            output.append(high << 4 | low)
            state = .text
        } else {
            spill(into: &output)
            start(octet, into: &output)
        }
    }

    /// Writes a `=` that stands for itself, and what follows it.
    private mutating func spill(into output: inout OutputSpan<UInt8>) {
        hasDefect = true
        output.append(copying: held.span)
        held.removeAll(keepingCapacity: true)
        state = .text
    }
}

/// `=`, CR and LF.
private struct Special: OctetTest {
    private let equals = Equal(0x3D)
    private let ends = Either(0x0A, 0x0D)

    @inline(__always) func matches(_ octets: SIMD16<UInt8>) -> OctetMask {
        equals.matches(octets) .| ends.matches(octets)
    }
    @inline(__always) func matches(_ octet: UInt8) -> Bool { equals.matches(octet) || ends.matches(octet) }
}
