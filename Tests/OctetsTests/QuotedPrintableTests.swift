import Octets
import Testing

@Suite("quoted-printable, RFC 2045 §6.7")
struct QuotedPrintableTests {
    private static let x70 = String(repeating: "x", count: 70)

    @Test(arguments: [
        ("", ""), ("abc", "abc"), ("a=b", "a=3Db"), ("é", "=C3=A9"), ("a\nb", "a\r\nb"), ("a\r\nb\r\n", "a\r\nb\r\n"),
        ("a\rb", "a=0Db"), ("a\r\r\n", "a=0D\r\n"), ("a \nb\t\n", "a=20\r\nb=09\r\n"), ("a  ", "a =20"), (" ", "=20"),
        (".", "=2E"), ("a.\n.b\n..", "a.\r\n=2Eb\r\n=2E."), ("From x", "=46rom x"), ("Fro", "Fro"), ("From", "From"),
        ("x\nFrom \n", "x\r\n=46rom=20\r\n"), ("xFrom y", "xFrom y"), ("FroFrom ", "FroFrom=20"), ("F\nFr", "F\r\nFr"),
        ("!\"#$@[\\]^`{|}~", "=21=22=23=24=40=5B=5C=5D=5E=60=7B=7C=7D=7E"), ("%&'()*+,-/:;<>?_", "%&'()*+,-/:;<>?_"),
        ("\u{1F}", "=1F"), (x70 + "abc", x70 + "abc"), (x70 + "abcd", x70 + "abc=\r\nd"),
        (x70 + "abc\nd", x70 + "abc=\r\n\r\nd"),
        (x70 + "ab=", x70 + "ab=\r\n=3D"), (x70 + "ab ", x70 + "ab=20"), (x70 + "ab \n", x70 + "ab=\r\n=20\r\n"),
    ])
    func `text is quoted as Tcllib 1_20 does where that is valid`(plain: String, encoded: String) {
        #expect(String(decoding: QuotedPrintable.encode(Array(plain.utf8)), as: UTF8.self) == encoded)
        let decoded = QuotedPrintable.decode(Array(encoded.utf8))
        #expect(decoded == canonical(Array(plain.utf8)))
    }

    /// LF and CRLF as CRLF.
    private func canonical(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for octet in octets {
            if octet == 10 && result.last != 13 { result.append(13) }
            result.append(octet)
        }
        return result
    }

    @Test func `line ends and breaks can be chosen`() {
        var encoder = QuotedPrintableEncoder(isText: true, lineEnd: [10], breaksLines: false)
        var encoded: [UInt8] = []
        encoder.encode(Array((Self.x70 + Self.x70 + "\r\na \n").utf8)[...], into: &encoded)
        encoder.finish(into: &encoded)
        #expect(encoded == Array((Self.x70 + Self.x70 + "\na=20\n").utf8))
    }

    @Test func `what is not text keeps its line ends as octets`() {
        #expect(QuotedPrintable.encode([13, 10, 32, 10], isText: false) == Array("=0D=0A =0A".utf8))
        let all = (0...255).map { UInt8($0) }
        #expect(QuotedPrintable.decode(QuotedPrintable.encode(all, isText: false)) == all)
    }

    @Test(arguments: [
        ("a=3db=3D", "a=b="), ("a=\nb=\r\nc", "abc"), ("a= \t\r\nb", "ab"), ("a=G1=4", "a=G1=4"), ("a=", "a"),
        ("a= \t", "a"), ("a==", "a="),
        ("a \t\nb  \r\nc  ", "a\nb\r\nc"), ("a\r b", "a\r b"), ("==41", "=A"), ("= x", "= x"), ("\r", "\r"),
        ("=\r", "=\r"),
    ])
    func `decoding is lenient`(encoded: String, plain: String) {
        #expect(String(decoding: QuotedPrintable.decode(Array(encoded.utf8)), as: UTF8.self) == plain)
    }

    @Test(arguments: [true, false])
    func `chunks do not matter, lines have at most 76 octets`(isText: Bool) {
        var seed: UInt32 = 1
        let alphabet = Array("a .=\r\n\tFrom é".utf8)
        let plain = (0..<3000).map { _ in
            seed = seed &* 1_664_525 &+ 1_013_904_223
            return alphabet[Int(seed >> 16) % alphabet.count]
        }
        let whole = QuotedPrintable.encode(plain, isText: isText)
        #expect(whole.split(separator: 10).allSatisfy { $0.count <= 77 })
        let decoded = QuotedPrintable.decode(whole)
        #expect(isText ? decoded == canonical(plain) : decoded == plain)
        for step in 1...7 {
            var encoder = QuotedPrintableEncoder(isText: isText)
            var decoder = QuotedPrintableDecoder()
            var (encoded, again): ([UInt8], [UInt8]) = ([], [])
            for start in stride(from: 0, to: plain.count, by: step) {
                encoder.encode(plain[start..<min(start + step, plain.count)], into: &encoded)
            }
            encoder.finish(into: &encoded)
            for start in stride(from: 0, to: whole.count, by: step) {
                decoder.decode(whole[start..<min(start + step, whole.count)], into: &again)
            }
            decoder.finish(into: &again)
            #expect(encoded == whole)
            #expect(again == decoded)
            #expect(!decoder.hasDefect)
        }
    }
}
