import MIME
import Octets

/// Text made encoded-words is read back, each word in its length; and the pieces of any field are those it has.
func checkWords(_ input: [UInt8]) throws {
    let field = MailAlphabet.text(input, WordPieces.all)
    try checkTokens(of: field)
    var input = FuzzInput(input)
    let method = input.flag() ? EncodedWord.Method.base64 : .quotedPrintable
    let length = input.number(below: 100)
    let text = String(decoding: input.remainder(), as: UTF8.self)
    let characters = text.unicodeScalars.map {
        Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter)
    }
    do {
        let words = try EncodedWords.encode(
            characters: characters, charset: Array("utf-8".utf8), method: method, maximumLength: length)
        try checkEncoded(words, Array(text.utf8), length)
    } catch let error as MIMEError {
        try check(
            error.code == .maximumLengthTooShort && length < 7 + 5 + 16,
            "\(error.code) for \(length) octets")
    }
}

private func checkEncoded(_ words: [[UInt8]], _ text: [UInt8], _ length: Int) throws {
    for word in words {
        try check(
            word.count <= length, "a word of \(word.count) octets, \(length) allowed: \(visible(word))")
        try check(
            word.allSatisfy(\.isVisible), "a word that is not printing US-ASCII: \(visible(word))")
        let decoded = EncodedWords.parse(word)?.decoded() ?? []
        try check(
            String(validating: decoded, as: UTF8.self) != nil, "a character is split: \(visible(word))")
    }
    let separator = [" ", "\r\n ", "\n\t"][text.count % 3]
    let field = Array(words.joined(separator: Array(separator.utf8)))
    try checkEqual(try EncodedWords.decodeToUTF8(field), text, "decoded, of \(visible(field))")
}

/// Pieces put together are the field but for white space; without `=?` it stays as it is.
private func checkTokens(of field: [UInt8]) throws {
    var text: [UInt8] = []
    for token in EncodedWords.tokens(of: field) {
        switch token {
        case .text(let octets): text += octets
        case .word(let word):
            text += Array("=?".utf8) + word.charset + [0x3F] + word.methodText + [0x3F] + word.text
            text += Array("?=".utf8)
        }
    }
    try checkEqual(withoutSpace(text), withoutSpace(field), "the pieces of a field")
    guard field.firstRange(of: Array("=?".utf8)) == nil else {
        _ = try? EncodedWords.decodeToUTF8(field)
        return
    }
    try checkEqual(try EncodedWords.decodeToUTF8(field), field, "a field without encoded-words")
}

/// Without what Tcl takes for white space, NUL among it.
private func withoutSpace(_ octets: [UInt8]) -> [UInt8] {
    guard octets.contains(where: \.isEightBit) else {
        return octets.filter { !$0.isSpace && $0 != 0 }
    }
    let scalars = String(decoding: octets, as: UTF8.self).unicodeScalars.filter { !isSpace($0) }
    return Array(String(String.UnicodeScalarView(scalars)).utf8)
}

private func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x80
        ? UInt8(scalar.value).isSpace || scalar.value == 0
        : scalar.properties.isWhitespace
            || ["\u{180E}", "\u{200B}", "\u{2060}", "\u{FEFF}"].contains(scalar)
}

private enum WordPieces {
    static let all = [
        "=?utf-8?Q?", "=?UTF-8?b?", "=?iso-8859-1?q?", "=?x?B?", "=?utf-8*en?Q?", "?=", "=?", "?", "=",
        " ", "\n ",
        "\r\n\t", "_", "=C3=A9", "=C3", "YWJj", "w6k=", "x", "é", "=?=", "=?utf-8?Q?a?=",
        "=?utf-8?B?YQ==?=",
        "=?windows-1252?Q?=80?=", "Q?", "B?", "\u{A0}", "\0",
    ].map { Array($0.utf8) }
}
