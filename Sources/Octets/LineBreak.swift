/// What an encoder writes between lines: at most 8 octets, in a word, so that they are written at once.
struct LineBreak: Sendable {
    /// The octets, the first lowest.
    let word: UInt64
    let count: Int

    init(_ octets: [UInt8]) {
        precondition(octets.count <= 8, "a line end has at most 8 octets")
        count = octets.count
        word = octets.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Appends the octets; there must be room for 8.
    @inline(__always) func append(to output: inout OutputSpan<UInt8>) { output.append(count, of: word) }

    /// The same at a cursor.
    @inline(__always) func put(at cursor: inout OctetCursor) { cursor.put(count, of: word) }
}
