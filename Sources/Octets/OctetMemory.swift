/// A source whose octets are all in memory, to be lent without a copy.
public protocol OctetMemory: OctetSource {
    /// Lends all octets of the source to `body`.
    func withOctets<Value, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Value) throws(Failure) -> Value
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
