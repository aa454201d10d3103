import MIME
import Testing

@Suite("Field values as text, RFC 2047 and RFC 6532")
struct FieldTextTests {
    private func text(_ value: String, _ name: String = "Subject") -> String {
        string(HeaderField(name: octets(name), octets: octets(value)).text())
    }

    @Test(arguments: [
        // RFC 2047 §8, the examples in comments
        ("(=?ISO-8859-1?Q?a?=)", "(a)"), ("(=?ISO-8859-1?Q?a?= b)", "(a b)"),
        ("(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)"), ("(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", "(ab)"),
        ("(=?ISO-8859-1?Q?a?=\n    =?ISO-8859-1?Q?b?=)", "(ab)"), ("(=?ISO-8859-1?Q?a_b?=)", "(a b)"),
        ("(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a =?ISO-8859-2?Q?_b?=)"),
        ("=?iso-8859-1?Q?Andr=E9?= Pirard", "Andr\u{E9} Pirard"),
        (
            "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\n =?ISO-8859-1?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
            "If you can read this you understand the example."
        ),
    ])
    func `the examples of RFC 2047`(value: String, expected: String) { #expect(text(value) == expected) }

    @Test(arguments: [
        ("=?utf-8?B?4oI=?= =?UTF-8?Q?=AC?=", "\u{20AC}"),
        ("=?utf-8?Q?=E2=82?= x =?utf-8?Q?=AC?=", "\u{FFFD} x \u{FFFD}"),
        ("=?utf-8?Q?a?=\n =?iso-8859-1?Q?=FC?=", "a\u{FC}"), ("a  =?utf-8?Q?b?=  c", "a  b  c"),
        ("=?klingon?Q?a?= =?utf-8?Q?b?= =?klingon?Q?c?=", "=?klingon?Q?a?= b =?klingon?Q?c?="),
        ("=?utf-8*de?Q?a?=", "a"), ("=?utf-8?Q??=", ""), ("=?utf-8?q?a b?=", "a b"), ("x=?utf-8?Q?a?=y", "xay"),
        ("=?utf-8?Q?=3D=3Fx?=", "=?x"), ("=?utf-8?Q?a=0D=0AB:_c=00?=", "a  B: c "), ("=?utf-8?Q?a=?=", "a="),
    ])
    func `adjacent words, split characters, charsets`(value: String, expected: String) {
        #expect(text(value) == expected)
    }

    @Test(arguments: [
        "=?utf-8?Q?a", "=?utf-8?X?a?=", "=?utf-8?B?a*b?=", "=?utf 8?Q?a?=", "=??Q?a?=", "=?utf-8??a?=",
        "=?utf-8?Q?a?b?=",
        "=?", "?=", "=?=?=?=?", "=?klingon?Q?a?=",
    ])
    func `a broken word stays as it is`(value: String) { #expect(text(value) == value) }

    @Test(arguments: [
        ("=?utf-8?Q?M=C3=BCller=2C_Hans?= <a@b>", "\"M\u{FC}ller, Hans\" <a@b>"),
        ("=?utf-8?Q?J=C3=B6rg?= <=?utf-8?Q?a?=@b>", "J\u{F6}rg <=?utf-8?Q?a?=@b>"),
        ("=?utf-8?Q?a?=@b, x@=?utf-8?Q?c?=", "=?utf-8?Q?a?=@b, x@=?utf-8?Q?c?="),
        ("\"=?utf-8?Q?a=22b?=\" <a@b>", "\"a\\\"b\" <a@b>"), ("a@b (=?utf-8?Q?=29_x?= (y))", "a@b (\\) x (y))"),
        ("=?utf-8?Q?Gr=C3=BCn?=: a@b;", "Gr\u{FC}n: a@b;"), ("\"a \\\" b\" <a@b>", "\"a \\\" b\" <a@b>"),
        ("=?utf-8?Q?a?= =?utf-8?Q?_b?= c <a@b>", "a b c <a@b>"), ("=?utf-8?Q?_a?= <a@b>", "\" a\" <a@b>"),
        ("a@b (open =?utf-8?Q?c?=", "a@b (open c"), ("<a", "<a"), ("\"a", "\"a"),
    ])
    func `address fields stay address lists`(value: String, expected: String) {
        #expect(text(value, "To") == expected)
    }

    @Test func `raw octets are UTF-8, else in the charset of the message, else ISO-8859-1`() {
        let field = HeaderField(name: octets("Subject"), octets: octets("a ") + [0xA4])
        #expect(string(field.text()) == "a \u{A4}")
        #expect(string(field.text(rawCharset: octets("iso-8859-15"))) == "a \u{20AC}")
        #expect(string(HeaderField("Subject", text: "\u{20AC} =?utf-8?Q?=E2=82=AC?=").text()) == "\u{20AC} \u{20AC}")
    }

    @Test func `folds are undone`() {
        let field = HeaderField(parsing: octets("Subject: a\r\n b\r\n\tc\r\n"))
        #expect(string(field.text()) == "a b\tc")
        #expect(string(HeaderField(name: octets("X"), octets: octets("a\r\n b\rc")).text()) == "a b c")
    }

    @Test func `UTF-7 and UTF-16 are known`() {
        #expect(text("=?utf-7?Q?Hi_Mom_-+Jjo--!?=") == "Hi Mom -\u{263A}-!")
        #expect(text("=?unicode-1-1-utf-7?Q?A+ImIDkQ-.+-+?=") == "A\u{2262}\u{391}.++")
        #expect(text("=?utf-16?B?//5BAD3YAd4=?=") == "A\u{1F601}")
    }

    @Test(arguments: ["=?", "=?utf-8?Q?a?= ", "=?utf-8?B?", "=?klingon?Q?a?=", "?", "=?utf-8?Q?a?", "(", "\""])
    func `a long run of any octets ends`(unit: String) {
        let value = String(repeating: unit, count: 100_000)
        #expect(!text(value).isEmpty)
        #expect(!text(value, "To").isEmpty)
    }
}
