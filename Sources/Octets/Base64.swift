/// The base64 content-transfer-encoding of whole arrays (RFC 2045 §6.8).
public enum Base64 {
    /// The base64 form of `octets` in lines of at most `lineLength` octets (0: one line), `lineEnd` between them.
    public static func encode(_ octets: [UInt8], lineLength: Int = 76, lineEnd: [UInt8] = [13, 10]) -> [UInt8] {
        var encoder = Base64Encoder(lineLength: lineLength, lineEnd: lineEnd)
        var encoded: [UInt8] = []
        encoder.encode(octets[...], into: &encoded)
        encoder.finish(into: &encoded)
        return encoded
    }

    /// The octets that `text` stands for; anything outside the alphabet is skipped.
    public static func decode(_ text: [UInt8]) -> [UInt8] {
        var decoder = Base64Decoder()
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count / 4 * 3 + 3)
        decoder.decode(text[...], into: &decoded)
        decoder.finish(into: &decoded)
        return decoded
    }
}

/// Encodes base64 chunk by chunk.
public struct Base64Encoder: Sendable {
    private let lineLength: Int
    private let lineEnd: [UInt8]
    private var column = 0
    private var pending: [UInt8] = []

    /// Lines have at most `lineLength` octets (0: one line); `lineEnd` stands between lines, not after the last.
    public init(lineLength: Int = 76, lineEnd: [UInt8] = [13, 10]) {
        self.lineLength = lineLength == 0 ? Int.max : max(lineLength, 4)
        self.lineEnd = lineEnd
    }

    /// Appends the base64 form of `chunk` to `output`, but for up to two octets that await the next.
    public mutating func encode(_ chunk: ArraySlice<UInt8>, into output: inout [UInt8]) {
        var rest = chunk
        while !pending.isEmpty && pending.count < 3, let octet = rest.popFirst() { pending.append(octet) }
        if pending.count == 3 {
            appendQuad(pending[0], pending[1], pending[2], to: &output)
            pending.removeAll(keepingCapacity: true)
        }
        pending.append(contentsOf: rest.dropFirst(encodeTriples(rest, into: &output)))
    }

    /// Appends the form of all whole triples that `octets` has; how many octets they are.
    private mutating func encodeTriples(_ octets: ArraySlice<UInt8>, into output: inout [UInt8]) -> Int {
        let input = octets.span
        let count = input.count / 3 * 3
        var at = 0
        while at < count {
            if column > lineLength - 4 {
                output.append(contentsOf: lineEnd)
                column = 0
            }
            let triples = min((count - at) / 3, (lineLength - column) / 4)
            let start = output.count
            output.append(contentsOf: repeatElement(0, count: 4 * triples))
            var digits = output.mutableSpan
            for triple in 0..<triples {
                let (place, from) = (start + 4 * triple, at + 3 * triple)
                let (a, b, c) = (input[from], input[from + 1], input[from + 2])
                digits[place] = Base64Tables.digits[Int(a >> 2)]
                digits[place + 1] = Base64Tables.digits[Int((a & 3) << 4 | b >> 4)]
                digits[place + 2] = Base64Tables.digits[Int((b & 15) << 2 | c >> 6)]
                digits[place + 3] = Base64Tables.digits[Int(c & 63)]
            }
            at += 3 * triples
            column += 4 * triples
        }
        return count
    }

    /// Appends what is left, with padding. The encoder is then as new.
    public mutating func finish(into output: inout [UInt8]) {
        if let first = pending.first {
            appendQuad(first, pending.count > 1 ? pending[1] : 0, 0, to: &output)
            output.replaceSubrange(
                (output.count - 3 + pending.count)..., with: repeatElement(0x3D, count: 3 - pending.count))
        }
        pending.removeAll()
        column = 0
    }

    private mutating func appendQuad(_ a: UInt8, _ b: UInt8, _ c: UInt8, to output: inout [UInt8]) {
        if column > lineLength - 4 {
            output.append(contentsOf: lineEnd)
            column = 0
        }
        output.append(Base64Tables.digits[Int(a >> 2)])
        output.append(Base64Tables.digits[Int((a & 3) << 4 | b >> 4)])
        output.append(Base64Tables.digits[Int((b & 15) << 2 | c >> 6)])
        output.append(Base64Tables.digits[Int(c & 63)])
        column += 4
    }
}

/// Decodes base64 chunk by chunk, leniently: what is outside the alphabet is skipped, padding ends a quad only.
public struct Base64Decoder: Sendable {
    private var bits: UInt32 = 0
    private var digits = 0
    private var padding = 0
    private var isAfterPadding = false

    /// Whether anything but alphabet, white space and right padding was met.
    public private(set) var hasDefect = false

    /// A decoder at the start of a body.
    public init() {}

    /// Appends the octets of all quads that `chunk` completes to `output`.
    public mutating func decode(_ chunk: ArraySlice<UInt8>, into output: inout [UInt8]) {
        var rest = chunk
        while !rest.isEmpty {
            if digits == 0, !isAfterPadding { rest = rest.dropFirst(decodeQuads(rest, into: &output)) }
            // What ends a run of whole quads: a line end, padding, anything else, or a quad cut in two.
            var count = 0
            while count < 4 || digits > 0, let octet = rest.popFirst() {
                decode(octet, into: &output)
                count += 1
            }
        }
    }

    /// Appends the octets of the whole quads that `text` begins with; how many octets of it they are.
    private func decodeQuads(_ text: ArraySlice<UInt8>, into output: inout [UInt8]) -> Int {
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: text.count / 4 * 3))
        let input = text.span
        var at = 0
        var end = start
        var octets = output.mutableSpan
        while at + 4 <= input.count {
            let bits =
                Base64Tables.first[Int(input[at])] | Base64Tables.second[Int(input[at + 1])]
                | Base64Tables.third[Int(input[at + 2])] | Base64Tables.fourth[Int(input[at + 3])]
            if bits < Base64Tables.outside {
                octets[end] = UInt8(truncatingIfNeeded: bits >> 16)
                octets[end + 1] = UInt8(truncatingIfNeeded: bits >> 8)
                octets[end + 2] = UInt8(truncatingIfNeeded: bits)
                end += 3
                at += 4
            } else if input[at] == 0x0A {
                at += 1
            } else if input[at] == 0x0D, input[at + 1] == 0x0A {
                at += 2
            } else {
                break
            }
        }
        output.removeLast(output.count - end)
        return at
    }

    private mutating func decode(_ octet: UInt8, into output: inout [UInt8]) {
        let value = Self.value(octet)
        if value < 64 {
            appendDigit(value, to: &output)
        } else if octet == 0x3D {
            endQuad(isPadded: true, into: &output)
        } else if !octet.isSpace {
            hasDefect = true
        }
    }

    /// Appends what an unfinished quad still holds. The decoder is then as new but for `hasDefect`.
    public mutating func finish(into output: inout [UInt8]) {
        if digits > 0 || padding > 0 { hasDefect = true }
        endQuad(isPadded: false, into: &output)
        padding = 0
        isAfterPadding = false
    }

    private mutating func appendDigit(_ value: UInt8, to output: inout [UInt8]) {
        if isAfterPadding {
            hasDefect = true
            isAfterPadding = false
            padding = 0
        }
        bits = bits << 6 | UInt32(value)
        digits += 1
        if digits == 4 {
            output.append(UInt8(truncatingIfNeeded: bits >> 16))
            output.append(UInt8(truncatingIfNeeded: bits >> 8))
            output.append(UInt8(truncatingIfNeeded: bits))
            bits = 0
            digits = 0
        }
    }

    private mutating func endQuad(isPadded: Bool, into output: inout [UInt8]) {
        switch digits {
        case 2: output.append(UInt8(truncatingIfNeeded: bits >> 4))
        case 3:
            output.append(UInt8(truncatingIfNeeded: bits >> 10))
            output.append(UInt8(truncatingIfNeeded: bits >> 2))
        default: break
        }
        if isPadded { countPadding() }
        bits = 0
        digits = 0
    }

    private mutating func countPadding() {
        if padding > 0 {
            padding -= 1
        } else if digits < 2 {
            hasDefect = true
        } else {
            padding = 3 - digits
            isAfterPadding = true
        }
    }

    private static func value(_ octet: UInt8) -> UInt8 {
        switch octet {
        case 0x41...0x5A: octet &- 0x41
        case 0x61...0x7A: octet &- 0x47
        case 0x30...0x39: octet &+ 4
        case 0x2B: 62
        case 0x2F: 63
        default: 64
        }
    }
}
