import Octets

/// UTF-8 (RFC 3629) in octet arrays.
enum UTF8Text {
    /// The length of the well-formed character at `index`, else nil.
    static func characterLength(_ text: ArraySlice<UInt8>, at index: Int) -> Int? {
        let first = text[index]
        if first < 0x80 { return 1 }
        guard first >= 0xC2, first < 0xF5 else { return nil }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard text.endIndex - index >= length else { return nil }
        guard secondRange(first).contains(text[index + 1]) else { return nil }
        for offset in 2..<max(length, 2) where text[index + offset] & 0xC0 != 0x80 { return nil }
        return length
    }

    private static func secondRange(_ first: UInt8) -> ClosedRange<UInt8> {
        switch first {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
    }

    /// Whether `text` is well-formed UTF-8.
    static func isValid(_ text: ArraySlice<UInt8>) -> Bool {
        var index = text.startIndex
        while index < text.endIndex {
            guard let length = characterLength(text, at: index) else { return false }
            index += length
        }
        return true
    }

    /// ISO-8859-1 as UTF-8.
    static func fromLatin1(_ text: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for octet in text {
            if octet < 0x80 { result.append(octet) } else { result += [0xC0 | octet >> 6, 0x80 | octet & 0x3F] }
        }
        return result
    }

    /// `text` if it is UTF-8, else taken as ISO-8859-1.
    static func text(_ text: [UInt8]) -> [UInt8] { isValid(text[...]) ? text : fromLatin1(text) }

    /// Appends the UTF-8 form of a code point.
    static func append(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
