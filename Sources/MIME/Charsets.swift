import Octets

/// Turns octets in a charset into UTF-8.
///
/// Built in: UTF-8, UTF-7, UTF-16, US-ASCII, ISO-8859-1, ISO-8859-15 and windows-1252. `other` is asked for the rest.
public struct Charsets {
    /// UTF-8 text from octets in the charset with a plain name (`plainName(_:)`); nil if it is not known.
    public typealias Converter = (_ charset: [UInt8], _ octets: [UInt8]) -> [UInt8]?

    /// Asked before the built-in charsets.
    public var preferred: Converter?
    /// Asked for charsets that are not built in.
    public var other: Converter?

    /// The built-in charsets, `preferred` before them and `other` after them.
    public init(preferred: Converter? = nil, other: Converter? = nil) {
        self.preferred = preferred
        self.other = other
    }

    /// A charset's name as it is looked up: lower case, without blanks and quotes around it and RFC 2231 language
    /// (`utf-8*en`).
    public static func plainName(_ charset: [UInt8]) -> [UInt8] {
        let name = charset.prefix { $0 != UInt8(ascii: "*") }
        return name.trimmed { $0.isSpace || $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") }.asciiLowercased
    }

    /// `octets` as UTF-8; what the charset does not know becomes U+FFFD. nil if the charset is not known.
    ///
    /// `charset` may be written in any way that `plainName(_:)` takes.
    public func toUTF8(_ octets: [UInt8], from charset: [UInt8]) -> [UInt8]? {
        let name = Self.plainName(charset)
        return preferred?(name, octets) ?? Self.builtIn(name, octets) ?? other?(name, octets)
    }

    private static func builtIn(_ name: [UInt8], _ octets: [UInt8]) -> [UInt8]? {
        switch String(decoding: name, as: UTF8.self) {
        case "utf-8", "utf8": return Array(String(decoding: octets, as: UTF8.self).utf8)
        case "us-ascii", "ascii":
            return octets.contains(where: \.isEightBit) ? Array(String(decoding: octets, as: UTF8.self).utf8) : octets
        case "iso-8859-1", "iso_8859-1", "latin1": return UTF8Text.fromLatin1(octets)
        case "iso-8859-15", "iso_8859-15", "latin-9": return map(octets, latin9)
        case "windows-1252", "cp1252": return map(octets, windows1252)
        case "utf-7", "unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "unicode-2-0-utf-7": return UTF7.toUTF8(octets)
        case "utf-16be": return fromUTF16(octets[...], isBigEndian: true)
        case "utf-16le": return fromUTF16(octets[...], isBigEndian: false)
        case "utf-16": return fromMarkedUTF16(octets)
        default: return nil
        }
    }

    // RFC 2781 §4.3: big-endian where there is no byte order mark
    private static func fromMarkedUTF16(_ octets: [UInt8]) -> [UInt8] {
        let isLittle = octets.starts(with: [0xFF, 0xFE])
        let isMarked = isLittle || octets.starts(with: [0xFE, 0xFF])
        return fromUTF16(octets.dropFirst(isMarked ? 2 : 0), isBigEndian: !isLittle)
    }

    private static func fromUTF16(_ octets: ArraySlice<UInt8>, isBigEndian: Bool) -> [UInt8] {
        let high = isBigEndian ? 0 : 1
        let units = stride(from: octets.startIndex, to: octets.endIndex - 1, by: 2).map {
            UInt16(octets[$0 + high]) << 8 | UInt16(octets[$0 + 1 - high])
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    private static func map(_ octets: [UInt8], _ exceptions: (UInt8) -> UInt32?) -> [UInt8] {
        var result: [UInt8] = []
        for octet in octets {
            let code = octet < 0x80 ? nil : exceptions(octet)
            UTF8Text.append(Unicode.Scalar(code ?? UInt32(octet)) ?? "\u{FFFD}", to: &result)
        }
        return result
    }

    private static func latin9(_ octet: UInt8) -> UInt32? {
        switch octet {
        case 0xA4: 0x20AC
        case 0xA6: 0x160
        case 0xA8: 0x161
        case 0xB4: 0x17D
        case 0xB8: 0x17E
        case 0xBC: 0x152
        case 0xBD: 0x153
        case 0xBE: 0x178
        default: nil
        }
    }

    private static func windows1252(_ octet: UInt8) -> UInt32? {
        octet < 0xA0 ? table1252[Int(octet) - 0x80] : nil
    }

    private static let table1252: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D,
        0x8F,
        0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E,
        0x178,
    ]
}
