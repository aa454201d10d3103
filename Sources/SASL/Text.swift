import Octets

/// Octets as text, and back.
enum Text {
    /// The longest challenge in octets that a mechanism looks at.
    static let longestChallenge = 65_536

    /// Words of a server for people: about `limit` octets, without controls, and without `secret`, which it may echo. What is
    /// not UTF-8 is read as ISO 8859-1.
    static func shown(_ octets: [UInt8], limit: Int = 400, hiding secret: [UInt8] = []) -> String {
        var visible: [UInt8] = []
        var rest = (isUTF8(octets) ? octets : utf8(latin1: octets))[...]
        while visible.count < limit, let first = rest.first {
            if !secret.isEmpty, rest.starts(with: secret) {
                visible += "<hidden>".utf8
                rest = rest.dropFirst(secret.count)
            } else {
                visible.append(first.isControl ? 0x20 : first)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: visible, as: UTF8.self) + (rest.isEmpty ? "" : "…")
    }

    /// The name with the letters of ASCII in upper case.
    static func uppercased(_ name: String) -> String {
        String(decoding: name.utf8.map { $0 &- 0x61 < 26 ? $0 & 0xDF : $0 }, as: UTF8.self)
    }

    static func lowercased(_ octets: some Sequence<UInt8>) -> [UInt8] {
        octets.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    }

    /// Hexadecimal digits in lower case.
    static func hex(_ octets: [UInt8]) -> [UInt8] {
        var digits: [UInt8] = []
        // Without growing, which would leave parts of a secret behind.
        digits.reserveCapacity(octets.count * 2)
        for octet in octets {
            for digit in [octet >> 4, octet & 15] { digits.append(digit < 10 ? 48 + digit : 87 + digit) }
        }
        return digits
    }

    /// The parts one after the other, without growing, which would leave copies of a secret behind.
    static func joined(_ parts: [UInt8]...) -> [UInt8] {
        var whole: [UInt8] = []
        whole.reserveCapacity(parts.reduce(0) { $0 + $1.count })
        for part in parts { whole += part }
        return whole
    }

    /// Base64 in one line.
    static func base64(_ octets: [UInt8]) -> [UInt8] { Base64.encode(octets, lineLength: 0) }

    /// What base64 stands for; nil unless it is whole quads of the alphabet with the right padding (RFC 4648 §3).
    static func decodedBase64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let digits = text.last == UInt8(ascii: "=") ? text.dropLast() : text
        let bare = digits.last == UInt8(ascii: "=") ? digits.dropLast() : digits
        guard text.count % 4 == 0, bare.allSatisfy({ $0.isAlpha || $0.isDigit || $0 == 0x2B || $0 == 0x2F })
        else { return nil }
        return Base64.decode(Array(text))
    }

    /// ISO 8859-1 as UTF-8.
    private static func utf8(latin1 octets: [UInt8]) -> [UInt8] {
        octets.flatMap { $0.isEightBit ? [0xC0 | $0 >> 6, 0x80 | $0 & 0x3F] : [$0] }
    }

    /// Whether the octets are well-formed UTF-8.
    static func isUTF8(_ octets: borrowing [UInt8]) -> Bool { (try? UTF8Span(validating: octets.span)) != nil }
}
