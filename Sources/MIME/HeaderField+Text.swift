import Octets

extension HeaderField {
    /// The value as UTF-8 text in one line: folds undone (RFC 5322 §2.2.3), encoded-words decoded (RFC 2047, RFC 2231 §5).
    ///
    /// Octets above 127 are UTF-8 (RFC 6532) if the whole value is, else in `rawCharset` or, if that is not known, in
    /// ISO-8859-1. Encoded-words that are broken or in a charset that is not known stay as they are. In address fields
    /// only phrases, comments and quoted-strings are decoded, and decoded text is quoted where it needs be, so that the
    /// result is an address list again. CR, LF and NUL in decoded text become SP.
    public func text(charsets: Charsets = Charsets(), rawCharset: [UInt8]? = nil) -> [UInt8] {
        let unfolded = HeaderText.unfolded(value)
        let text = form == .text ? unfolded : charsets.text(ofRaw: unfolded, charset: rawCharset)
        switch FieldKind(fieldName: name) {
        case .addresses: return AddressFieldText.decode(text[...], charsets)
        case .unstructured, .parameters, .structured: return EncodedWordsText.decode(text[...], charsets)
        }
    }
}

extension HeaderText {
    /// A value in one line: line ends before a blank vanish, other line ends and NUL become SP.
    static func unfolded(_ value: [UInt8]) -> [UInt8] {
        guard value.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }) else { return value }
        var result: [UInt8] = []
        result.reserveCapacity(value.count)
        for (index, octet) in value.enumerated() {
            switch octet {
            case 10:
                if result.last == 13 { result.removeLast() }
                let isFold = index + 1 < value.count && value[index + 1].isBlank
                if !isFold { result.append(0x20) }
            case 0: result.append(0x20)
            default: result.append(octet)
            }
        }
        return result.map { $0 == 13 ? 0x20 : $0 }
    }
}

extension Charsets {
    /// Octets without a declared charset, mostly US-ASCII, as UTF-8: they are UTF-8, else in `charset`, else ISO-8859-1.
    func text(ofRaw octets: [UInt8], charset: [UInt8]? = nil) -> [UInt8] {
        guard octets.contains(where: \.isEightBit), !UTF8Text.isValid(octets[...]) else { return octets }
        let probe = Array("=?\"\\;~".utf8)
        guard let charset, !Self.isUnicode(charset), toUTF8(probe, from: charset) == probe else {
            return UTF8Text.fromLatin1(octets)
        }
        return toUTF8(octets, from: charset) ?? UTF8Text.fromLatin1(octets)
    }

    /// Whether text that is no UTF-8 cannot be in `charset`.
    private static func isUnicode(_ charset: [UInt8]) -> Bool {
        ["utf-8", "utf8", "us-ascii", "ascii"].contains { charset.equalsIgnoringCase($0.utf8) }
    }
}
