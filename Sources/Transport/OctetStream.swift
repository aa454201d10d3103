/// Octets to and from a peer, without waiting: a socket, a channel of a program's own, what TLS makes of either.
public protocol OctetStream {
    /// What is there, at most `count` octets.
    func read(atMost count: Int) throws(TransportError) -> Sockets.ReadResult
    /// Writes what fits; how many octets that was, 0 if none now.
    func write(_ octets: ArraySlice<UInt8>) throws(TransportError) -> Int
}

/// A connected socket, which its user closes.
public struct SocketStream: OctetStream {
    /// The descriptor; it does not block.
    public let descriptor: Int32

    /// A stream over a descriptor.
    public init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// What is there, at most `count` octets.
    public func read(atMost count: Int) throws(TransportError) -> Sockets.ReadResult {
        try Sockets.read(descriptor, atMost: count)
    }

    /// Writes what fits; how many octets that was, 0 if none now.
    public func write(_ octets: ArraySlice<UInt8>) throws(TransportError) -> Int {
        try Sockets.write(descriptor, octets)
    }
}
