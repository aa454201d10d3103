import Octets
import Testing

@Suite("Octet sources")
struct SourceTests {
    private let base = OctetBuffer(Array("0123456789".utf8))

    @Test func `a buffer is read in pieces, and again`() throws {
        let reader = try base.makeReader()
        #expect(try reader.read(atMost: 4) == Array("0123".utf8))
        #expect(try reader.read(atMost: 100) == Array("456789".utf8))
        #expect(try reader.read(atMost: 100).isEmpty)
        try reader.seek(to: 8)
        #expect(try reader.read(atMost: 1) == Array("8".utf8))
        try reader.seek(to: -5)
        #expect(try reader.read(atMost: .max) == base.octets)
    }

    @Test(arguments: [
        (2..<5, "234"), (0..<10, "0123456789"), (3..<3, ""), (-3..<2, "01"),
    ])
    func `a window shows its range, however it is cut`(range: Range<Int>, text: String) throws {
        let window = SourceRange(base, range)
        #expect(window.octetCount == text.utf8.count)
        #expect(try window.readAll() == Array(text.utf8))
        #expect(window.withOctets { [UInt8](copying: $0) } == Array(text.utf8))
    }

    @Test(arguments: [8..<100, 100..<200, 9..<11])
    func `a window on a source that has become shorter is an error, not an end`(range: Range<Int>) throws {
        let error = #expect(throws: SourceError.self) { try SourceRange(base, range).readAll() }
        #expect(error?.errorCode == ["MIME", "SOURCE", "SHORT"])
    }

    @Test func `windows on windows refer to the innermost source`() throws {
        let window = SourceRange(SourceRange(SourceRange(base, 2..<9), 1..<5), 1..<100)
        #expect(window.range == 4..<7)
        #expect(window.base is OctetBuffer)
        #expect(try window.readAll() == Array("456".utf8))
        let reader = try window.makeReader()
        try reader.seek(to: 2)
        #expect(try reader.read(atMost: 5) == Array("6".utf8))
        #expect(try window.countOctets() == 3)
    }
}

@Suite("Line ends")
struct LineEndTests {
    @Test(arguments: [
        ("", ""), ("a", "a"), ("a\nb", "a\r\nb"), ("a\rb", "a\r\nb"), ("a\r\nb", "a\r\nb"), ("\n\r", "\r\n\r\n"),
        ("\r\r\n\n", "\r\n\r\n\r\n"), ("a\r", "a\r\n"),
    ])
    func `every CR, LF and CRLF becomes CRLF, whatever the chunks`(text: String, canonical: String) {
        let octets = Array(text.utf8)
        for step in 1...4 {
            var canonicalizer = LineEndCanonicalizer()
            var output: [UInt8] = []
            for start in stride(from: 0, to: octets.count, by: step) {
                canonicalizer.append(octets[start..<min(start + step, octets.count)], to: &output)
                canonicalizer.append([], to: &output)
            }
            canonicalizer.finish(to: &output)
            #expect(String(decoding: output, as: UTF8.self) == canonical)
        }
    }
}

@Suite("Classes of octets")
struct ClassTests {
    @Test func `classes agree with their definitions for all octets`() {
        for octet in UInt8.min...UInt8.max {
            let character = Character(Unicode.Scalar(octet))
            #expect(octet.isDigit == (octet < 128 && character.isNumber))
            #expect(octet.isAlpha == (octet < 128 && character.isLetter))
            #expect(octet.isVisible == (33...126).contains(octet))
            #expect(octet.isSpace == [9, 10, 11, 12, 13, 32].contains(octet))
            #expect(
                octet.isAtext
                    == (octet < 128
                        && (character.isLetter || character.isNumber || "!#$%&'*+-/=?^_`{|}~".contains(character))))
            #expect(octet.isTokenText == ((33...126).contains(octet) && !"()<>@,;:\\\"/[]?=".contains(character)))
            #expect(octet.hexValue == (octet < 128 ? character.hexDigitValue.map { UInt8($0) } : nil))
        }
    }

    @Test func `case and ends are ignored where asked`() {
        #expect(Array("aBC[".utf8).equalsIgnoringCase(Array("Abc[".utf8)))
        #expect(!Array("a[".utf8).equalsIgnoringCase(Array("a{".utf8)))
        #expect(Array(Array("  a b ".utf8).trimmed(where: \.isBlank)) == Array("a b".utf8))
        #expect(Array("   ".utf8).trimmed(where: \.isBlank).isEmpty)
    }
}
