import MIME
import Octets
import Testing

@Suite("What fuzzers found")
struct FuzzFindsTests {
    @Test func `an empty message that a delimiter ends counts among the parts`() throws {
        var limits = ParseLimits()
        limits.parts = 3
        let mail = octets(
            "Content-Type: multipart/x; boundary=b\n\n--b\nContent-Type: message/rfc822\n--b\n\nx\n--b--\n")
        let entity = try Entity.parse(mail, limits: limits)
        #expect(all(entity).count <= 3)
        #expect(try MessageWriter.message(entity) == mail)
    }

    @Test(arguments: ["\n", "\r\n"])
    func `a byte order mark alone is no name of a field`(lineEnd: String) throws {
        let entity = try Entity.parse(octets("\u{feff}\(lineEnd)\t:"))
        #expect(entity.header.fields.map(\.name) == [[]])
    }

    @Test func `adjacent encoded words of one charset make one text`() {
        let words = Array(repeating: "=?utf-8?Q?=C3?= =?UTF-8?Q?=A9?=", count: 500).joined(separator: "\n ")
        #expect(string(HeaderField("Subject", text: words).text()) == String(repeating: "é", count: 500))
    }

    @Test(arguments: 1...40)
    func `lines that turn out to be a body are read anew whatever the chunks`(chunkOctets: Int) throws {
        let mail = octets("Content-Type: multipart/digest; boundary=b\n\n--b\n\nA: b\n\nx\n--b\nno field\n--b--\n")
        let whole = try Entity.parse(mail)
        let chunked = try Entity.parse(SlowSource(mail, step: 7), chunkOctets: chunkOctets)
        #expect(
            try tree(chunked) == "multipart/digest(message/rfc822(text/plain=x),message/rfc822(text/plain=no field))")
        #expect(all(chunked).map(\.defects) == all(whole).map(\.defects))
    }
}
