import Crypto
import Testing

@testable import SASL

@Suite("SASLprep")
struct PreparationTests {
    @Test(
        "RFC 4013 §3",
        arguments: [("I\u{AD}X", "IX"), ("user", "user"), ("USER", "USER"), ("\u{AA}", "a"), ("\u{2168}", "IX")])
    func examples(_ given: String, _ expected: String) throws {
        #expect(text(try StringPreparation.prepare(octets(given), of: "it")) == expected)
    }

    @Test(
        "RFC 4013 §3: prohibited, bidirectional; no UTF-8",
        arguments: [
            octets("\u{7}"), octets("\u{627}1"), [0xFF, 0x41], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82],
            octets("\u{FFFD}"), octets("a\0\u{FC}"),
        ])
    func refused(_ given: [UInt8]) {
        let error = saslError { try StringPreparation.prepare(given, of: "the password") }
        #expect(error?.kind == .credentials)
        #expect(error?.text.hasPrefix("the password ") == true)
    }

    @Test(
        "the forms in which a password may be said",
        arguments: [
            ("plain", ["plain"]), ("\u{2168}a", ["\u{2168}a", "IXa", "IXa"]),
            ("s\u{AA}\u{E9}", ["s\u{AA}\u{E9}", "saé", "s", "sa"]), ("\u{E9}\u{7}", ["\u{E9}\u{7}", "\u{7}"]),
        ])
    func forms(_ given: String, _ expected: [String]) {
        let forms = Credentials.forms(of: Secret(octets(given)))
        // What is not UTF-8 is compared by its ASCII.
        let shown = forms.map { form in
            form.withOctets { all in
                let copy = copy all
                return Text.isUTF8(copy) ? text(copy) : text(copy.filter { !$0.isEightBit })
            }
        }
        #expect(Set(shown) == Set(expected))
        #expect(Text.shown([0x61, 0xE9]) == "a\u{E9}")
    }

    @Test("characters that Unicode 3.2 did not have stay; a wide blank is a blank")
    func queries() throws {
        #expect(text(try StringPreparation.prepare(octets("\u{1F600}"), of: "it")) == "\u{1F600}")
        #expect(text(try StringPreparation.prepare(octets("a\u{A0}b\u{3000}"), of: "it")) == "a b ")
        #expect(text(try StringPreparation.prepare(octets("u\u{308}"), of: "it")) == "\u{FC}")
    }

    @Test("without the library ASCII passes; the error names the package")
    func absent() throws {
        #expect(try StringPreparation.prepare(octets("plain"), of: "it", by: { nil }) == octets("plain"))
        let error = saslError { try StringPreparation.prepare(octets("\u{FC}"), of: "the user name", by: { nil }) }
        #expect(error?.kind == .unavailable)
        #expect(error?.text.contains("libidn12") == true && error?.text.contains("\u{FC}") == false)
        #expect(StringprepLibrary(file: "no-such-library.so") == nil)
    }

    @Test("mechanisms send what is prepared")
    func prepared() throws {
        var client = try Plain(credentials("u\u{308}ser", "I\u{AD}X"))
        #expect(text(try client.respond(to: nil)) == "\0\u{FC}ser\0IX")
        #expect(saslError { try Plain(credentials("user", "\u{627}1")) }?.kind == .credentials)
        #expect(saslError { try Plain(credentials("\u{AD}", "p")) }?.kind == .credentials)
    }
}
