import Octets

/// UTF-7 (RFC 2152).
enum UTF7 {
    /// `text` as UTF-8; what is no UTF-7 stands for itself, as octets of ISO-8859-1.
    static func toUTF8(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "+") else {
                UTF8Text.append(Unicode.Scalar(text[index]), to: &result)
                index += 1
                continue
            }
            let digits = text[(index + 1)...].prefix { isBase64($0) }
            result += digits.isEmpty ? [UInt8(ascii: "+")] : shifted(digits)
            index = digits.endIndex
            if index < text.count, text[index] == UInt8(ascii: "-") { index += 1 }
        }
        return result
    }

    private static func isBase64(_ octet: UInt8) -> Bool {
        octet.isAlpha || octet.isDigit || octet == UInt8(ascii: "+") || octet == UInt8(ascii: "/")
    }

    /// Base64 of UTF-16 in big-endian order, without padding.
    private static func shifted(_ digits: ArraySlice<UInt8>) -> [UInt8] {
        let octets = Base64.decode(Array(digits))
        let units = stride(from: 0, to: octets.count - 1, by: 2).map {
            UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1])
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
}
