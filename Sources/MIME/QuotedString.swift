import Octets

/// quoted-string (RFC 5322 §3.2.4).
enum QuotedString {
    /// What a quoted-string with its quotes means: without them and with quoted pairs undone.
    static func content(_ text: ArraySlice<UInt8>) -> [UInt8] {
        let inner = text.dropFirst().dropLast()
        guard inner.contains(UInt8(ascii: "\\")) else { return Array(inner) }
        var result: [UInt8] = []
        var isQuoted = false
        for octet in inner {
            if octet == UInt8(ascii: "\\") && !isQuoted {
                isQuoted = true
            } else {
                result.append(octet)
                isQuoted = false
            }
        }
        return result
    }

    /// `content` between quotes, with `"` and `\` made quoted pairs.
    static func quote(_ content: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = [UInt8(ascii: "\"")]
        for octet in content {
            if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") { result.append(UInt8(ascii: "\\")) }
            result.append(octet)
        }
        result.append(UInt8(ascii: "\""))
        return result
    }
}
