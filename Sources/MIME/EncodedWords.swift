import Octets

/// Encoded-words in field values (RFC 2047), by the rules of Tcllib's `word_encode`, `word_decode` and `field_decode`.
public enum EncodedWords {
    /// A piece of a field value.
    public enum Token: Equatable, Sendable {
        /// Octets that stand for themselves.
        case text([UInt8])
        /// An encoded-word.
        case word(EncodedWord)
    }

    // encoded-word = "=?" charset "?" encoding "?" encoded-text "?="  RFC 2047 §2
    /// Encoded-words of at most `maximumLength` octets each; whole characters only.
    ///
    /// `characters` are in `charset`, an array each. None for no characters. Throws `.maximumLengthTooShort` if a word
    /// cannot hold one of the characters.
    public static func encode(
        characters: [[UInt8]], charset: [UInt8], method: EncodedWord.Method, maximumLength: Int = 66
    ) throws(MIMEError) -> [[UInt8]] {
        if characters.isEmpty { return [] }
        let (room, overflow) = maximumLength.subtractingReportingOverflow(charset.count + 7)
        guard !overflow, room >= (method == .base64 ? 4 : 1) else { throw MIMEError(.maximumLengthTooShort) }
        let start = Array("=?".utf8) + charset + Array((method == .base64 ? "?B?" : "?Q?").utf8)
        let limit = method == .base64 ? room / 4 * 3 : room
        var words: [[UInt8]] = []
        var text: [UInt8] = []
        for (offset, character) in characters.enumerated() {
            let piece = method == .base64 ? character : quoted(character)
            guard piece.count <= limit else { throw MIMEError(.maximumLengthTooShort, offset: offset) }
            if text.count + piece.count > limit {
                words.append(word(start, text, method))
                text = []
            }
            text += piece
        }
        words.append(word(start, text, method))
        return words
    }

    private static func word(_ start: [UInt8], _ text: [UInt8], _ method: EncodedWord.Method) -> [UInt8] {
        start + (method == .base64 ? Base64.encode(text, lineLength: 0) : text) + Array("?=".utf8)
    }

    // TCLLIB: leaves most specials as they are, so the words suit unstructured fields.
    /// The Q form of octets (RFC 2047 §4.2).
    public static func quoted(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for octet in octets {
            switch octet {
            case 0x20: result.append(UInt8(ascii: "_"))
            case 0x00...0x1F, 0x21...0x24, 0x3D, 0x3F, 0x40, 0x5B...0x60, 0x7B...0xFF:
                result += [UInt8(ascii: "="), (octet >> 4).hexDigit, octet.hexDigit]
            default: result.append(octet)
            }
        }
        return result
    }

    /// The first encoded-word in `text` and where it lies, nil if there is none. What surrounds it does not matter.
    public static func first(in text: ArraySlice<UInt8>) -> (word: EncodedWord, range: Range<Int>)? {
        var start = text.startIndex
        while start + 1 < text.endIndex {
            if text[start] == UInt8(ascii: "="), text[start + 1] == question, let found = word(in: text, at: start) {
                return found
            }
            start += 1
        }
        return nil
    }

    private static let question = UInt8(ascii: "?")

    private static func word(in text: ArraySlice<UInt8>, at start: Int) -> (word: EncodedWord, range: Range<Int>)? {
        let charsetStart = start + 2
        guard let charsetEnd = text[charsetStart...].firstIndex(of: question), charsetEnd > charsetStart,
            charsetEnd + 1 < text.endIndex
        else { return nil }
        let methodEnd = charsetEnd + 1 + (UTF8Text.characterLength(text, at: charsetEnd + 1) ?? 1)
        guard methodEnd < text.endIndex, text[methodEnd] == question,
            let end = text[(methodEnd + 1)...].firstIndex(of: question), end + 1 < text.endIndex,
            text[end + 1] == UInt8(ascii: "=")
        else { return nil }
        let word = EncodedWord(
            charset: Array(text[charsetStart..<charsetEnd]), methodText: Array(text[(charsetEnd + 1)..<methodEnd]),
            text: Array(text[(methodEnd + 1)..<end]))
        return (word, start..<end + 2)
    }

    /// The first encoded-word in `text`.
    public static func parse(_ text: [UInt8]) -> EncodedWord? { first(in: text[...])?.word }

    /// Cuts a field value at its encoded-words; white space before an encoded-word that is nothing else is dropped.
    public static func tokens(of field: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        var rest = field[...]
        while let (word, range) = first(in: rest) {
            let text = rest[..<range.lowerBound]
            // TCLLIB: also at the start of the field.
            if TclSpace.prefixLength(of: text) < text.count { tokens.append(.text(Array(text))) }
            tokens.append(.word(word))
            rest = rest[range.upperBound...]
        }
        if !rest.isEmpty { tokens.append(.text(Array(rest))) }
        return tokens
    }

    /// The text of a field value in UTF-8. Throws `.unknownMethod` or `.unknownCharset`, the word as detail.
    public static func decodeToUTF8(_ field: [UInt8], charsets: Charsets = Charsets()) throws(MIMEError) -> [UInt8] {
        var result: [UInt8] = []
        for token in tokens(of: field) {
            switch token {
            case .text(let text): result += text
            case .word(let word):
                guard let octets = word.decoded() else { throw MIMEError(.unknownMethod, detail: word.methodText) }
                guard let text = charsets.toUTF8(octets, from: word.charset) else {
                    throw MIMEError(.unknownCharset, detail: word.charset)
                }
                result += text
            }
        }
        return result
    }
}
