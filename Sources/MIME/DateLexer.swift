import Octets

/// The numbers, words and marks of a date, one at a time; blanks and comments are skipped.
struct DateLexer {
    /// What a lexeme is.
    enum Kind { case number, word, mark, end }

    private let text: [UInt8]
    /// Where the next lexeme begins.
    private var next = 0
    /// The kind of the present lexeme.
    private(set) var kind = Kind.end
    /// Of a number: its value; -1 if it has more than 14 digits.
    private(set) var value = 0
    /// How many digits or letters the present lexeme has.
    private(set) var count = 0
    /// Of a word: its first eight letters in lower case, the first one highest.
    private(set) var letters: UInt64 = 0
    /// The octet of a mark.
    private(set) var mark: UInt8 = 0

    /// The first lexeme of `text`; of a text longer than 1,000 octets nothing.
    init(_ text: [UInt8]) {
        self.text = text.count <= 1000 ? text : []
        advance()
    }

    /// Goes on to the next lexeme.
    mutating func advance() {
        skipBlanks()
        guard next < text.count else {
            kind = .end
            return
        }
        let start = next
        let octet = text[start]
        if octet.isDigit {
            scanNumber()
        } else if octet.isAlpha {
            scanWord()
        } else {
            (kind, mark) = (.mark, octet)
            next += 1
        }
        count = next - start
    }

    private mutating func scanNumber() {
        var number = 0
        var digits = 0
        while next < text.count, text[next].isDigit {
            digits += 1
            if digits <= 14 { number = number * 10 + Int(text[next] &- 0x30) }
            next += 1
        }
        (kind, value) = (.number, digits <= 14 ? number : -1)
    }

    private mutating func scanWord() {
        var packed: UInt64 = 0
        var shift: UInt64 = 64
        while next < text.count, text[next].isAlpha {
            if shift > 0 {
                shift -= 8
                packed |= UInt64(text[next] | 0x20) << shift
            }
            next += 1
        }
        (kind, letters) = (.word, packed)
    }

    // comment = "(" *([FWS] ccontent) [FWS] ")"  RFC 5322 §3.2.2
    private mutating func skipBlanks() {
        while next < text.count {
            if text[next].isSpace {
                next += 1
            } else if text[next] == UInt8(ascii: "(") {
                next = AddressFieldText.commentEnd(in: text[...], from: next)
            } else {
                return
            }
        }
    }

    /// Whether the present lexeme is this mark.
    func isMark(_ other: UInt8) -> Bool { kind == .mark && mark == other }

    /// Whether the present lexeme is a word of at least three letters that `name` begins with, or `name` itself.
    func isPrefix(of name: DateWord) -> Bool {
        guard kind == .word, count >= 3, count <= name.count else { return false }
        let mask: UInt64 = count >= 8 ? .max : ~(.max >> UInt64(8 * count))
        return name.letters & mask == letters
    }

    /// Whether the present lexeme is `name`.
    func isWord(_ name: DateWord) -> Bool { kind == .word && count == name.count && letters == name.letters }
}

/// A word that dates know: its first eight letters in lower case, the first one highest, and how many letters it has.
struct DateWord {
    let letters: UInt64
    let count: Int

    init(_ name: String) {
        count = name.utf8.count
        letters = zip(name.utf8, stride(from: UInt64(56), through: 0, by: -8)).reduce(0) { $0 | UInt64($1.0) << $1.1 }
    }
}
