import Octets
import Testing

@Suite("Codecs against their references, in random chunks")
struct DifferentialTests {
    /// Alphabets in which the odd cases are frequent.
    private static let alphabets: [[UInt8]] = [
        Array(0...255), Array("a .=\r\n\tFrom é".utf8), Array("aaaaaaaaaaaaaaaaaaaaabbbbbbbbbbb   ccccccccccc=\n".utf8),
        Array("abc=0123456789ABCDEFdef==\r\n \t".utf8), Array("=\n =\r0aG".utf8), Array("  \r\r\n".utf8),
        Array("From F. \n\n\nxyzzzzzz".utf8),
        Array("ABCDabcd+/0189ABCDabcd+/0189ABCDabcd+/0189=\r\n !".utf8), Array("ABCDabcd+/0189\n".utf8),
        Array(repeating: 0x61, count: 30) + [0x20, 0x2E, 0x0A],
        Array(repeating: 0x61, count: 40) + Array("éü .F\r\n=3D3D".utf8),
    ]

    private struct Case {
        let octets: [UInt8]
        let chunks: [ArraySlice<UInt8>]
        let number: Int

        var lineEnd: [UInt8] { [[13, 10], [10], [], Array(1...8)][number % 4] }
    }

    /// Runs `body` with random octets, cut in random places.
    private static func run(_ count: Int, _ body: (Case) -> Void) {
        var random = Random(state: UInt64(count) &* 0x9E37_79B9_7F4A_7C15)
        for number in 0..<count {
            let alphabet = alphabets[number % alphabets.count]
            // In short pieces all is odd; blocks need long ones.
            let (longest, piece) = [(400, 50), (400, 400), (2000, 700)][number % 3]
            let octets = (0..<Int.random(in: 0...longest, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            var chunks: [ArraySlice<UInt8>] = []
            var rest = octets[...]
            while !rest.isEmpty {
                let chunk = rest.prefix(Int.random(in: 0...piece, using: &random))
                chunks.append(chunk)
                rest = rest.dropFirst(chunk.count)
            }
            body(Case(octets: octets, chunks: chunks, number: number))
        }
    }

    @Test func `base64 is encoded as the reference does`() {
        Self.run(900) { row in
            let length = [0, 4, 5, 60, 64, 76, 3][row.number % 7]
            var encoder = Base64Encoder(
                lineLength: length, lineEnd: row.lineEnd, isPortable: row.number % 2 == 0)
            var encoded: [UInt8] = []
            for chunk in row.chunks { encoder.encode(chunk, into: &encoded) }
            encoder.finish(into: &encoded)
            #expect(encoded == Reference.base64(row.octets, lineLength: length, lineEnd: row.lineEnd))
            #expect(encoded == Base64.encode(row.octets, lineLength: length, lineEnd: row.lineEnd))
        }
    }

    @Test func `base64 is decoded as the reference does`() {
        Self.run(901) { row in
            var decoder = Base64Decoder(isPortable: row.number % 2 == 0)
            var decoded: [UInt8] = []
            for chunk in row.chunks { decoder.decode(chunk, into: &decoded) }
            decoder.finish(into: &decoded)
            var hasDefect = false
            let whole = [UInt8](capacity: Base64.decodedCapacity(of: row.octets.count)) {
                hasDefect = Base64.decode(row.octets.span, into: &$0)
            }
            #expect(decoded == Reference.decodeBase64(row.octets))
            #expect(decoded == whole)
            #expect(decoder.hasDefect == hasDefect)
        }
    }

    @Test func `quoted-printable is encoded as the reference does`() {
        Self.run(902) { row in
            let (isText, breaksLines) = (row.number % 3 != 0, row.number % 5 != 0)
            var encoder = QuotedPrintableEncoder(
                isText: isText, lineEnd: row.lineEnd, breaksLines: breaksLines, isPortable: row.number % 2 == 0)
            var encoded: [UInt8] = []
            for chunk in row.chunks { encoder.encode(chunk, into: &encoded) }
            encoder.finish(into: &encoded)
            let wanted = Reference.quotedPrintable(
                row.octets, isText: isText, lineEnd: row.lineEnd, breaksLines: breaksLines)
            #expect(encoded == wanted)
        }
    }

    @Test func `quoted-printable is decoded as the reference does`() {
        Self.run(903) { row in
            var decoder = QuotedPrintableDecoder(isPortable: row.number % 2 == 0)
            var decoded: [UInt8] = []
            for chunk in row.chunks { decoder.decode(chunk, into: &decoded) }
            decoder.finish(into: &decoded)
            var hasDefect = false
            let whole = [UInt8](capacity: QuotedPrintable.decodedCapacity(of: row.octets.count)) {
                hasDefect = QuotedPrintable.decode(row.octets.span, into: &$0)
            }
            #expect(decoded == Reference.decodeQuotedPrintable(row.octets))
            #expect(decoded == whole)
            #expect(decoder.hasDefect == hasDefect)
        }
    }

    @Test func `line ends become CRLF`() {
        Self.run(904) { row in
            var canonicalizer = LineEndCanonicalizer(isPortable: row.number % 2 == 0)
            var lines: [UInt8] = []
            for chunk in row.chunks { canonicalizer.append(chunk, to: &lines) }
            canonicalizer.finish(to: &lines)
            #expect(lines == Reference.canonicalLines(row.octets))
        }
    }

    @Test func `CRLF becomes LF`() {
        Self.run(906) { row in
            var converter = LineFeedConverter()
            var lines: [UInt8] = []
            for chunk in row.chunks {
                lines.append(addingCapacity: converter.capacity(for: chunk.count)) {
                    converter.append(chunk.span, to: &$0)
                }
            }
            lines.append(addingCapacity: converter.capacity(for: 0)) { converter.finish(to: &$0) }
            #expect(lines == Reference.lineFeeds(row.octets))
        }
    }

    @Test(arguments: [true, false]) func `Tcl's quoted-printable goes both ways as the reference does`(isWord: Bool) {
        Self.run(907) { row in
            let (codec, reference) = (
                LegacyQuotedPrintable(isWord: isWord, isPortable: row.number % 2 == 0), LegacyReference(isWord: isWord)
            )
            let breaksLines = row.number % 4 != 0
            let encoded = codec.encode(row.octets, breaksLines: breaksLines)
            #expect(encoded == reference.encode(row.octets, breaksLines: breaksLines))
            #expect(codec.decode(row.octets) == reference.decode(row.octets))
            #expect(codec.decode(encoded) == reference.decode(encoded))
        }
    }

    @Test(arguments: [
        "", ".", ".x", "From x", "Fx", "x ", "x\t", " ", "x\u{7F}", "\u{1F}", "é", "\0", "\r", "x\r",
        String(repeating: "x", count: 76), String(repeating: "x", count: 77),
    ])
    func `a line is judged alike in blocks and without, wherever it stands`(line: String) {
        for lead in 0...76 {
            let first = String(repeating: "x", count: lead)
            let text = Array((first + "\n" + line + "\n" + String(repeating: "yz\n", count: 40)).utf8)
            let verdicts = [false, true].map { isPortable in
                var analysis = LineAnalysis(isPortable: isPortable)
                analysis.append(text.span)
                analysis.finish()
                return [analysis.isASCII, analysis.isMailLine, analysis.isSevenBit]
            }
            #expect(verdicts[0] == verdicts[1])
        }
    }

    @Test func `lines are judged alike`() {
        Self.run(905) { row in
            var analysis = LineAnalysis(isPortable: row.number % 2 == 0)
            for chunk in row.chunks { analysis.append(chunk) }
            analysis.finish()
            let lines = row.octets.split(separator: 10)
            let isASCII = row.octets.allSatisfy { 0x20...0x7E ~= $0 || $0 == 9 || $0 == 10 }
            let isMail = lines.allSatisfy {
                $0.count <= 76 && $0.last?.isSpace == false && $0.first != 0x2E && !$0.starts(with: "From ".utf8)
            }
            #expect(analysis.isASCII == isASCII)
            #expect(analysis.isMailLine == isMail)
            #expect(analysis.isSevenBit == row.octets.allSatisfy { 1...0x7F ~= $0 })
        }
    }
}

/// The same numbers in every run.
private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
