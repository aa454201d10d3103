import TclBridge
import Transport

/// A server's name or address and its port, as a script gave them.
struct Endpoint: Equatable {
    /// A name or an address; an IPv6 address may be in brackets.
    let host: String
    /// A number or the name of a service.
    let portText: String

    /// An element of `-servers`: `host`, `host:port`, `[v6]`, `[v6]:port` or an IPv6 address; and the element of `-ports`
    /// at its place, which counts unless it is empty.
    init(_ server: String, port: String, standardPort: String = "25") {
        let (host, ownPort) = Self.split(server)
        self.host = host
        portText = port.isEmpty ? ownPort ?? standardPort : port
    }

    /// The port's number, or what Tcl's `socket` says of a text that is none.
    var port: Result<UInt16, TclError> {
        guard let number = Self.number(portText) else {
            if let port = Resolver.port(ofService: portText) { return .success(port) }
            return .failure(Wording.connectError("expected integer but got \"\(portText)\""))
        }
        if let port = UInt16(exactly: number), port > 0 { return .success(port) }
        return .failure(Wording.connectError("couldn't open socket: port number too \(number > 0 ? "high" : "low")"))
    }

    /// The host without the brackets of an IPv6 address.
    var bareHost: String { host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host }
    /// The port of implicit TLS (RFC 8314 §3.3).
    var isImplicitPort: Bool { (try? port.get()) == 465 }
    /// A port of mail submission (RFC 8314 §3.3, RFC 6409 §3.1).
    var isSubmission: Bool { isImplicitPort || (try? port.get()) == 587 }

    /// A number as Tcl writes it, in any of its bases.
    private static func number(_ text: String) -> Int? {
        let text = text.drop(while: \.isWhitespace)
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.lowercased().hasPrefix(prefix) {
            return Int(text.dropFirst(2), radix: radix)
        }
        return Int(text)
    }

    /// A host with one colon before something, or with brackets, may have a port; more colons are an IPv6 address.
    private static func split(_ server: String) -> (host: String, port: String?) {
        guard let colon = server.lastIndex(of: ":") else { return (server, nil) }
        let (host, port) = (server[..<colon], server[colon...].dropFirst())
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard !host.isEmpty, !port.isEmpty, isBracketed || !host.contains(":") else { return (server, nil) }
        return (String(host), String(port))
    }
}
