import Glibc

/// From host names to addresses.
public enum Resolver {
    /// The address that a host's text already is (`127.0.0.1`, `::1`, `[::1]`, `fe80::1%lo`); nil for names, and for an
    /// address of another family. Asks nobody.
    public static func numeric(
        _ host: String, port: UInt16, family: ConnectionTarget.Family = .any
    ) -> SocketAddress? {
        (try? addresses(of: bare(host), port: port, family, flags: AI_NUMERICHOST).get())?.first
    }

    /// All addresses of a host, in the order of preference; a name that is not ASCII is looked up as
    /// `InternationalDomain.toASCII` has it. Blocks while name servers are asked.
    public static func resolve(
        _ host: String, port: UInt16, family: ConnectionTarget.Family = .any
    ) -> Result<[SocketAddress], TransportError> {
        InternationalDomain.toASCII(Array(bare(host).utf8)).flatMap { name in
            addresses(of: String(decoding: name, as: UTF8.self), port: port, family, flags: 0)
        }
    }

    private static func bare(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    /// The port of a TCP service by its name (`smtp`); nil for unknown names.
    public static func port(ofService name: String) -> UInt16? {
        guard !name.isEmpty, !name.utf8.contains(0) else { return nil }
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_INET
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(nil, name, &hints, &list) == 0 else { return nil }
        defer { unsafe freeaddrinfo(list) }
        return unsafe addresses(in: list).first?.port
    }

    private static func addresses(
        of host: String, port: UInt16, _ family: ConnectionTarget.Family, flags: Int32
    ) -> Result<[SocketAddress], TransportError> {
        // A NUL would end the name early for getaddrinfo.
        guard !host.isEmpty, !host.utf8.contains(0) else { return .failure(error(EAI_NONAME)) }
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = flags | AI_NUMERICSERV
        unsafe hints.ai_family = number(of: family)
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else { return .failure(error(code)) }
        defer { unsafe freeaddrinfo(list) }
        let found = unsafe addresses(in: list)
        return found.isEmpty ? .failure(error(EAI_NONAME)) : .success(found)
    }

    private static func number(of family: ConnectionTarget.Family) -> Int32 {
        switch family {
        case .any: AF_UNSPEC
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        }
    }

    private static func addresses(in list: UnsafeMutablePointer<addrinfo>?) -> [SocketAddress] {
        var found: [SocketAddress] = []
        var entry = unsafe list
        while let info = unsafe entry {
            if let raw = unsafe info.pointee.ai_addr, let address = unsafe SocketAddress(raw), !found.contains(address)
            {
                found.append(address)
            }
            unsafe entry = info.pointee.ai_next
        }
        return found
    }

    private static func error(_ code: Int32) -> TransportError {
        if code == EAI_SYSTEM { return TransportError(errno: errno) }
        let text = unsafe String(cString: gai_strerror(code))
        return TransportError(text: text, errorCode: ["GAI", String(code), text])
    }
}
