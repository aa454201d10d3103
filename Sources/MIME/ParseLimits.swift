/// How much a parser takes from one message; what is beyond becomes a defect, never an endless parse.
public struct ParseLimits: Equatable, Sendable {
    /// Entities inside each other.
    public var depth = 100
    /// Entities in all.
    public var parts = 10_000
    /// Octets of one header field.
    public var fieldOctets = 10_000_000
    /// Octets of one header section.
    public var headerOctets = 50_000_000
    /// Parameters of one Content-Type.
    public var parameters = 1000
    /// Messages in a transfer encoding inside each other: each is decoded in memory.
    public var encodedDepth = 3

    /// The limits that suit mail.
    public init() {}
}
