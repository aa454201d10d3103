/// Cuts a client's octets into command lines.
struct CommandLines: Sendable {
    /// The longest line, without its end, that is read at all.
    static let limit = 65536

    enum Next {
        case none, tooLong
        case line([UInt8], hasCR: Bool)
    }

    private var buffer: [UInt8] = []
    private var start = 0
    private var scanned = 0

    mutating func append(_ octets: ArraySlice<UInt8>) {
        if start > 0 {
            buffer.removeSubrange(..<start)
            scanned -= start
            start = 0
        }
        buffer.append(contentsOf: octets)
    }

    /// The octets that have not been taken.
    var rest: ArraySlice<UInt8> { buffer[start...] }

    /// Takes octets that are no command line.
    mutating func skip(_ count: Int) {
        start += count
        scanned = start
    }

    /// The next line without its end; an LF alone ends it too.
    mutating func next() -> Next {
        while scanned < buffer.count, buffer[scanned] != 0x0a { scanned += 1 }
        guard scanned - start <= Self.limit else { return .tooLong }
        guard scanned < buffer.count else { return .none }
        let hasCR = scanned > start && buffer[scanned - 1] == 0x0d
        let line = Array(buffer[start..<(hasCR ? scanned - 1 : scanned)])
        skip(scanned + 1 - start)
        return .line(line, hasCR: hasCR)
    }
}
