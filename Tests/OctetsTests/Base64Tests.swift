import Octets
import Testing

@Suite("base64, RFC 2045 §6.8")
struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the vectors of RFC 4648 §10 go both ways`(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == Array(encoded.utf8))
        #expect(Base64.decode(Array(encoded.utf8)) == Array(plain.utf8))
    }

    @Test(arguments: [0, 1, 56, 57, 58, 113, 114, 115, 1000])
    func `lines have 76 octets, the line end between them only`(count: Int) {
        let octets = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let encoded = Base64.encode(octets)
        let lines = encoded.split(separator: 10, omittingEmptySubsequences: false).map {
            $0.last == 13 ? $0.dropLast() : $0
        }
        #expect(lines.dropLast().allSatisfy { $0.count == 76 })
        #expect((lines.last?.count ?? 0) <= 76)
        #expect(encoded.last != 10)
        #expect(Base64.decode(encoded) == octets)
    }

    @Test func `chunks do not matter`() {
        let octets = (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let whole = Base64.encode(octets)
        for step in 1...9 {
            var encoder = Base64Encoder()
            var encoded: [UInt8] = []
            var rest = octets[...]
            while !rest.isEmpty {
                encoder.encode(rest.prefix(step), into: &encoded)
                rest = rest.dropFirst(step)
            }
            encoder.finish(into: &encoded)
            #expect(encoded == whole)
            var decoder = Base64Decoder()
            var decoded: [UInt8] = []
            for start in stride(from: 0, to: whole.count, by: step) {
                decoder.decode(whole[start..<min(start + step, whole.count)], into: &decoded)
            }
            decoder.finish(into: &decoded)
            #expect(decoded == octets)
            #expect(!decoder.hasDefect)
        }
    }

    private static func encode(_ octets: [UInt8], _ length: Int, _ lineEnd: [UInt8], isPortable: Bool) -> [UInt8] {
        var encoder = Base64Encoder(lineLength: length, lineEnd: lineEnd, isPortable: isPortable)
        return [UInt8](capacity: encoder.capacity(for: octets.count)) {
            encoder.encode(octets.span, into: &$0)
            encoder.finish(into: &$0)
        }
    }

    private static func decode(_ text: [UInt8], isPortable: Bool) -> (octets: [UInt8], hasDefect: Bool) {
        var decoder = Base64Decoder(isPortable: isPortable)
        let octets = [UInt8](capacity: Base64.decodedCapacity(of: text.count)) {
            decoder.decode(text.span, into: &$0)
            decoder.finish(into: &$0)
        }
        return (octets, decoder.hasDefect)
    }

    @Test(arguments: [false, true]) func `every length goes both ways, in blocks and without`(isPortable: Bool) {
        for count in 0...200 {
            let octets = (0..<count).map { UInt8(truncatingIfNeeded: ($0 + count) &* 89) }
            let (length, lineEnd) = (
                [0, 4, 23, 60, 64, 76, 77, 128][count % 8], [[13, 10], [10], []][count % 3] as [UInt8]
            )
            let encoded = Self.encode(octets, length, lineEnd, isPortable: isPortable)
            #expect(encoded == Reference.base64(octets, lineLength: length, lineEnd: lineEnd))
            #expect(Self.decode(encoded, isPortable: isPortable) == (octets, false))
        }
    }

    @Test func `any octet anywhere means the same in blocks and without`() {
        let text = Base64.encode((0..<90).map { UInt8(truncatingIfNeeded: $0 &* 89) }, lineLength: 44)
        for place in 0..<80 {
            for octet in UInt8.min...UInt8.max {
                var spoilt = text
                spoilt[place] = octet
                #expect(Self.decode(spoilt, isPortable: false) == Self.decode(spoilt, isPortable: true))
            }
        }
    }

    @Test(arguments: [
        ("Zm9v\r\nYmFy\r\n", "foobar", false), ("Zm 9v!", "foo", true), ("Zg==Zg==", "ff", true), ("Zg=", "f", true),
        ("Zg", "f", true), ("Z", "", true), ("====", "", true), ("Zm9v=", "foo", true), ("Zm8=\n", "fo", false),
        ("Zm8=\nZm8=", "fofo", true), ("é", "", true),
    ])
    func `anything decodes, and says if it was odd`(text: String, plain: String, hasDefect: Bool) {
        var decoder = Base64Decoder()
        var decoded: [UInt8] = []
        decoder.decode(Array(text.utf8)[...], into: &decoded)
        decoder.finish(into: &decoded)
        #expect(decoded == Array(plain.utf8))
        #expect(decoder.hasDefect == hasDefect)
    }
}
