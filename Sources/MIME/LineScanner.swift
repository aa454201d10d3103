import Octets

/// Finds the lines of a source chunk by chunk; only what a parser asks for is held.
struct LineScanner {
    /// A line of the source.
    struct Line {
        /// Where it begins, in octets from the start of the source.
        var start: Int
        /// Where it ends, its line end included.
        var end: Int
        /// The octets, line end included; cut if `isCut`.
        var octets: ArraySlice<UInt8>
        /// The length of the line end: LF, CRLF, or a CR before the end of the source.
        var lineEndLength: Int
        /// Whether `octets` lacks the end of the line.
        var isCut = false

        /// The octets without the line end.
        var content: ArraySlice<UInt8> { isCut ? octets : octets.dropLast(lineEndLength) }
        /// Where the line end begins.
        var contentEnd: Int { end - lineEndLength }
    }

    private let reader: any OctetReader
    private let chunkOctets: Int
    private var chunk: [UInt8] = []
    private var index = 0
    /// Where the next line begins, in octets from the start of the source.
    private(set) var offset = 0
    /// How many octets of a line that chunks cut apart are held.
    var longestLine = 1 << 16

    init(_ source: any OctetSource) throws(SourceError) {
        reader = try source.makeReader()
        chunkOctets = source is OctetBuffer ? Int.max : 1 << 18
    }

    /// Goes to the line that begins at `offset`.
    mutating func seek(to offset: Int) throws(SourceError) {
        let chunkStart = self.offset - index
        self.offset = offset
        if offset >= chunkStart && offset - chunkStart <= chunk.count {
            index = offset - chunkStart
        } else {
            try reader.seek(to: offset)
            chunk = []
            index = 0
        }
    }

    /// The next line, nil at the end.
    mutating func next() throws(SourceError) -> Line? {
        let start = offset
        var held: [UInt8] = []
        var isCut = false
        var last: UInt8 = 0
        while try fill() {
            let rest = chunk[index...]
            let end = rest.firstIndex(of: 10).map { $0 + 1 }
            let piece = rest[..<(end ?? chunk.count)]
            offset += piece.count
            index += piece.count
            guard end != nil else {
                hold(piece, in: &held, &isCut)
                last = piece.last ?? last
                continue
            }
            let isCRLF = (piece.dropLast().last ?? last) == 13
            if held.isEmpty { return Line(start: start, end: offset, octets: piece, lineEndLength: isCRLF ? 2 : 1) }
            hold(piece, in: &held, &isCut)
            return Line(start: start, end: offset, octets: held[...], lineEndLength: isCRLF ? 2 : 1, isCut: isCut)
        }
        if offset == start { return nil }
        return Line(start: start, end: offset, octets: held[...], lineEndLength: last == 13 ? 1 : 0, isCut: isCut)
    }

    private func hold(_ piece: ArraySlice<UInt8>, in held: inout [UInt8], _ isCut: inout Bool) {
        let room = longestLine - held.count
        if piece.count > room { isCut = true }
        held += piece.prefix(max(room, 0))
    }

    private mutating func fill() throws(SourceError) -> Bool {
        if index < chunk.count { return true }
        chunk = try reader.read(atMost: chunkOctets)
        index = 0
        return !chunk.isEmpty
    }
}
