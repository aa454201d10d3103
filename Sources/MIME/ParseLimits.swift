/// How much a parser takes from one message; what is beyond is a defect or an error, never an endless parse.
public struct ParseLimits: Equatable, Sendable {
    /// Entities inside each other; one that is deeper is a leaf, and a defect.
    public var depth = 100
    /// Entities in all; the last one holds the rest, and has a defect.
    public var parts = 10_000
    /// Octets of one header field; more are an error.
    public var fieldOctets = 10_000_000
    /// Octets of one header section; more are an error.
    public var headerOctets = 50_000_000
    /// Parameters of one Content-Type; more are an error.
    public var parameters = 1000
    /// Messages in a transfer encoding inside each other: each is decoded in memory.
    public var encodedDepth = 3
    /// Octets of a message in a transfer encoding; a longer one is taken as a leaf.
    public var encodedOctets = 64_000_000

    /// The limits that suit mail.
    public init() {}
}
