import Octets

/// Octets written as an escape and two hexadecimal digits, in Q encoded-words (RFC 2047 §4.2) and extended parameters
/// (RFC 2231 §7).
enum HexEscapes {
    /// The octets that `text` stands for; an escape without two digits, and what is not escaped, is as `plain` says.
    static func decode(_ text: ArraySlice<UInt8>, escape: UInt8, plain: (UInt8) -> UInt8) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == escape, index + 2 < text.endIndex, let high = text[index + 1].hexValue,
                let low = text[index + 2].hexValue
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(plain(text[index]))
                index += 1
            }
        }
        return result
    }
}
