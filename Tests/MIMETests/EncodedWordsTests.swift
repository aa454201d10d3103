import MIME
import Testing

@Suite("Encoded-words, RFC 2047")
struct EncodedWordsTests {
    private func characters(_ text: String) -> [[UInt8]] { text.unicodeScalars.map { Array(String($0).utf8) } }

    @Test(arguments: [
        ("", EncodedWord.Method.base64, 66, []), ("é", .base64, 66, ["=?UTF-8?B?w6k=?="]),
        ("a é_?", .quotedPrintable, 66, ["=?UTF-8?Q?a_=C3=A9=5F=3F?="]),
        ("ééé", .quotedPrintable, 24, ["=?UTF-8?Q?=C3=A9=C3=A9?=", "=?UTF-8?Q?=C3=A9?="]),
        ("ééé", .base64, 20, ["=?UTF-8?B?w6nDqcOp?="]),
        ("éé", .base64, 19, ["=?UTF-8?B?w6k=?=", "=?UTF-8?B?w6k=?="]),
        ("a!b\"c<d>", .quotedPrintable, 66, ["=?UTF-8?Q?a=21b=22c<d>?="]),
        ("\n\u{1F}", .quotedPrintable, 66, ["=?UTF-8?Q?=0A=1F?="]),
    ])
    func `words are cut as Tcllib cuts them`(text: String, method: EncodedWord.Method, length: Int, words: [String])
        throws
    {
        let encoded = try EncodedWords.encode(
            characters: characters(text), charset: octets("UTF-8"), method: method, maximumLength: length)
        #expect(encoded.map { string($0) } == words)
    }

    @Test(arguments: [
        (EncodedWord.Method.base64, 15), (.quotedPrintable, 12), (.quotedPrintable, 17), (.base64, -1),
        (.base64, Int.min),
    ])
    func `words too short for a character are an error`(method: EncodedWord.Method, length: Int) {
        #expect(throws: MIMEError.self) {
            try EncodedWords.encode(
                characters: [[0xC3, 0xA9]], charset: octets("UTF-8"), method: method, maximumLength: length)
        }
    }

    @Test func `a character longer than a word is an error, where Tcllib never ends`() {
        #expect(throws: MIMEError(.maximumLengthTooShort)) {
            try EncodedWords.encode(
                characters: [[0xF0, 0x9F, 0x98, 0x80]], charset: octets("UTF-8"), method: .base64, maximumLength: 16)
        }
    }

    @Test(arguments: [
        ("=?utf-8?Q?a=C3=A9_b?=", "utf-8", "Q", "aé b"), ("x=?UTF-8?b?w6k=?=y", "UTF-8", "b", "é"),
        ("=?a?q??=", "a", "q", ""), ("=?a?q?=?=", "a", "q", "="), ("=?a?q?_=20?=", "a", "q", "  "),
        ("=?a?x?b?=", "a", "x", nil),
        ("=?a????=", "a", "?", nil), ("=?x =?a?Q?b?=", "a", "Q", "b"),
    ])
    func `a word is taken apart`(text: String, charset: String, method: String, decoded: String?) throws {
        let word = try #require(EncodedWords.parse(octets(text)))
        #expect(string(word.charset) == charset)
        #expect(string(word.methodText) == method)
        #expect(word.decoded() == decoded.map(octets))
    }

    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("=?utf-8?Q?=C3=A9?=", "é"), ("a =?utf-8?Q?b?= c", "a b c"),
        ("=?utf-8?Q?a?= \n =?utf-8?Q?b?=", "ab"), ("=?utf-8?Q?a_?= =?utf-8?Q?b?=", "a b"), (" =?utf-8?Q?a?=", "a"),
        ("=?iso-8859-1?q?=E9?=", "é"), ("=?ISO-8859-15?q?=A4?=", "€"), ("=?windows-1252?B?gA==?=", "€"),
        ("=?utf-8*en?q?a?=", "a"), ("=?utf-8?q?=FF?=", "\u{FFFD}"), ("=?us-ascii?q?a?=", "a"), ("=?=? ?=", "=?=? ?="),
    ])
    func `fields are decoded`(field: String, text: String) throws {
        #expect(string(try EncodedWords.decodeToUTF8(octets(field))) == text)
    }

    @Test func `other charsets are asked for, unknown ones are errors`() throws {
        let field = octets("=?KOI8-R?Q?x?=")
        #expect(throws: MIMEError(.unknownCharset, detail: octets("KOI8-R"))) { try EncodedWords.decodeToUTF8(field) }
        #expect(throws: MIMEError(.unknownMethod, detail: octets("z"))) {
            try EncodedWords.decodeToUTF8(octets("=?a?z?x?="))
        }
        let charsets = Charsets { name, _ in name == octets("koi8-r") ? octets("y") : nil }
        #expect(try EncodedWords.decodeToUTF8(field, charsets: charsets) == octets("y"))
    }
}
