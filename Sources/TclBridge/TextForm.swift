/// Tcl's internal strings, 16 octets at a step.
enum TextForm {
    /// Whether there is neither NUL nor an octet above 127.
    static func isPlain(_ text: Span<UInt8>) -> Bool {
        let (one, limit) = (SIMD16<UInt8>(repeating: 1), SIMD16<UInt8>(repeating: 0x7F))
        var at = 0
        while at <= text.count &- 16 {
            if any((vector(text, at) &- one) .>= limit) { return false }
            at &+= 16
        }
        while at < text.count {
            if text[at] &- 1 >= 0x7F { return false }
            at &+= 1
        }
        return true
    }

    /// Whether the text is UTF-8 as it is, with neither a NUL nor a surrogate.
    static func isUTF8(_ text: Span<UInt8>) -> Bool { end(ofUTF8: text, from: 0) == text.count }

    /// The first offset from `start` on of C0 (a NUL) or ED (perhaps a surrogate), which are not always as in UTF-8.
    static func end(ofUTF8 text: Span<UInt8>, from start: Int) -> Int {
        let (null, surrogate) = (SIMD16<UInt8>(repeating: 0xC0), SIMD16<UInt8>(repeating: 0xED))
        var at = start
        while at <= text.count &- 16 {
            let octets = vector(text, at)
            if any((octets .== null) .| (octets .== surrogate)) { break }
            at &+= 16
        }
        while at < text.count, text[at] != 0xC0, text[at] != 0xED { at &+= 1 }
        return at
    }

    /// Writes the characters of `text` as octets; false if one is above U+00FF.
    ///
    /// There must be room for 16 octets more than `text` has.
    static func narrow(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) -> Bool {
        precondition(output.freeCapacity >= text.count + 16)
        return unsafe output.withUnsafeMutableBufferPointer { buffer, count in
            // SAFETY: no more is written than is read, but for 15 octets after it, and there is room for that; offsets are
            // below the count.
            guard let base = UnsafeMutableRawPointer(buffer.baseAddress) else { return text.isEmpty }
            var at = 0
            while at < text.count {
                if at <= text.count &- 16, unsafe copyASCII(text, at, to: base + count) {
                    at &+= 16
                    count &+= 16
                    continue
                }
                let stop = Swift.min(at &+ 16, text.count)
                while at < stop {
                    let octet = unsafe text[unchecked: at]
                    let isPair = octet >= 0x80
                    if isPair, octet >= 0xC4 || at &+ 1 == text.count { return false }
                    let character = unsafe isPair ? octet << 6 | text[unchecked: at &+ 1] & 0x3F : octet
                    unsafe base.storeBytes(of: character, toByteOffset: count, as: UInt8.self)
                    at &+= isPair ? 2 : 1
                    count &+= 1
                }
            }
            return true
        }
    }

    /// Copies 16 octets if all are US-ASCII.
    @inline(__always) private static func copyASCII(_ text: Span<UInt8>, _ at: Int, to target: UnsafeMutableRawPointer)
        -> Bool
    {
        let octets = vector(text, at)
        if any(octets .>= SIMD16<UInt8>(repeating: 0x80)) { return false }
        unsafe target.storeBytes(of: octets, as: SIMD16<UInt8>.self)
        return true
    }

    /// The 16 octets from `offset`; the caller has made sure that 0 ≤ `offset` ≤ `count` - 16.
    @inline(__always) private static func vector(_ text: Span<UInt8>, _ offset: Int) -> SIMD16<UInt8> {
        assert(offset >= 0 && offset <= text.count - 16)
        // SAFETY: the octets lie in the span, by the caller's check; any octets are a valid vector.
        return unsafe text.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD16<UInt8>.self)
    }
}
