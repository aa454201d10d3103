import Octets

/// Decodes the encoded-words of an address field: those in phrases and comments (RFC 2047 §5), and in quoted-strings,
/// where many mailers put them though they must not. Nothing between `<` and `>` is decoded.
///
/// The result is an address list again: decoded text is quoted where it needs be.
struct AddressFieldText {
    private let text: ArraySlice<UInt8>
    private let charsets: Charsets
    private var index: Int
    private var output: [UInt8] = []

    /// The address list `text`, which is UTF-8 but for its encoded-words.
    static func decode(_ text: ArraySlice<UInt8>, _ charsets: Charsets) -> [UInt8] {
        var decoder = AddressFieldText(text: text, charsets: charsets, index: text.startIndex)
        while decoder.index < text.endIndex { decoder.decodePiece() }
        return decoder.output
    }

    private mutating func decodePiece() {
        let start = index
        switch text[start] {
        case UInt8(ascii: "\""):
            index = Self.end(of: UInt8(ascii: "\""), in: text, after: start)
            decodeQuotedString(text[start..<index])
        case UInt8(ascii: "("):
            index = Self.commentEnd(in: text, from: start)
            output += EncodedWordsText.decode(text[start..<index], charsets, in: .comment)
        case UInt8(ascii: "<"):
            index = Self.end(of: UInt8(ascii: ">"), in: text, after: start)
            output += text[start..<index]
        default:
            let isEnd = { (octet: UInt8) in Self.pieceStarts.contains(octet) }
            index = text[(start + 1)...].firstIndex(where: isEnd) ?? text.endIndex
            output += EncodedWordsText.decode(text[start..<index], charsets, in: .phrase)
        }
    }

    private static let pieceStarts = Array("\"(<,;:".utf8)

    private mutating func decodeQuotedString(_ piece: ArraySlice<UInt8>) {
        let content = QuotedString.content(piece)
        let decoded = EncodedWordsText.decode(content[...], charsets)
        output += decoded == content ? Array(piece) : QuotedString.quote(decoded)
    }

    /// The index after the next `mark` behind `start` that is no quoted pair; the end of `text` if there is none.
    static func end(of mark: UInt8, in text: ArraySlice<UInt8>, after start: Int) -> Int {
        var index = start + 1
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "\\") {
                index += 1
            } else if text[index] == mark {
                return index + 1
            }
            index += 1
        }
        return text.endIndex
    }

    // comment = "(" *([FWS] ccontent) [FWS] ")"  RFC 5322 §3.2.2
    /// The index after the comment that begins at `start`.
    static func commentEnd(in text: ArraySlice<UInt8>, from start: Int) -> Int {
        var depth = 0
        var index = start
        while index < text.endIndex {
            switch text[index] {
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
            index += 1
        }
        return text.endIndex
    }
}
