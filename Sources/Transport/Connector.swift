/// Which of a host's addresses to try next, and what to say when all have failed. No input or output of its own.
///
/// One after the other for now; two families at once (RFC 8305) find their place here.
public struct Connector: Sendable {
    private var remaining: ArraySlice<SocketAddress>
    /// The error of the first address that failed.
    public private(set) var firstError: TransportError?
    /// The address being tried.
    public private(set) var current: SocketAddress?

    /// A connector for these addresses, in this order.
    public init(_ addresses: [SocketAddress]) {
        remaining = addresses[...]
    }

    /// The address to try now; nil when there is none left.
    public mutating func next() -> SocketAddress? {
        current = remaining.popFirst()
        return current
    }

    /// The address being tried could not be reached.
    public mutating func failed(_ error: TransportError) {
        if firstError == nil { firstError = error }
        current = nil
    }
}
