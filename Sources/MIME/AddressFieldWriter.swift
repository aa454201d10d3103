import Octets

/// Writes the value of an address field: phrases and comments that are not US-ASCII become encoded-words, and lines are
/// folded between addresses.
struct AddressFieldWriter {
    /// A stretch of the value.
    private enum Piece {
        case words(ArraySlice<UInt8>)
        case comment(ArraySlice<UInt8>)
    }

    /// Appends the field value `text`, which is UTF-8 without line ends.
    static func write(_ text: ArraySlice<UInt8>, _ writer: inout EncodedWordWriter) {
        var start = text.startIndex
        var index = start
        var pieces: [Piece] = []
        while index < text.endIndex {
            switch text[index] {
            case UInt8(ascii: "\""): index = AddressFieldText.end(of: UInt8(ascii: "\""), in: text, after: index)
            case UInt8(ascii: "("):
                let close = AddressFieldText.commentEnd(in: text, from: index)
                pieces += [.words(text[start..<index]), .comment(text[index..<close])]
                (index, start) = (close, close)
            case UInt8(ascii: "<"):
                write(pieces + [.words(text[start..<index])], isPhrase: true, &writer)
                pieces.removeAll()
                start = index
                index = AddressFieldText.end(of: UInt8(ascii: ">"), in: text, after: index)
                writeAngle(text[start..<index], &writer)
                start = index
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"):
                write(pieces + [.words(text[start..<index])], isPhrase: text[index] == UInt8(ascii: ":"), &writer)
                pieces.removeAll()
                index += 1
                writeMark(text[index - 1], before: index < text.endIndex ? text[index] : 0, &writer)
                start = index
            default: index += 1
            }
        }
        write(pieces + [.words(text[start...])], isPhrase: false, &writer)
    }

    // angle-addr = [CFWS] "<" addr-spec ">" [CFWS]  RFC 5322 §3.4
    private static func writeAngle(_ angle: ArraySlice<UInt8>, _ writer: inout EncodedWordWriter) {
        if writer.isTooLong(angle.count), let blank = writer.output.last, blank.isBlank { writer.foldLast() }
        writer.append(plain: angle)
    }

    private static func writeMark(_ mark: UInt8, before next: UInt8, _ writer: inout EncodedWordWriter) {
        writer.append(plain: [mark])
        if mark == UInt8(ascii: ","), next != 0, !next.isBlank, writer.isLineFull { writer.fold() }
    }

    private static func write(_ pieces: [Piece], isPhrase: Bool, _ writer: inout EncodedWordWriter) {
        for piece in pieces {
            switch piece {
            case .words(let words) where isPhrase && words.contains(where: \.isEightBit):
                writePhrase(words, &writer)
            case .words(let words) where !words.contains(UInt8(ascii: "@")) && words.contains(where: \.isEightBit):
                writeWords(words, &writer)
            case .comment(let comment) where comment.contains(where: \.isEightBit):
                writeComment(comment, &writer)
            case .words(let octets), .comment(let octets): writePlain(octets, &writer)
            }
        }
    }

    /// Writes octets as they are, in a new line if they begin with a blank and do not fit.
    private static func writePlain(_ octets: ArraySlice<UInt8>, _ writer: inout EncodedWordWriter) {
        guard let blank = octets.first, blank.isBlank, octets.contains(where: { !$0.isBlank }),
            writer.isTooLong(octets.count), !writer.isAtFieldStart
        else { return writer.append(plain: octets) }
        writer.fold(at: blank)
        writer.append(plain: octets.dropFirst())
    }

    // phrase = 1*( encoded-word / word )  RFC 2047 §5 (3)
    private static func writePhrase(_ words: ArraySlice<UInt8>, _ writer: inout EncodedWordWriter) {
        let inner = words.trimmed(where: \.isBlank)
        begin(words[..<inner.startIndex], &writer)
        writer.append(encoding: phraseText(inner)[...])
        let trail = words[inner.endIndex...]
        writer.append(plain: trail.isEmpty ? [0x20] : trail)
    }

    /// Writes words that are no address, where one should be.
    private static func writeWords(_ text: ArraySlice<UInt8>, _ writer: inout EncodedWordWriter) {
        let inner = text.trimmed(where: \.isBlank)
        let blanks = text[..<inner.startIndex]
        begin(blanks.isEmpty && writer.output.last?.isBlank == false ? [0x20] : blanks, &writer)
        writer.append(encoding: phraseText(inner)[...])
        writer.append(plain: text[inner.endIndex...])
    }

    /// The text that a phrase means: quoted-strings without quotes.
    private static func phraseText(_ phrase: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var isQuoted = false
        var index = phrase.startIndex
        while index < phrase.endIndex {
            let octet = phrase[index]
            if octet == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if octet == UInt8(ascii: "\\") && isQuoted && index + 1 < phrase.endIndex {
                index += 1
                result.append(phrase[index])
            } else {
                result.append(octet)
            }
            index += 1
        }
        return result
    }

    // comment = "(" *( ctext / quoted-pair / comment / encoded-word ) ")"  RFC 2047 §5 (2)
    private static func writeComment(_ comment: ArraySlice<UInt8>, _ writer: inout EncodedWordWriter) {
        if writer.isLineFull, writer.output.last == 0x20 { writer.foldLast() }
        writer.append(plain: [UInt8(ascii: "(")])
        let isClosed = comment.count > 1 && comment.last == UInt8(ascii: ")")
        var text: [UInt8] = []
        var isQuoted = false
        for octet in isClosed ? comment.dropFirst().dropLast() : comment.dropFirst() {
            isQuoted = octet == UInt8(ascii: "\\") && !isQuoted
            if !isQuoted { text.append(octet) }
        }
        writer.append(encoding: text[...])
        writer.append(plain: [UInt8(ascii: ")")])
    }

    /// Writes the blanks before encoded-words, as a fold if the line is nearly full.
    private static func begin(_ blanks: ArraySlice<UInt8>, _ writer: inout EncodedWordWriter) {
        if let blank = blanks.first, writer.isLineFull { writer.fold(at: blank) } else { writer.append(plain: blanks) }
    }
}
