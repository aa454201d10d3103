import Glibc

/// What to connect to, and from where, as a user says it.
public struct ConnectionTarget: Hashable, Sendable {
    /// The other end.
    public enum Place: Hashable, Sendable {
        /// A name, an IPv4 or an IPv6 address (also in brackets, also with a zone: `fe80::1%lo`), and a TCP port.
        case host(String, port: UInt16)
        /// A unix socket's path.
        case unix(path: [UInt8])
    }

    /// Which of a host's addresses may be used.
    public enum Family: String, Hashable, Sendable, CaseIterable {
        /// IPv4 and IPv6.
        case any
        /// IPv4 only.
        case ipv4 = "4"
        /// IPv6 only.
        case ipv6 = "6"
    }

    /// The other end.
    public var place: Place
    /// Which of the host's addresses may be used; nothing to a unix socket.
    public var family: Family
    /// An address of this machine, or a name for one, to connect from; nil: the system chooses. Nothing to a unix socket.
    public var localAddress: String?

    /// A target.
    public init(_ place: Place, family: Family = .any, localAddress: String? = nil) {
        self.place = place
        self.family = family
        self.localAddress = localAddress
    }
}

/// The addresses that a target's names stand for.
public struct ResolvedTarget: Equatable, Sendable {
    /// The addresses of the other end, in the order of preference.
    public let addresses: [SocketAddress]
    /// Addresses to connect from; empty: the system chooses.
    let locals: [SocketAddress]

    /// Addresses; those are left out whose family no local address has. None left: an error.
    init(_ addresses: [SocketAddress], from locals: [SocketAddress] = []) throws(TransportError) {
        self.locals = locals
        guard let local = locals.first else {
            self.addresses = addresses
            return
        }
        self.addresses = addresses.filter { address in locals.contains { $0.family == address.family } }
        if !self.addresses.isEmpty { return }
        let other = local.isIPv6 ? "IPv6" : "IPv4"
        let text = "local address \(local.host): the server has no \(other) address"
        throw TransportError(text: text, errorCode: TransportError(errno: EAFNOSUPPORT).errorCode)
    }

    /// The address to connect from.
    func local(for address: SocketAddress) -> SocketAddress? { locals.first { $0.family == address.family } }
}

extension ConnectionTarget {
    /// The addresses, if that can be said without asking anyone: nil where there is a name.
    public func resolvedAtOnce() -> Result<ResolvedTarget, TransportError>? {
        var isAsking = false
        let result = resolved { host, port, family in
            if let address = Resolver.numeric(host, port: port, family: family) { return .success([address]) }
            isAsking = true
            return .success([])
        }
        return isAsking ? nil : result
    }

    /// The addresses. Blocks while name servers are asked.
    public func resolved() -> Result<ResolvedTarget, TransportError> {
        resolved { Resolver.resolve($0, port: $1, family: $2) }
    }

    private func resolved(
        by find: (String, UInt16, Family) -> Result<[SocketAddress], TransportError>
    ) -> Result<ResolvedTarget, TransportError> {
        do throws(TransportError) {
            switch place {
            case .unix(let path): return .success(try ResolvedTarget([SocketAddress(unixPath: path)]))
            case .host(let host, let port):
                let addresses = try find(host, port, family).get()
                let locals = try localAddress.map { name throws(TransportError) in try localAddresses(name, find) }
                return .success(try ResolvedTarget(addresses, from: locals ?? []))
            }
        } catch {
            return .failure(error)
        }
    }

    private func localAddresses(
        _ name: String, _ find: (String, UInt16, Family) -> Result<[SocketAddress], TransportError>
    ) throws(TransportError) -> [SocketAddress] {
        do throws(TransportError) {
            return try find(name, 0, .any).get()
        } catch {
            throw TransportError(text: "local address \(name): \(error.text)", errorCode: error.errorCode)
        }
    }
}
