import Testing

@testable import SMTP

@Suite("Transparency and line ends (RFC 5321, 2.3.8 and 4.5.2)")
struct TransparencyEncoderTests {
    /// The plainest way to do it, with the whole body at hand.
    static func reference(_ body: [UInt8]) -> [UInt8] {
        var lines: [[UInt8]] = [[]]
        var index = 0
        while index < body.count {
            let octet = body[index]
            if octet == 0x0d || octet == 0x0a {
                if octet == 0x0d, index + 1 < body.count, body[index + 1] == 0x0a { index += 1 }
                lines.append([])
            } else {
                lines[lines.count - 1].append(octet)
            }
            index += 1
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.flatMap { ($0.first == 0x2e ? [0x2e] : []) + $0 + [0x0d, 0x0a] } + octets(".\r\n")
    }

    static let rows = [
        ("", ".\r\n"), ("a", "a\r\n.\r\n"), (".", "..\r\n.\r\n"), ("..\n", "...\r\n.\r\n"), ("\r", "\r\n.\r\n"),
        ("\n.\n", "\r\n..\r\n.\r\n"), ("\r\r\n\n", "\r\n\r\n\r\n.\r\n"), ("a\n.b", "a\r\n..b\r\n.\r\n"),
        ("a\r.b\n\r.", "a\r\n..b\r\n\r\n..\r\n.\r\n"), ("a.\r\n", "a.\r\n.\r\n"), ("\r\n.\r\n", "\r\n..\r\n.\r\n"),
    ]

    @Test("are right for every row, whole and octet by octet", arguments: rows)
    func row(row: (String, String)) {
        #expect(text(Self.reference(octets(row.0))) == row.1)
        for size in [1, 2, 3, 100] { #expect(text(Self.encode(octets(row.0)) { size }) == row.1) }
    }

    @Test("are right for random bodies in random pieces", arguments: 0..<40)
    func random(seed: Int) {
        var dice = Dice(state: UInt64(seed))
        for _ in 0..<50 {
            let count = Int.random(in: 0..<60, using: &dice)
            let body: [UInt8] = (0..<count).map { _ in
                [0x0d, 0x0a, 0x2e, 0x61, 0, 0xff].randomElement(using: &dice) ?? 0
            }
            let output = Self.encode(body) { Int.random(in: 1..<9, using: &dice) }
            #expect(output == Self.reference(body), "\(body)")
        }
    }

    static func encode(_ body: [UInt8], _ size: () -> Int) -> [UInt8] {
        var encoder = TransparencyEncoder()
        var output: [UInt8] = []
        var rest = body[...]
        while !rest.isEmpty {
            let count = min(size(), rest.count)
            encoder.append(rest.prefix(count), to: &output)
            rest = rest.dropFirst(count)
        }
        encoder.finish(to: &output)
        return output
    }
}
