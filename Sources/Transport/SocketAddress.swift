import Glibc

/// Where a stream socket can be reached: an IPv4 or IPv6 address with a TCP port, or a socket in the file system.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// The kinds of addresses.
    public enum Family: Hashable, Sendable {
        /// IPv4 (`AF_INET`).
        case ipv4
        /// IPv6 (`AF_INET6`).
        case ipv6
        /// A path in the file system (`AF_UNIX`).
        case unix
    }

    /// Octets that the path of a unix socket may have; one more ends it.
    public static let longestUnixPath = 107

    /// The kind of address.
    public let family: Family
    /// 4 octets for IPv4, 16 for IPv6, in network order; the path of a unix socket.
    public let octets: [UInt8]
    /// The port; 0 for a unix socket.
    public let port: UInt16
    /// The zone of an IPv6 address, such as a link-local one; 0 where there is none.
    public let scope: UInt32

    /// An address; nil unless there are 4 or 16 octets.
    public init?(octets: [UInt8], port: UInt16, scope: UInt32 = 0) {
        guard octets.count == 4 || octets.count == 16 else { return nil }
        self.init(octets.count == 4 ? .ipv4 : .ipv6, octets, port, scope)
    }

    /// A unix socket; its path has 1 to 107 octets and no NUL. A path that begins with `@` is a file's, too.
    public init(unixPath path: [UInt8]) throws(TransportError) {
        guard !path.isEmpty else { throw TransportError(errno: ENOENT) }
        guard !path.contains(0) else { throw TransportError(errno: EINVAL) }
        guard path.count <= Self.longestUnixPath else {
            let text = "the path of the socket has \(path.count) octets; \(Self.longestUnixPath) are the limit"
            throw TransportError(text: text, errorCode: TransportError(errno: ENAMETOOLONG).errorCode)
        }
        self.init(.unix, path, 0, 0)
    }

    /// 127.0.0.1 and a port.
    public static func loopback(port: UInt16) -> SocketAddress { SocketAddress(.ipv4, [127, 0, 0, 1], port, 0) }

    private init(_ family: Family, _ octets: [UInt8], _ port: UInt16, _ scope: UInt32) {
        (self.family, self.octets, self.port, self.scope) = (family, octets, port, scope)
    }

    /// The address of a C socket address; nil if it is neither IPv4 nor IPv6.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(unsafe address.pointee.sa_family) {
        case AF_INET:
            let v4 = unsafe UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self)
            self.init(.ipv4, octetsInMemory(of: v4.sin_addr), UInt16(bigEndian: v4.sin_port), 0)
        case AF_INET6:
            let v6 = unsafe UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self)
            let port = UInt16(bigEndian: v6.sin6_port)
            self.init(.ipv6, octetsInMemory(of: v6.sin6_addr), port, v6.sin6_scope_id)
        default: return nil
        }
    }

    /// An IPv6 address.
    public var isIPv6: Bool { family == .ipv6 }
    /// Nobody but this machine can be there.
    public var isThisMachine: Bool { isLoopback || family == .unix }
    /// An address of this machine's loopback interface (127/8, ::1, ::ffff:127/104).
    public var isLoopback: Bool {
        switch family {
        case .unix: return false
        case .ipv4: return octets[0] == 127
        case .ipv6:
            let head = octets.prefix(10).allSatisfy { $0 == 0 }
            return head && (octets[10...] == [0, 0, 0, 0, 0, 1] || octets[10..<13] == [0xff, 0xff, 127])
        }
    }

    /// The address alone, in numbers: `127.0.0.1`, `::1`, `fe80::1%2`; the path of a unix socket.
    public var host: String {
        if family == .unix { return String(decoding: octets, as: UTF8.self) }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let done = unsafe inet_ntop(isIPv6 ? AF_INET6 : AF_INET, octets, &text, socklen_t(text.count))
        guard unsafe done != nil else { return "" }
        let name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return scope == 0 ? name : "\(name)%\(scope)"
    }

    /// `127.0.0.1:25`, `[::1]:25`, `/run/lmtp`
    public var description: String {
        switch family {
        case .ipv4: "\(host):\(port)"
        case .ipv6: "[\(host)]:\(port)"
        case .unix: host
        }
    }

    /// The number that the operating system has for the family.
    var familyNumber: Int32 {
        switch family {
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// Calls `body` with the C socket address and its size, which are valid during the call only.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        switch family {
        case .ipv4: unsafe withPointer(to: ipv4, body)
        case .ipv6: unsafe withPointer(to: ipv6, body)
        case .unix: unsafe withPointer(to: unix, body)
        }
    }

    private var unix: sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: octets) }
        return address
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
