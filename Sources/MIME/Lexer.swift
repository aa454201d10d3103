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

    /// What was met instead of a lexeme, in Tcllib's words.
    private enum Failure {
        case none, end, comment, quotedString, domainLiteral
    }

    let input: [UInt8]
    private let dialect: Dialect
    /// The bit of `atomEnds` for the dialect.
    private let endBit: UInt8
    /// Where the next lexeme begins; may be set back.
    var position = 0
    /// The kind of the last lexeme.
    private(set) var last = Lexeme.end
    /// The comments met so far, with their parentheses, one SP between.
    var comment: [UInt8]?
    private var range = 0..<0
    private var failure = Failure.none

    init(_ input: [UInt8], _ dialect: Dialect) {
        self.input = input
        self.dialect = dialect
        endBit = dialect == .address ? 1 : 2
    }

    /// The text of the last lexeme, or Tcllib's words for what was met instead of one.
    var text: ArraySlice<UInt8> {
        switch failure {
        case .none: input[range]
        case .end: Array("end-of-input".utf8)[...]
        case .comment: Array("end-of-input during comment".utf8)[...]
        case .quotedString: Array("end-of-input during quoted-string".utf8)[...]
        case .domainLiteral: Array("end-of-input during domain-literal".utf8)[...]
        }
    }

    /// Reads the next lexeme.
    mutating func next() -> Lexeme {
        failure = .none
        last = scan()
        return last
    }

    private mutating func scan() -> Lexeme {
        while true {
            skipSpace()
            guard position < input.count else { return fail(.end, .end) }
            switch input[position] {
            case UInt8(ascii: "("):
                if !scanComment() { return fail(.comment, .malformed) }
            case UInt8(ascii: "\""): return scanDelimited(by: UInt8(ascii: "\""), .quotedString, .quotedString)
            case UInt8(ascii: "["): return scanDelimited(by: UInt8(ascii: "]"), .domainLiteral, .domainLiteral)
            default: return scanAtom()
            }
        }
    }

    private mutating func fail(_ failure: Failure, _ lexeme: Lexeme) -> Lexeme {
        position = input.count
        self.failure = failure
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
    private mutating func scanDelimited(by end: UInt8, _ lexeme: Lexeme, _ failure: Failure) -> Lexeme {
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
                range = start..<position
                return lexeme
            }
        }
        return fail(failure, .malformed)
    }

    // TCLLIB: an atom is anything up to a special, SP, HTAB or LF; other controls are part of it.
    private mutating func scanAtom() -> Lexeme {
        let start = position
        position += 1
        if Self.atomEnds[Int(input[start])] & endBit != 0, let special = special(input[start]) {
            range = start..<position
            return special
        }
        while position < input.count, Self.atomEnds[Int(input[position])] & endBit == 0 { position += 1 }
        range = start..<position
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

    private mutating func skipSpace() {
        while position < input.count, input[position] == 0x20 { position += 1 }
        if position < input.count, input[position].isVisible { return }
        position += TclSpace.prefixLength(of: input[position...])
    }

    /// What ends an atom: 1 in addresses, 2 in types.
    private static let atomEnds: [UInt8] = [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        3, 0, 3, 0, 0, 0, 0, 0, 3, 3, 0, 0, 3, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 2, 3, 2,
        3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]
}
