import MIME
import Testing

@Suite("Parameters, RFC 2045 §5.1 and RFC 2231")
struct ParameterListTests {
    @Test(arguments: [
        // RFC 2231 §3, §4, §4.1
        (
            "message/external-body; access-type=URL;\n URL*0=\"ftp://\";\n URL*1=\"cs.utk.edu/pub/moore/bulk.tar\"",
            "url",
            "ftp://cs.utk.edu/pub/moore/bulk.tar"
        ),
        (
            "application/x-stuff;\n title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A", "title",
            "This is ***fun***"
        ),
        (
            "application/x-stuff;\n title*0*=us-ascii'en'This%20is%20even%20more%20;\n title*1*=%2A%2A%2Afun%2A%2A%2A%20;\n"
                + " title*2=\"isn't it!\"", "title", "This is even more ***fun*** isn't it!"
        ),
        // RFC 6266 §5, RFC 2045 §5.1
        (
            "attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates", "filename",
            "\u{20AC} rates"
        ),
        ("text/plain; charset=us-ascii (Plain text)", "charset", "us-ascii"),
        ("text/plain; charset=\"us-ascii\"", "CHARSET", "us-ascii"),
        ("text/plain (a;b=c) ; (d) charset (e) = x", "b", nil),
    ])
    func `the examples of the RFCs`(value: String, name: String, text: String?) {
        #expect(ParameterList(parsing: octets(value)).text(octets(name)).map(string) == text)
    }

    @Test(arguments: [
        ("a; n=\"=?utf-8?B?R3LDvMOfZQ==?=\n =?utf-8?Q?_x.pdf?=\"", "Gr\u{FC}\u{DF}e x.pdf"),
        ("a; n*0=\"=?utf-8?Q?a\"; n*1=\"=C3=BC?=\"", "a\u{FC}"), ("a; n=\"=?klingon?Q?x?=\"", "=?klingon?Q?x?="),
        ("a; n=\"G\u{FC}te\"", "G\u{FC}te"), ("a; n=foo bar (1).pdf", "foo bar (1).pdf"), ("n=x", "x"),
        ("a; n=\"a;b\\\"c\\\\\"; m=y", "a;b\"c\\"), ("a; n=\"open", "open"), ("a; n", nil), ("a; n=", ""),
        ("a;;; n=x;;", "x"), ("a; n=x; N=y", "y"), ("a; x y=1; n=2", "2"), ("", nil), ("a; n=\"x\"y; m=1", "x"),
        ("a; n=%41", "%41"),
    ])
    func `what mailers write`(value: String, text: String?) {
        #expect(ParameterList(parsing: octets(value)).text(octets("n")).map(string) == text)
    }

    @Test(arguments: [
        ("n*1*=b; n*0*=utf-8''%C3; n*2*=%BC", "\u{FFFD}b\u{FFFD}"), ("n*1*=%A9; n*0*=utf-8''%C3", "\u{E9}"),
        ("n*1=b; n*3=d", "bd"), ("n*0=a; n*0=b; n*1=c", "bc"), ("n*999999999*=x", "x"),
        ("n*99999999999999999999*=x; n=y", "y"), ("n*=klingon''%C3%A9", "\u{E9}"), ("n*=klingon''%E9", "\u{E9}"),
        ("n*=%C3%A9", "\u{E9}"), ("n*=utf-8'%41", "utf-8'A"), ("n*=utf-8''%4", "%4"), ("n*=utf-8''%%41%zz", "%A%zz"),
        ("n*=''", ""), ("n*=\"utf-8''%41\"", "A"), ("n*0=a; n*1*=%42; n=x", "aB"), ("n*0=a; n*=utf-8''b", "b"),
        ("n**=x; n=y", "y"), ("n*x=1; n=y", "y"), ("n*00=a; n*01=b", "ab"), ("n*=utf-16be''%00A%00B", "AB"),
    ])
    func `hostile and mixed forms have a text`(value: String, text: String) {
        #expect(ParameterList(parsing: octets("x; " + value)).text(octets("n")).map(string) == text)
    }

    @Test func `raw octets are UTF-8, else in the charset of the message, else ISO-8859-1`() {
        let list = ParameterList(parsing: octets("a; n=\"") + [0xA4] + octets("\""))
        #expect(list.text(octets("n")).map(string) == "\u{A4}")
        #expect(list.text(octets("n"), rawCharset: octets("iso-8859-15")).map(string) == "\u{20AC}")
        #expect(list.text(octets("n"), rawCharset: octets("utf-16")).map(string) == "\u{A4}")
        #expect(list.text(octets("n"), rawCharset: octets("klingon")).map(string) == "\u{A4}")
    }

    @Test func `more parameters than the limit are left out`() {
        let value = (0..<3000).map { "; p\($0)=\($0)" }.joined()
        let list = ParameterList(parsing: octets("a" + value))
        #expect(list.names.count == 1000)
        #expect(list.text(octets("p999")).map(string) == "999")
        #expect(list.text(octets("p1000")) == nil)
        #expect(ParameterList(parsing: octets("a" + value), limit: 3).names.map(string) == ["p0", "p1", "p2"])
    }

    @Test(arguments: ["(", "\"", "\\", "=", ";", "=?", "*", "'", "%", "a*0*=", "=?utf-8?Q?", ";a=\"\\"])
    func `a long run of any octets ends`(unit: String) {
        let text = String(repeating: unit, count: 200_000)
        let list = ParameterList(parsing: octets("x; a=" + text))
        #expect(list.names.count <= 1000)
        _ = list.text(octets("a"))
    }

    @Test func `Content-Type counts before Content-Disposition`() throws {
        let message =
            "Content-Type: text/x; name=a\nContent-Disposition: attachment; name=b; filename*=utf-8''%C3%A9\n\n"
        let entity = try Entity.parse(octets(message))
        #expect(entity.parameterText("name").map(string) == "a")
        #expect(entity.parameterText("FileName").map(string) == "\u{E9}")
        #expect(entity.parameterText("none") == nil)
        entity.contentType["name"] = octets("c")
        #expect(entity.parameterText("name").map(string) == "c")
    }
}
