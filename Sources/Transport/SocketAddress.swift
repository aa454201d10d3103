import Glibc

/// An IPv4 or IPv6 address and a TCP port.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 octets for IPv4, 16 for IPv6, in network order.
    public let octets: [UInt8]
    /// The port.
    public let port: UInt16
    /// The zone of an IPv6 address, such as a link-local one; 0 where there is none.
    public let scope: UInt32

    /// An address; nil unless there are 4 or 16 octets.
    public init?(octets: [UInt8], port: UInt16, scope: UInt32 = 0) {
        guard octets.count == 4 || octets.count == 16 else { return nil }
        self.octets = octets
        self.port = port
        self.scope = scope
    }

    /// 127.0.0.1 and a port.
    public static func loopback(port: UInt16) -> SocketAddress {
        SocketAddress(loopbackPort: port)
    }

    private init(loopbackPort: UInt16) {
        (octets, port, scope) = ([127, 0, 0, 1], loopbackPort, 0)
    }

    /// The address of a C socket address; nil if it is neither IPv4 nor IPv6.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(unsafe address.pointee.sa_family) {
        case AF_INET:
            let v4 = unsafe UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self)
            octets = octetsInMemory(of: v4.sin_addr)
            (port, scope) = (UInt16(bigEndian: v4.sin_port), 0)
        case AF_INET6:
            let v6 = unsafe UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self)
            octets = octetsInMemory(of: v6.sin6_addr)
            (port, scope) = (UInt16(bigEndian: v6.sin6_port), v6.sin6_scope_id)
        default: return nil
        }
    }

    /// An IPv6 address.
    public var isIPv6: Bool { octets.count == 16 }
    /// An address of this machine's loopback interface (127/8, ::1, ::ffff:127/104).
    public var isLoopback: Bool {
        if !isIPv6 { return octets[0] == 127 }
        let head = octets.prefix(10).allSatisfy { $0 == 0 }
        return head && (octets[10...] == [0, 0, 0, 0, 0, 1] || octets[10..<13] == [0xff, 0xff, 127])
    }

    /// The address alone, in numbers: `127.0.0.1`, `::1`, `fe80::1%2`.
    public var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let done = unsafe inet_ntop(isIPv6 ? AF_INET6 : AF_INET, octets, &text, socklen_t(text.count))
        guard unsafe done != nil else { return "" }
        let name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return scope == 0 ? name : "\(name)%\(scope)"
    }

    /// `127.0.0.1:25`, `[::1]:25`
    public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Calls `body` with the C socket address and its size, which are valid during the call only.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        isIPv6 ? unsafe withPointer(to: ipv6, body) : unsafe withPointer(to: ipv4, body)
    }

    private var ipv4: sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        unsafe withUnsafeMutableBytes(of: &address.sin_addr) { unsafe $0.copyBytes(from: octets) }
        return address
    }

    private var ipv6: sockaddr_in6 {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_scope_id = scope
        unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { unsafe $0.copyBytes(from: octets) }
        return address
    }
}

// SAFETY: the copy lives on this function's stack for the length of the call.
private func withPointer<Address, Result>(
    to address: Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    unsafe withUnsafePointer(to: address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe body($0, socklen_t(MemoryLayout<Address>.size))
        }
    }
}

private func octetsInMemory<Value>(of value: Value) -> [UInt8] {
    unsafe withUnsafeBytes(of: value) { unsafe Array($0) }
}
