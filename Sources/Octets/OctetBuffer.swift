/// A source whose octets are in memory.
public final class OctetBuffer: OctetSource, Sendable {
    /// The octets.
    public let octets: [UInt8]

    /// A source of `octets`.
    public init(_ octets: [UInt8]) { self.octets = octets }

    /// The number of octets; always known.
    public var octetCount: Int? { octets.count }
}
