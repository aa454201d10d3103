import Glibc

/// Who a peer has to be: what its certificate is compared with.
enum PeerName: Equatable, Sendable {
    /// A host's name, without a final dot.
    case host(String)
    /// An address of IPv4 or IPv6, without a zone.
    case address(String)
    /// Nobody in particular.
    case none

    /// Reads a name or an address, in brackets or not.
    ///
    /// - Throws: `.settings` for what cannot be a name in TLS: more than 253 octets, any that are not visible ASCII, or an empty
    ///   label.
    init(_ text: String) throws(TLSError) {
        var name = Substring(text)
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        let unzoned = String(name.prefix { $0 != "%" })
        if Self.octets(ofAddress: unzoned) != nil {
            self = .address(unzoned)
            return
        }
        if name.hasSuffix(".") { name = name.dropLast() }
        // A name that begins with a dot would stand for all names that end so; one with `*` is a certificate's.
        guard name.utf8.count <= 253, name.utf8.allSatisfy({ 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "*") }),
            name.isEmpty || name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty })
        else {
            throw TLSError(.settings, "not a host's name: \(printable(text))")
        }
        self = name.isEmpty ? .none : .host(String(name))
    }

    /// The four or sixteen octets of an address, nil if it is none.
    static func octets(ofAddress text: String) -> [UInt8]? {
        guard !text.utf8.contains(0) else { return nil }
        var octets = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET6, text, &octets) == 1 { return octets }
        if unsafe inet_pton(AF_INET, text, &octets) == 1 { return Array(octets.prefix(4)) }
        return nil
    }

    /// An address in text, nil where there are neither four nor sixteen octets.
    static func text(ofAddress octets: [UInt8]) -> String? {
        guard octets.count == 4 || octets.count == 16 else { return nil }
        var text = [UInt8](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let isDone = unsafe text.withUnsafeMutableBytes { buffer in
            unsafe inet_ntop(
                octets.count == 4 ? AF_INET : AF_INET6, octets, buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                socklen_t(buffer.count)) != nil
        }
        return isDone ? String(decoding: text.prefix { $0 != 0 }, as: UTF8.self) : nil
    }
}

extension TLSClientContext {
    /// Looks at a server's name before there is a connection.
    ///
    /// - Throws: `.settings`: it can be none in TLS.
    public static func check(serverName: String) throws(TLSError) { _ = try PeerName(serverName) }
}
