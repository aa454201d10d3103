import Octets

/// A name for EHLO that every server accepts (RFC 5321 section 4.1.1.1).
///
/// The host's name if it is a domain: labels of letters, digits and hyphens, with a letter somewhere. Else the address
/// literal of this end of the connection, or `localhost` where that is none.
public func ehloName(for hostName: String, localAddress: SocketAddress?) -> String {
    if isDomain(Array(hostName.utf8)) { return hostName }
    guard let localAddress, localAddress.family != .unix else { return "localhost" }
    // A zone means nothing to the server.
    let host = localAddress.host.prefix { $0 != "%" }
    return localAddress.isIPv6 ? "[IPv6:\(host)]" : "[\(host)]"
}

/// ```abnf
/// Domain     = sub-domain *("." sub-domain)
/// sub-domain = Let-dig [Ldh-str]
/// ```
private func isDomain(_ name: [UInt8]) -> Bool {
    let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return name.count <= 255 && name.contains(where: \.isAlpha)
        && labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { $0.isAlpha || $0.isDigit || $0 == UInt8(ascii: "-") }
        }
}
