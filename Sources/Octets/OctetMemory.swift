/// A source whose octets are all in memory, to be lent without a copy.
public protocol OctetMemory: OctetSource {
    /// Lends all octets of the source to `body`.
    func withOctets<Value, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Value) throws(Failure) -> Value
}

extension OctetMemory {
    /// The source itself.
    public var memory: (any OctetMemory)? { self }

    /// A new reader that stands at offset 0.
    public func makeReader() throws(SourceError) -> any OctetReader { MemoryReader(self) }
}

extension OctetBuffer: OctetMemory {
    /// Lends all octets of the source to `body`.
    public func withOctets<Value, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Value) throws(Failure)
        -> Value
    {
        let octets = octets
        return try body(octets.span)
    }
}

extension [UInt8] {
    /// The octets of a span, copied.
    public init(copying span: Span<UInt8>) {
        self = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }
}

/// Reads octets that are in memory.
final class MemoryReader: OctetReader {
    private let memory: any OctetMemory
    private var position = 0

    init(_ memory: any OctetMemory) { self.memory = memory }

    func read(atMost count: Int) throws(SourceError) -> [UInt8] {
        let octets = memory.withOctets { all in
            let start = min(position, all.count)
            return [UInt8](copying: all.extracting(start..<start + min(max(count, 0), all.count - start)))
        }
        position += octets.count
        return octets
    }

    func seek(to offset: Int) throws(SourceError) { position = max(offset, 0) }
}
