import Octets

/// Writes text as encoded-words in UTF-8, each whole characters and at most 75 octets, joined by CRLF SP (RFC 2047 §2).
struct EncodedWordWriter {
    /// The octets written so far.
    var output: [UInt8]
    /// The column that the next octet stands in.
    var column: Int

    private static let start = Array("=?utf-8?".utf8)
    /// The octets of an encoded-word besides its text: `=?utf-8?Q?` and `?=`.
    private static let overhead = 12
    /// The columns a line with an encoded-word may have.
    private static let width = 76

    /// Appends plain octets, which hold no line end.
    mutating func append(plain text: some Collection<UInt8>) {
        output.append(contentsOf: text)
        column += text.count
    }

    /// Begins a new line at a blank that is about to be written, which `blank` is.
    mutating func fold(at blank: UInt8 = 0x20) {
        output += [13, 10, blank]
        column = 1
    }

    /// Makes the blank that was written last the start of a new line, unless the line would be blank without it.
    mutating func foldLast() {
        guard !isAtFieldStart, let blank = output.popLast() else { return }
        if output.last?.isBlank == true || output.last == 10 { return output.append(blank) }
        fold(at: blank)
    }

    /// Whether nothing stands in the line but the field's name, or blanks.
    var isAtFieldStart: Bool { output.last == 0x20 && output.dropLast().last == UInt8(ascii: ":") }

    /// Appends `text`, which is UTF-8, as encoded-words; the first one on the present line.
    mutating func append(encoding text: ArraySlice<UInt8>) {
        let isQ = Self.prefersQ(text)
        var rest = text
        while !rest.isEmpty {
            let room = max(min(Self.width - column, 75), 30) - Self.overhead
            let length = isQ ? Self.lengthInQ(rest, room) : Self.lengthInB(rest, room)
            appendWord(rest.prefix(length), isQ)
            rest = rest.dropFirst(length)
            if !rest.isEmpty { fold() }
        }
    }

    /// Whether an encoded-word that comes next would be cramped on the present line.
    var isLineFull: Bool { column > Self.width - 30 }

    /// Whether `count` more octets do not fit on the present line.
    func isTooLong(_ count: Int) -> Bool { column + count > Self.width }

    private mutating func appendWord(_ text: ArraySlice<UInt8>, _ isQ: Bool) {
        append(plain: Self.start + [isQ ? UInt8(ascii: "Q") : UInt8(ascii: "B"), UInt8(ascii: "?")])
        append(plain: isQ ? Self.q(text) : Base64.encode(Array(text), lineLength: 0))
        append(plain: Array("?=".utf8))
    }

    private static func q(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for octet in text {
            if octet == 0x20 {
                result.append(UInt8(ascii: "_"))
            } else if isPlain(octet) {
                result.append(octet)
            } else {
                result += [UInt8(ascii: "="), (octet >> 4).hexDigit, octet.hexDigit]
            }
        }
        return result
    }

    /// What may stand for itself in a phrase (RFC 2047 §5 (3)).
    private static func isPlain(_ octet: UInt8) -> Bool {
        octet.isAlpha || octet.isDigit || octet == UInt8(ascii: "!") || octet == UInt8(ascii: "*")
            || octet == UInt8(ascii: "+") || octet == UInt8(ascii: "-") || octet == UInt8(ascii: "/")
    }

    private static func widthInQ(_ octet: UInt8) -> Int { octet == 0x20 || isPlain(octet) ? 1 : 3 }

    private static func prefersQ(_ text: ArraySlice<UInt8>) -> Bool {
        text.reduce(0) { $0 + widthInQ($1) } <= (text.count + 2) / 3 * 4
    }

    /// The octets of whole characters whose Q form has at most `room` octets; at least one character.
    private static func lengthInQ(_ text: ArraySlice<UInt8>, _ room: Int) -> Int {
        var index = text.startIndex
        var used = 0
        while index < text.endIndex {
            let length = UTF8Text.characterLength(text, at: index) ?? 1
            used += text[index..<index + length].reduce(0) { $0 + widthInQ($1) }
            if used > room && index > text.startIndex { break }
            index += length
        }
        return index - text.startIndex
    }

    /// The octets of whole characters whose base64 form has at most `room` octets; at least one character.
    private static func lengthInB(_ text: ArraySlice<UInt8>, _ room: Int) -> Int {
        let limit = room / 4 * 3
        var index = text.startIndex
        while index < text.endIndex {
            let length = UTF8Text.characterLength(text, at: index) ?? 1
            if index + length - text.startIndex > limit && index > text.startIndex { break }
            index += length
        }
        return index - text.startIndex
    }
}
