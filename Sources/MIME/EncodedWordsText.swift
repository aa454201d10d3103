import Octets

/// Decodes the encoded-words of a stretch of text by the rules of RFC 2047 §6.2.
///
/// Blanks between words vanish; the octets of adjacent words in one charset are decoded together, so that a character may
/// be split over them. What is no proper word, or in a charset that is not known, stays as it is.
struct EncodedWordsText {
    /// Where the text stands, and so what a decoded octet must not look like.
    enum Place {
        /// Text of an unstructured field or of a parameter.
        case text
        /// A phrase: decoded text with specials is put in quotes, and a word beside an `@` or a dot is none.
        case phrase
        /// A comment: decoded parentheses and backslashes become quoted pairs.
        case comment
    }

    /// Adjacent words in one charset.
    private struct Run {
        var charset: [UInt8]
        var octets: [UInt8]
        var range: Range<Int>
    }

    private let text: ArraySlice<UInt8>
    private let charsets: Charsets
    private let place: Place
    private var output: [UInt8] = []
    private var run: Run?
    /// Where the octets begin that are not written yet.
    private var start: Int
    /// Whether the last thing written was a decoded word.
    private var isAfterWord = false

    private init(_ text: ArraySlice<UInt8>, _ charsets: Charsets, _ place: Place) {
        self.text = text
        self.charsets = charsets
        self.place = place
        start = text.startIndex
    }

    /// `text`, whose octets outside words are UTF-8, as UTF-8.
    static func decode(_ text: ArraySlice<UInt8>, _ charsets: Charsets, in place: Place = .text) -> [UInt8] {
        guard text.contains(UInt8(ascii: "?")) else { return Array(text) }
        var decoder = EncodedWordsText(text, charsets, place)
        decoder.decode()
        return decoder.output
    }

    private mutating func decode() {
        var index = text.startIndex
        while index + 1 < text.endIndex {
            if text[index] == UInt8(ascii: "="), text[index + 1] == UInt8(ascii: "?"),
                let (word, end) = EncodedWord.proper(in: text, at: index), !isInAddress(index..<end)
            {
                add(word, index..<end)
                index = end
            } else {
                index += 1
            }
        }
        endRun()
        output += text[start...]
    }

    private func isInAddress(_ range: Range<Int>) -> Bool {
        guard place == .phrase else { return false }
        let before = range.lowerBound > text.startIndex ? text[range.lowerBound - 1] : 0x20
        let after = range.upperBound < text.endIndex ? text[range.upperBound] : 0x20
        return [before, after].contains { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: ".") }
    }

    private mutating func add(_ word: EncodedWord, _ range: Range<Int>) {
        let octets = word.decoded() ?? []
        // The run is not copied: its octets grow in place.
        if let last = run?.range, run?.charset.equalsIgnoringCase(word.charset) == true,
            text[last.upperBound..<range.lowerBound].allSatisfy(\.isSpace)
        {
            run?.octets += octets
            run?.range = last.lowerBound..<range.upperBound
        } else {
            endRun()
            run = Run(charset: word.charset, octets: octets, range: range)
        }
    }

    /// Writes the run and what stands before it; blanks between two words that were decoded do not count.
    private mutating func endRun() {
        guard let run else { return }
        let before = text[start..<run.range.lowerBound]
        let decoded = charsets.toUTF8(run.octets, from: run.charset)
        if decoded == nil || !isAfterWord || !before.allSatisfy(\.isSpace) { output += before }
        if let decoded { append(decoded) } else { output += text[run.range] }
        isAfterWord = decoded != nil
        start = run.range.upperBound
        self.run = nil
    }

    /// Appends decoded text; controls that end lines or strings become SP.
    private mutating func append(_ decoded: [UInt8]) {
        let text = decoded.contains { Self.isBreak($0) } ? decoded.map { Self.isBreak($0) ? 0x20 : $0 } : decoded
        switch place {
        case .text: output += text
        case .phrase: output += Self.needsQuotes(text) ? QuotedString.quote(text) : text
        case .comment:
            for octet in text {
                if Self.commentSpecials.contains(octet) { output.append(UInt8(ascii: "\\")) }
                output.append(octet)
            }
        }
    }

    private static func isBreak(_ octet: UInt8) -> Bool { octet == 10 || octet == 13 || octet == 0 }

    private static let commentSpecials = Array("()\\".utf8)
    private static let specials = Array("()<>[]:;@\\,.\"".utf8)

    // phrase = 1*word, word = atom / quoted-string  RFC 5322 §3.2.5
    private static func needsQuotes(_ text: [UInt8]) -> Bool {
        text.first?.isBlank == true || text.last?.isBlank == true || text.contains { specials.contains($0) }
    }
}

extension EncodedWord {
    // encoded-word = "=?" charset "?" encoding "?" encoded-text "?="  RFC 2047 §2
    /// The encoded-word that begins at `start`, where `=?` stands, and its end; nil if it is broken.
    ///
    /// Blanks in the encoded text are taken, as many mailers fold there; B text must be base64.
    static func proper(in text: ArraySlice<UInt8>, at start: Int) -> (word: EncodedWord, end: Int)? {
        let question = UInt8(ascii: "?")
        let charsetEnd = text[(start + 2)...].firstIndex { !$0.isTokenText } ?? text.endIndex
        guard charsetEnd > start + 2, charsetEnd + 2 < text.endIndex, text[charsetEnd] == question,
            text[charsetEnd + 2] == question,
            let end = text[(charsetEnd + 3)...].firstIndex(of: question), end + 1 < text.endIndex,
            text[end + 1] == UInt8(ascii: "=")
        else { return nil }
        let word = EncodedWord(
            charset: Array(text[(start + 2)..<charsetEnd]), methodText: [text[charsetEnd + 1]],
            text: Array(text[(charsetEnd + 3)..<end]))
        switch word.method {
        case nil: return nil
        case .base64 where !word.text.allSatisfy(\.isBase64OrSpace): return nil
        default: return (word, end + 2)
        }
    }
}

extension UInt8 {
    /// An octet of base64 text, padding and white space included.
    fileprivate var isBase64OrSpace: Bool {
        isAlpha || isDigit || isSpace || self == UInt8(ascii: "+") || self == UInt8(ascii: "/")
            || self == UInt8(ascii: "=")
    }
}
