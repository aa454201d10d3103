/// Decodes quoted-printable chunk by chunk, leniently.
///
/// A `=` that no two hexadecimal digits (of either case) or line end follow stays; blanks before a line end are
/// dropped, also between the `=` of a soft line break and its line end. Line ends stay as they are.
public struct QuotedPrintableDecoder: Sendable {
    /// What stands before the octet to come.
    private enum State { case text, blanks, equals, digit(UInt8), softBlanks }

    private var state = State.text
    private var held: [UInt8] = []
    private var isAfterCR = false

    /// Whether a `=` was met that begins neither a quoted octet nor a soft line break.
    public private(set) var hasDefect = false

    /// A decoder at the start of a body.
    public init() {}

    /// Appends the octets that `chunk` stands for to `output`, but for what depends on the octets to come.
    public mutating func decode(_ chunk: ArraySlice<UInt8>, into output: inout [UInt8]) {
        var rest = chunk
        while !rest.isEmpty {
            if case .text = state, !isAfterCR { rest = rest.dropFirst(decodeRun(rest, into: &output)) }
            if let octet = rest.popFirst() { decode(octet, into: &output) }
        }
    }

    /// Appends what the beginning of `text` stands for as far as it is plain: whole lines, quoted octets and soft line
    /// breaks. Returns how many octets of it that was.
    private func decodeRun(_ text: ArraySlice<UInt8>, into output: inout [UInt8]) -> Int {
        let input = text.span
        var at = 0
        while true {
            var stop = at
            while stop < input.count, input[stop] != 0x3D, input[stop] != 0x0A, input[stop] != 0x0D { stop += 1 }
            var end = stop
            if stop == input.count || input[stop] != 0x3D {
                // Blanks that may stand before a line end.
                while end > at, input[end - 1].isBlank { end -= 1 }
            }
            output.append(contentsOf: text[(text.startIndex + at)..<(text.startIndex + end)])
            guard end == stop, stop + 2 < input.count else { return end }
            if input[stop] == 0x0A {
                output.append(0x0A)
                at = stop + 1
            } else if input[stop] == 0x0D {
                guard input[stop + 1] == 0x0A else { return stop }
                output.append(contentsOf: [0x0D, 0x0A])
                at = stop + 2
            } else if let high = input[stop + 1].hexValue, let low = input[stop + 2].hexValue {
                output.append(high << 4 | low)
                at = stop + 3
            } else if input[stop + 1] == 0x0A {
                at = stop + 2
            } else if input[stop + 1] == 0x0D, input[stop + 2] == 0x0A {
                at = stop + 3
            } else {
                return stop
            }
        }
    }

    private mutating func decode(_ octet: UInt8, into output: inout [UInt8]) {
        if isAfterCR {
            isAfterCR = false
            if octet == 10 { return endLine([13, 10], into: &output) }
            step(13, into: &output)
        }
        switch octet {
        case 13: isAfterCR = true
        case 10: endLine([10], into: &output)
        default: step(octet, into: &output)
        }
    }

    /// Ends the body: blanks that waited are dropped, an unfinished `=` stays. The decoder is then as new but for `hasDefect`.
    public mutating func finish(into output: inout [UInt8]) {
        if isAfterCR { step(13, into: &output) }
        isAfterCR = false
        switch state {
        case .text: break
        case .blanks: held.removeAll()
        case .equals, .softBlanks:
            held.removeAll()
            output.append(0x3D)
            hasDefect = true
        case .digit: spill(into: &output)
        }
        state = .text
    }

    private mutating func endLine(_ lineEnd: [UInt8], into output: inout [UInt8]) {
        switch state {
        case .text: output.append(contentsOf: lineEnd)
        case .blanks:
            held.removeAll(keepingCapacity: true)
            output.append(contentsOf: lineEnd)
        case .equals, .softBlanks: held.removeAll(keepingCapacity: true)
        case .digit:
            spill(into: &output)
            output.append(contentsOf: lineEnd)
        }
        state = .text
    }

    private mutating func step(_ octet: UInt8, into output: inout [UInt8]) {
        switch state {
        case .text: start(octet, into: &output)
        case .blanks where octet.isBlank: held.append(octet)
        case .blanks:
            output.append(contentsOf: held)
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

    private mutating func start(_ octet: UInt8, into output: inout [UInt8]) {
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

    private mutating func finishQuoted(_ high: UInt8, _ octet: UInt8, into output: inout [UInt8]) {
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
    private mutating func spill(into output: inout [UInt8]) {
        hasDefect = true
        output.append(contentsOf: held)
        held.removeAll(keepingCapacity: true)
        state = .text
    }
}
