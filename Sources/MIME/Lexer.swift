import Octets

/// The lexemes of address and Content-Type fields, as Tcllib's lookahead parser sees them.
///
/// Comments are collected on the way, and never nest the parser.
struct Lexer {
    /// What a lexeme is.
    enum Lexeme {
        case atom, quotedString, domainLiteral
        case semicolon, comma, leftAngle, rightAngle, colon, dot, question
        case leftParenthesis, rightParenthesis, atSign, rightSquare, equals, solidus, backslash
        case end, malformed
    }

    /// Which characters end an atom.
    enum Dialect { case address, type }

    let input: [UInt8]
    let dialect: Dialect
    /// Where the next lexeme begins; may be set back.
    var position = 0
    /// The text of the last lexeme, or Tcllib's words for what was met instead of one.
    private(set) var text: ArraySlice<UInt8> = []
    /// The kind of the last lexeme.
    private(set) var last = Lexeme.end
    /// The comments met so far, with their parentheses, one SP between.
    var comment: [UInt8]?

    init(_ input: [UInt8], _ dialect: Dialect) {
        self.input = input
        self.dialect = dialect
    }

    /// Reads the next lexeme.
    mutating func next() -> Lexeme {
        last = scan()
        return last
    }

    private mutating func scan() -> Lexeme {
        while true {
            skipSpace()
            guard position < input.count else { return fail("end-of-input", .end) }
            switch input[position] {
            case UInt8(ascii: "("):
                if !scanComment() { return fail("end-of-input during comment", .malformed) }
            case UInt8(ascii: "\""):
                return scanDelimited(by: UInt8(ascii: "\""), .quotedString, "end-of-input during quoted-string")
            case UInt8(ascii: "["):
                return scanDelimited(by: UInt8(ascii: "]"), .domainLiteral, "end-of-input during domain-literal")
            default: return scanAtom()
            }
        }
    }

    private mutating func fail(_ words: StaticString, _ lexeme: Lexeme) -> Lexeme {
        position = input.count
        text = Array("\(words)".utf8)[...]
        return lexeme
    }

    // comment = "(" *([FWS] ccontent) [FWS] ")"  RFC 5322 §3.2.2
    private mutating func scanComment() -> Bool {
        let start = position
        var depth = 0
        var isQuoted = false
        while position < input.count {
            let octet = input[position]
            position += 1
            if isQuoted {
                isQuoted = false
            } else if octet == UInt8(ascii: "\\") {
                isQuoted = true
            } else if octet == UInt8(ascii: "(") {
                depth += 1
            } else if octet == UInt8(ascii: ")") {
                depth -= 1
                if depth == 0 {
                    addComment(input[start..<position])
                    return true
                }
            }
        }
        return false
    }

    private mutating func addComment(_ text: ArraySlice<UInt8>) {
        if comment == nil { comment = Array(text) } else { comment? += [0x20] + text }
    }

    // quoted-string, domain-literal  RFC 5322 §3.2.4, §3.4.1
    private mutating func scanDelimited(by end: UInt8, _ lexeme: Lexeme, _ words: StaticString) -> Lexeme {
        let start = position
        position += 1
        var isQuoted = false
        while position < input.count {
            let octet = input[position]
            position += 1
            if isQuoted {
                isQuoted = false
            } else if octet == UInt8(ascii: "\\") {
                isQuoted = true
            } else if octet == end {
                text = input[start..<position]
                return lexeme
            }
        }
        return fail(words, .malformed)
    }

    // TCLLIB: an atom is anything up to a special, SP, HTAB or LF; other controls are part of it.
    private mutating func scanAtom() -> Lexeme {
        let start = position
        position += 1
        if let special = special(input[start]) {
            text = input[start..<position]
            return special
        }
        while position < input.count {
            let octet = input[position]
            if octet.isBlank || octet == 10 || octet == UInt8(ascii: "(") || octet == UInt8(ascii: "\"")
                || octet == UInt8(ascii: "[") || special(octet) != nil
            {
                break
            }
            position += 1
        }
        text = input[start..<position]
        return .atom
    }

    private func special(_ octet: UInt8) -> Lexeme? {
        switch octet {
        case UInt8(ascii: ";"): .semicolon
        case UInt8(ascii: ","): .comma
        case UInt8(ascii: "<"): .leftAngle
        case UInt8(ascii: ">"): .rightAngle
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: ")"): .rightParenthesis
        case UInt8(ascii: "@"): .atSign
        case UInt8(ascii: "]"): .rightSquare
        case UInt8(ascii: "\\"): .backslash
        case UInt8(ascii: "."): dialect == .address ? .dot : nil
        case UInt8(ascii: "?"): dialect == .type ? .question : nil
        case UInt8(ascii: "="): dialect == .type ? .equals : nil
        case UInt8(ascii: "/"): dialect == .type ? .solidus : nil
        default: nil
        }
    }

    private mutating func skipSpace() { position += TclSpace.prefixLength(of: input[position...]) }
}
