import Octets

/// A source that gives its octets in pieces of sizes that vary, and may not know its length.
final class ChunkedSource: OctetSource {
    private let octets: [UInt8]
    private let seed: UInt64
    private let longestPiece: Int
    let octetCount: Int?

    /// Pieces have 1 to `longestPiece` octets, by `seed`.
    init(_ octets: [UInt8], seed: UInt64, longestPiece: Int) {
        self.octets = octets
        self.seed = seed
        self.longestPiece = longestPiece
        octetCount = seed & 1 == 0 ? octets.count : nil
    }

    func makeReader() throws(SourceError) -> any OctetReader { Reader(octets, seed, longestPiece) }

    private final class Reader: OctetReader {
        private let octets: [UInt8]
        private var sizes: Sizes
        private var position = 0

        init(_ octets: [UInt8], _ seed: UInt64, _ longestPiece: Int) {
            self.octets = octets
            sizes = Sizes(seed: seed, longest: longestPiece)
        }

        func read(atMost count: Int) throws(SourceError) -> [UInt8] {
            let start = position
            position = min(position + min(max(count, 0), sizes.next()), octets.count)
            return Array(octets[start..<position])
        }

        func seek(to offset: Int) throws(SourceError) { position = min(max(offset, 0), octets.count) }
    }
}

/// An endless row of sizes from 1 to `longest`.
struct Sizes {
    private var state: UInt64
    private let longest: Int

    init(seed: UInt64, longest: Int) {
        state = seed
        self.longest = max(longest, 1)
    }

    mutating func next() -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return 1 + Int(state >> 33) % longest
    }
}

/// Cuts `octets` into pieces of 1 to `longest` octets, by `seed`.
func pieces(_ octets: [UInt8], seed: UInt64, longest: Int) -> [ArraySlice<UInt8>] {
    var sizes = Sizes(seed: seed, longest: longest)
    var rest = octets[...]
    var pieces: [ArraySlice<UInt8>] = []
    while !rest.isEmpty {
        let piece = rest.prefix(sizes.next())
        pieces.append(piece)
        rest = rest[piece.endIndex...]
    }
    return pieces
}
