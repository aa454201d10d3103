import Octets
import Testing

@Suite("Searches in octets")
struct OctetScanTests {
    /// Few different octets, so that everything searched for is met at every distance.
    private static func random(_ count: Int, _ seed: inout UInt32, rare: Bool) -> [UInt8] {
        let alphabet: [UInt8] = [10, 13, 0x2D, 0x41, 0x80, 0xFF]
        return (0..<count).map { _ in
            seed = seed &* 1_664_525 &+ 1_013_904_223
            let dice = Int(seed >> 16)
            return rare && dice % 50 != 0 ? 0x42 : alphabet[dice / 50 % alphabet.count]
        }
    }

    private static func first(_ octets: [UInt8], _ range: Range<Int>, _ isFound: (Int) -> Bool) -> Int? {
        range.clamped(to: 0..<octets.count).first(where: isFound)
    }

    @Test(arguments: [true, false])
    func `every search finds what a loop finds, in any range`(rare: Bool) {
        var seed: UInt32 = 7
        for count in 0..<200 {
            let octets = Self.random(count, &seed, rare: rare)
            for _ in 0..<8 {
                let bounds = [Int(seed >> 16) % 210 - 5, Int(seed >> 7) % 210 - 5].sorted()
                let range = bounds[0]..<bounds[1]
                let found = Finds(octets, range)
                #expect(found.lineFeed == Self.first(octets, range) { octets[$0] == 10 })
                #expect(
                    found.dashLine == Self.first(octets, range) { octets[$0...].starts(with: [10, 0x2D, 0x2D]) })
                let carriageReturn = octets.span.firstIndex(of: 13, from: bounds[0])
                #expect(carriageReturn == Self.first(octets, min(bounds[0], count)..<count) { octets[$0] == 13 })
                let lineEnd = octets.span.firstLineEnd(from: bounds[0])
                let ends: Set<UInt8> = [10, 13]
                #expect(lineEnd == Self.first(octets, min(bounds[0], count)..<count) { ends.contains(octets[$0]) })
                seed = seed &* 1_664_525 &+ 1_013_904_223
            }
            let isASCII = octets.span.isASCII
            #expect(isASCII == octets.allSatisfy { $0 < 128 })
        }
    }

    @Test(arguments: [Int.min..<Int.max, Int.min..<Int.min, Int.max..<Int.max, 0..<Int.max, Int.min..<1, -9 ..< -3])
    func `a range may lie anywhere`(range: Range<Int>) {
        let octets: [UInt8] = Array(repeating: 0x41, count: 80) + [10, 0x2D, 0x2D, 0x80]
        let found = Finds(octets, range)
        let reaches = range.upperBound > 83 && range.lowerBound < 80
        #expect(found.lineFeed == (reaches ? 80 : nil))
        #expect(found.dashLine == (reaches ? 80 : nil))
        #expect(Finds([], range).dashLine == nil)
        #expect(Finds([10, 0x2D], range).dashLine == nil)
    }

    @Test(arguments: [Int.min, -1, 0, 4, 5, Int.max])
    func `a start may lie anywhere`(start: Int) {
        let octets: [UInt8] = [1, 2, 3, 4, 10]
        let found = octets.span.firstIndex(of: 10, from: start)
        #expect(found == (start < 5 ? 4 : nil))
    }
}

/// What the searches find in a range.
private struct Finds {
    let lineFeed: Int?
    let dashLine: Int?

    init(_ octets: [UInt8], _ range: Range<Int>) {
        let span = octets.span
        lineFeed = span.firstIndex(of: 10, in: range)
        dashLine = span.firstDashLine(in: range)
    }
}
