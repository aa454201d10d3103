import MIME
import Testing

@Suite("Identifiers and list URLs, RFC 5322 §3.6.4, RFC 2369")
struct IdentifierTests {
    @Test(arguments: [
        ("<a@b>", ["a@b"]), ("<a@b> <c@d>\r\n\t<e@f>", ["a@b", "c@d", "e@f"]),
        ("<a@b><c@d>, <e@f>", ["a@b", "c@d", "e@f"]),
        ("(x <y@z>) <a@b> (w)", ["a@b"]), ("\"Your <x@y>\" mail of Monday <a@b>", ["a@b"]), ("a@b", ["a@b"]),
        ("<a\r\n @b>", ["a@b"]), ("<>", []), ("", []), ("<a@b", ["a@b"]), ("no identifier", []), ("<x>", ["x"]),
    ])
    func `msg-ids are found in any surroundings`(value: String, ids: [String]) {
        #expect(HeaderField("References", text: value).messageIdentifiers().map(string) == ids)
    }

    @Test(arguments: [
        // RFC 2369 §3
        ("<mailto:list@host.com?subject=help> (List Instructions)", ["mailto:list@host.com?subject=help"]),
        (
            "<ftp://ftp.host.com/list.txt>, <mailto:list@host.com?subject=help>",
            ["ftp://ftp.host.com/list.txt", "mailto:list@host.com?subject=help"]
        ),
        (
            "(Use this command to join the list)\n <mailto:list-manager@host.com?body=subscribe%20list>",
            ["mailto:list-manager@host.com?body=subscribe%20list"]
        ),
        ("NO (posting not allowed on this list)", []), ("<http://a.example/x?a=1,2>", ["http://a.example/x?a=1,2"]),
    ])
    func `URLs of list fields`(value: String, urls: [String]) {
        #expect(HeaderField("List-Help", text: value).listURLs().map(string) == urls)
    }

    @Test(arguments: ["<", ">", "(", "\"", ",", "<a@b>", "a@b "]) func `a long run of any octets ends`(unit: String) {
        let field = HeaderField("References", text: String(repeating: unit, count: 100_000))
        #expect(field.messageIdentifiers().count <= 100_000)
        #expect(field.listURLs().count <= 100_000)
    }
}
