import Glibc
import SMTP
import SMTPSink
import Testing

@testable import Transport

/// A listening socket that nobody accepts from, at a free port or a path.
struct Listener: ~Copyable {
    let fd: Int32
    let address: SocketAddress

    init(_ address: SocketAddress = .loopback(port: 0)) throws {
        fd = try Sockets.listen(address)
        self.address = Sockets.localAddress(fd) ?? address
    }

    deinit { Sockets.close(fd) }

    /// Makes it as a host that is not there: connections neither come about nor fail. They are left in `held`.
    func fill(_ held: inout [Int32]) throws {
        _ = Glibc.listen(fd, 0)
        while held.count < 100 {
            let (opened, isInProgress) = try Sockets.connect(address)
            held.append(opened)
            let limit = SystemClock.deadline(afterMilliseconds: 50)
            if isInProgress, try !Sockets.wait(opened, write: true, deadline: limit) { return }
        }
        throw TransportError(text: "the backlog has no end", errorCode: [])
    }
}

/// A port where nothing listens.
func deadPort() throws -> UInt16 { try Listener().address.port }

/// A socket of this process, which stays another one than those that get its descriptor later.
struct SocketIdentity: Hashable {
    let fd: Int32
    let inode: UInt

    init?(_ fd: Int32) {
        var facts = stat()
        guard unsafe fstat(fd, &facts) == 0 else { return nil }
        (self.fd, inode) = (fd, UInt(facts.st_ino))
    }

    var isOpen: Bool { SocketIdentity(fd) == self }
}

let hasIPv6: Bool = {
    guard let address = Resolver.numeric("::1", port: 0), let fd = try? Sockets.listen(address) else { return false }
    Sockets.close(fd)
    return true
}()

@Suite("Connecting", .serialized)
struct ConnectionRaceTests {
    func race(_ addresses: [SocketAddress], from local: [SocketAddress] = [], milliseconds: Int = 5000) throws
        -> (Int32, SocketAddress)
    {
        let target = try ResolvedTarget(addresses, from: local)
        let deadline = SystemClock.deadline(afterMilliseconds: milliseconds)
        var sockets: Set<SocketIdentity> = []
        let race = ConnectionRace(target, deadline: deadline) { fd in
            if let socket = SocketIdentity(fd) { sockets.insert(socket) }
            return true
        }
        do {
            let connection = try race.wait()
            #expect(sockets.filter { $0.isOpen }.map(\.fd) == [connection.0])
            return connection
        } catch {
            #expect(!sockets.contains { $0.isOpen })
            throw error
        }
    }

    @Test("takes the first address that answers, and closes the others")
    func silentFirst() throws {
        let silent = try Listener(), other = try Listener()
        var held: [Int32] = []
        defer { held.forEach(Sockets.close) }
        try silent.fill(&held)
        let start = SystemClock.monotonic()
        let (fd, address) = try race([silent.address, silent.address, other.address])
        #expect(address == other.address && SystemClock.monotonic() - start >= 500_000_000)
        Sockets.close(fd)
    }

    @Test("passes over an address that refuses, and tells the first error if all do")
    func refused() throws {
        let other = try Listener()
        let dead = SocketAddress.loopback(port: try deadPort())
        let (fd, address) = try race([dead, other.address])
        Sockets.close(fd)
        #expect(address == other.address)
        #expect(throws: TransportError(errno: ECONNREFUSED)) { _ = try race([dead, dead]) }
    }

    @Test("ends when the time is over")
    func timeout() throws {
        let silent = try Listener()
        var held: [Int32] = []
        defer { held.forEach(Sockets.close) }
        try silent.fill(&held)
        let start = SystemClock.monotonic()
        #expect(throws: TransportError(errno: ETIMEDOUT)) { _ = try race([silent.address], milliseconds: 120) }
        #expect((120_000_000...2_000_000_000).contains(SystemClock.monotonic() - start))
    }

    @Test("closes what is open when it is given up")
    func givenUp() throws {
        let silent = try Listener()
        var held: [Int32] = []
        defer { held.forEach(Sockets.close) }
        try silent.fill(&held)
        var sockets: [SocketIdentity] = []
        do {
            let target = try ResolvedTarget([silent.address, silent.address])
            let race = ConnectionRace(target, deadline: SystemClock.deadline(afterSeconds: 5))
            guard case .waiting = race.advance() else { throw TransportError(errno: EIO) }
            sockets = race.watches.compactMap { SocketIdentity($0.fd) }
            #expect(sockets.count == 1)
        }
        #expect(!sockets.contains { $0.isOpen })
    }

    @Test("cannot use descriptors that the driver cannot watch")
    func tooHigh() throws {
        let listener = try Listener()
        var socket: SocketIdentity?
        let target = try ResolvedTarget([listener.address])
        let race = ConnectionRace(target, deadline: SystemClock.deadline(afterSeconds: 5)) { fd in
            socket = SocketIdentity(fd)
            return false
        }
        #expect(throws: TransportError(errno: EMFILE)) { _ = try race.wait() }
        #expect(socket?.isOpen == false)
    }

    @Test("goes out from a local address")
    func local() throws {
        let listener = try Listener()
        let here = try #require(SocketAddress(octets: [127, 0, 0, 9], port: 0))
        let (fd, _) = try race([listener.address], from: [here])
        #expect(Sockets.localAddress(fd)?.host == "127.0.0.9" && Sockets.localAddress(fd)?.port != 0)
        Sockets.close(fd)
        let foreign = try #require(SocketAddress(octets: [192, 0, 2, 77], port: 0))
        let error = #expect(throws: TransportError.self) { _ = try race([listener.address], from: [foreign]) }
        #expect(error?.text == "local address 192.0.2.77: can't assign requested address")
        #expect(error?.errorCode.prefix(2) == ["POSIX", "EADDRNOTAVAIL"])
    }

    @Test("has no use for a local address of another family")
    func localFamily() throws {
        let six = try #require(Resolver.numeric("::1", port: 25)), four = SocketAddress.loopback(port: 25)
        #expect(try ResolvedTarget([six, four], from: [.loopback(port: 0)]).addresses == [four])
        let error = #expect(throws: TransportError.self) { _ = try ResolvedTarget([six], from: [four]) }
        #expect(error?.text == "local address 127.0.0.1: the server has no IPv4 address")
    }

    @Test("reaches a unix socket, also one that is busy for a while")
    func unix() throws {
        let path = octets("/tmp/tclmail-race-\(getpid())")
        defer { unsafe unlink(text(path)) }
        let listener = try Listener(SocketAddress(unixPath: path))
        _ = Glibc.listen(listener.fd, 0)
        let (first, address) = try race([listener.address])
        #expect(address.description == text(path) && Sockets.localAddress(first) == nil)
        #expect(throws: TransportError(errno: EAGAIN)) { _ = try race([listener.address], milliseconds: 60) }
        let target = try ResolvedTarget([listener.address])
        let waiting = ConnectionRace(target, deadline: SystemClock.deadline(afterSeconds: 5))
        guard case .waiting = waiting.advance() else { throw TransportError(errno: EIO) }
        #expect(waiting.watches.isEmpty)
        let accepted = try #require(try Sockets.accept(listener.fd))
        let (second, _) = try waiting.wait()
        [first, second, accepted].forEach(Sockets.close)
    }

    static let paths: [(String, String)] = [
        ("", "ENOENT"), ("/tmp\u{0}x", "EINVAL"), (String(repeating: "x", count: 108), "ENAMETOOLONG"),
    ]

    @Test("has a limit for the paths of unix sockets", arguments: paths)
    func badPath(row: (String, String)) throws {
        let error = #expect(throws: TransportError.self) { _ = try SocketAddress(unixPath: octets(row.0)) }
        #expect(error?.errorCode.prefix(2) == ["POSIX", row.1])
        let longest = try SocketAddress(unixPath: octets(String(repeating: "x", count: 107)))
        #expect(throws: TransportError(errno: ENOENT)) { _ = try race([longest]) }
        let other = try SocketAddress(unixPath: octets("@tclmail"))
        #expect(throws: TransportError(errno: ENOENT)) { _ = try race([other]) }
    }
}

@Suite("Targets")
struct ConnectionTargetTests {
    let options = Session.Options(clientName: octets("me.example"))

    func resolved(_ host: String, _ family: ConnectionTarget.Family = .any, from local: String? = nil)
        -> Result<ResolvedTarget, TransportError>
    {
        ConnectionTarget(.host(host, port: 25), family: family, localAddress: local).resolved()
    }

    @Test("in numbers ask nobody")
    func numeric() throws {
        for host in ["127.0.0.1", "::1", "[::1]", "fe80::1%lo"] {
            let target = ConnectionTarget(.host(host, port: 25), localAddress: host)
            #expect(try target.resolvedAtOnce()?.get().addresses.count == 1)
        }
        let path = ConnectionTarget(.unix(path: octets("/x")), family: .ipv6, localAddress: "nobody.invalid")
        #expect(try path.resolvedAtOnce()?.get().addresses.first?.family == .unix)
        #expect(ConnectionTarget(.unix(path: [])).resolvedAtOnce() == .failure(TransportError(errno: ENOENT)))
        #expect(ConnectionTarget(.host("localhost", port: 25)).resolvedAtOnce() == nil)
        let byName = ConnectionTarget(.host("127.0.0.1", port: 25), localAddress: "localhost")
        #expect(byName.resolvedAtOnce() == nil)
        #expect(try byName.resolved().get().local(for: .loopback(port: 25)) == .loopback(port: 0))
    }

    @Test("have addresses of the family that is asked for")
    func family() throws {
        #expect(try resolved("localhost", .ipv4).get().addresses == [.loopback(port: 25)])
        guard case .failure(let error) = resolved("::1", .ipv4), case .failure(let other) = resolved("127.0.0.1", .ipv6)
        else {
            Issue.record("found")
            return
        }
        #expect(error.text == "Address family for hostname not supported" && error == other)
    }

    @Test("name the local address that cannot be found")
    func unknownLocal() {
        guard case .failure(let error) = resolved("127.0.0.1", from: "") else {
            Issue.record("found")
            return
        }
        #expect(error.text == "local address : Name or service not known")
    }

    @Test("are reached over IPv6", .enabled(if: hasIPv6))
    func overIPv6() throws {
        let listener = try Listener(try #require(Resolver.numeric("::1", port: 0)))
        let target = ConnectionTarget(.host("[::1]", port: listener.address.port), family: .ipv6, localAddress: "::1")
        let deadline = SystemClock.deadline(afterSeconds: 5)
        let (fd, address) = try ConnectionRace(target.resolved().get(), deadline: deadline).wait()
        #expect(address == listener.address && Sockets.localAddress(fd)?.host == "::1")
        Sockets.close(fd)
    }

    @Test("are where a mail goes, from a local address")
    func mail() throws {
        let sink = try LoopbackSink()
        defer { sink.stop() }
        let target = ConnectionTarget(
            .host("localhost", port: sink.port), family: .ipv4, localAddress: "127.0.0.2")
        let connection = try SMTPConnection(target, options: options)
        var body: [[UInt8]] = [octets("x\n")]
        let envelope = Envelope(reversePath: octets("a@x.example"), forwardPaths: [octets("b@y.example")])
        #expect(connection.send(envelope) { body.popLast() }.isAccepted)
        connection.close()
    }

    @Test("that say nothing in time are an error", arguments: [0, 80])
    func silence(milliseconds: Int) throws {
        let silent = try Listener()
        var held: [Int32] = []
        defer { held.forEach(Sockets.close) }
        try silent.fill(&held)
        let target = ConnectionTarget(.host("127.0.0.1", port: silent.address.port))
        let error = #expect(throws: SMTPError.self) {
            _ = try SMTPConnection(target, connectMilliseconds: milliseconds, options: options)
        }
        #expect(error == SMTPError(.connection, .connect, text: "connection timed out"))
    }
}
