/// Decodes base64 chunk by chunk, leniently: what is outside the alphabet is skipped, padding ends a quad only.
public struct Base64Decoder: Sendable {
    private var bits: UInt32 = 0
    private var digits = 0
    private var padding = 0
    private var isAfterPadding = false
    private let usesBlocks: Bool

    /// Whether anything but alphabet, white space and right padding was met.
    public private(set) var hasDefect = false

    /// A decoder at the start of a body.
    ///
    /// With `isPortable` no instructions are used that only some processors have; the answers are the same.
    public init(isPortable: Bool = false) { usesBlocks = !isPortable && CodecBlocks.areSupported }

    /// Appends the octets of all quads that `chunk` completes to `output`.
    public mutating func decode(_ chunk: ArraySlice<UInt8>, into output: inout [UInt8]) {
        output.append(addingCapacity: Base64.decodedCapacity(of: chunk.count)) { decode(chunk.span, into: &$0) }
    }

    /// Appends what an unfinished quad still holds. The decoder is then as new but for `hasDefect`.
    public mutating func finish(into output: inout [UInt8]) {
        output.append(addingCapacity: 2) { finish(into: &$0) }
    }

    /// Appends the octets of all quads that `text` completes; there must be room for `Base64.decodedCapacity(of:)` octets.
    public mutating func decode(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) {
        var at = 0
        while at < text.count {
            if digits == 0, !isAfterPadding {
                at = decodeQuads(text, from: at, into: &output)
            }
            // What ends a run of whole quads: padding, anything odd, or a quad cut in two.
            var count = 0
            while count < 4 || digits > 0, at < text.count {
                decode(text[at], into: &output)
                at += 1
                count += 1
            }
        }
    }

    /// Appends what an unfinished quad still holds; there must be room for two octets. The decoder is then as new but for
    /// `hasDefect`.
    public mutating func finish(into output: inout OutputSpan<UInt8>) {
        if digits > 0 || padding > 0 { hasDefect = true }
        endQuad(isPadded: false, into: &output)
        padding = 0
        isAfterPadding = false
    }

    /// Appends the octets of the whole quads that `text` has from an offset on, line ends between them; where they end.
    private func decodeQuads(_ text: Span<UInt8>, from start: Int, into output: inout OutputSpan<UInt8>) -> Int {
        var at = start
        var cursor = OctetCursor(&output)
        if usesBlocks { at = CodecBlocks.decodeBase64(text, from: at, to: &cursor) }
        while at <= text.count &- 8 {
            let first = Self.octets(text, at)
            let second = Self.octets(text, at &+ 4)
            if first | second < Base64Tables.outside {
                cursor.put(6, of: UInt64(first) | UInt64(second) << 24)
                at &+= 8
                continue
            }
            let isQuad = first < Base64Tables.outside
            if isQuad {
                cursor.put(3, of: UInt64(first))
                at &+= 4
            }
            if text.octet(at: at) == 0x0A {
                at &+= 1
            } else if text.octet(at: at) == 0x0D, text.octet(at: at &+ 1) == 0x0A {
                at &+= 2
            } else if !isQuad {
                break
            }
        }
        cursor.commit(to: &output)
        return at
    }

    /// The three octets of the quad at an offset, the first lowest; `outside` or more if a digit is none.
    @inline(__always) private static func octets(_ text: Span<UInt8>, _ at: Int) -> UInt32 {
        Base64Tables.first[Int(text.octet(at: at))] | Base64Tables.second[Int(text.octet(at: at &+ 1))]
            | Base64Tables.third[Int(text.octet(at: at &+ 2))] | Base64Tables.fourth[Int(text.octet(at: at &+ 3))]
    }

    private mutating func decode(_ octet: UInt8, into output: inout OutputSpan<UInt8>) {
        let value = Base64Tables.fourth[Int(octet)] >> 16
        if value < 64 {
            appendDigit(value, to: &output)
        } else if octet == 0x3D {
            endQuad(isPadded: true, into: &output)
        } else if !octet.isSpace {
            hasDefect = true
        }
    }

    private mutating func appendDigit(_ value: UInt32, to output: inout OutputSpan<UInt8>) {
        if isAfterPadding {
            hasDefect = true
            isAfterPadding = false
            padding = 0
        }
        bits = bits << 6 | value
        digits += 1
        if digits == 4 {
            output.append(UInt8(truncatingIfNeeded: bits >> 16))
            output.append(UInt8(truncatingIfNeeded: bits >> 8))
            output.append(UInt8(truncatingIfNeeded: bits))
            bits = 0
            digits = 0
        }
    }

    private mutating func endQuad(isPadded: Bool, into output: inout OutputSpan<UInt8>) {
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
}
