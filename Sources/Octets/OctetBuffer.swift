/// A source whose octets are in memory.
public final class OctetBuffer: OctetSource, Sendable {
    /// The octets.
    public let octets: [UInt8]

    /// A source of `octets`.
    public init(_ octets: [UInt8]) { self.octets = octets }

    /// The number of octets; always known.
    public var octetCount: Int? { octets.count }

    /// A new reader that stands at offset 0.
    public func makeReader() throws(SourceError) -> any OctetReader { BufferReader(octets) }
}

/// Reads an array.
private final class BufferReader: OctetReader {
    private let octets: [UInt8]
    private var position = 0

    init(_ octets: [UInt8]) { self.octets = octets }

    func read(atMost count: Int) throws(SourceError) -> [UInt8] {
        if position == 0, count >= octets.count {
            position = octets.count
            return octets
        }
        let start = position
        position += min(max(count, 0), octets.count - position)
        return Array(octets[start..<position])
    }

    func seek(to offset: Int) throws(SourceError) {
        position = min(max(offset, 0), octets.count)
    }
}
