import Octets

/// What Tcl's `string trim` takes for white space, in UTF-8.
enum TclSpace {
    /// The number of octets of white space that `text` begins with.
    static func prefixLength(of text: ArraySlice<UInt8>) -> Int {
        var index = text.startIndex
        while index < text.endIndex {
            let length = length(text[index...])
            if length == 0 { break }
            index += length
        }
        return index - text.startIndex
    }

    /// The length of the one white space character that `text` begins with, else 0.
    private static func length(_ text: ArraySlice<UInt8>) -> Int {
        guard let first = text.first else { return 0 }
        if first < 0x80 { return first.isSpace || first == 0 ? 1 : 0 }
        let second = text.dropFirst().first ?? 0
        if first == 0xC2 { return second == 0x85 || second == 0xA0 ? 2 : 0 }
        return isWide(first, second, text.dropFirst(2).first ?? 0) ? 3 : 0
    }

    /// U+1680, U+180E, U+2000-200B, U+2028, U+2029, U+202F, U+205F, U+2060, U+3000, U+FEFF.
    private static func isWide(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second) {
        case (0xE1, 0x9A): third == 0x80
        case (0xE1, 0xA0): third == 0x8E
        case (0xE2, 0x80): (0x80...0x8B).contains(third) || third == 0xA8 || third == 0xA9 || third == 0xAF
        case (0xE2, 0x81): third == 0x9F || third == 0xA0
        case (0xE3, 0x80): third == 0x80
        case (0xEF, 0xBB): third == 0xBF
        default: false
        }
    }
}
