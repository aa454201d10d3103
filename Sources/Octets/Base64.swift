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
        var index = rest.startIndex
        while rest.endIndex - index >= 3 {
            appendQuad(rest[index], rest[index + 1], rest[index + 2], to: &output)
            index += 3
        }
        pending.append(contentsOf: rest[index...])
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
        output.append(Self.digit(a >> 2))
        output.append(Self.digit((a & 3) << 4 | b >> 4))
        output.append(Self.digit((b & 15) << 2 | c >> 6))
        output.append(Self.digit(c & 63))
        column += 4
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: 0x41 &+ value
        case 26..<52: 0x47 &+ value
        case 52..<62: value &- 4
        case 62: 0x2B
        default: 0x2F
        }
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
        for octet in chunk {
            let value = Self.value(octet)
            if value < 64 {
                appendDigit(value, to: &output)
            } else if octet == 0x3D {
                endQuad(isPadded: true, into: &output)
            } else if !octet.isSpace {
                hasDefect = true
            }
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
