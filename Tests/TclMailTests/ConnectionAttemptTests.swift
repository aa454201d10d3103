import Glibc
import TclBridge
import Testing

@testable import TclMail
@testable import Transport

/// A listener that neither takes nor refuses connections: its backlog is full.
private struct SilentListener: ~Copyable {
    let address: SocketAddress
    private let fd: Int32
    private let held: [Int32]

    init() throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        let address = try #require(Sockets.localAddress(listener))
        _ = Glibc.listen(listener, 0)
        var sockets: [Int32] = []
        var isFull = false
        while !isFull, sockets.count < 100 {
            let (opened, isInProgress) = try Sockets.connect(address)
            sockets.append(opened)
            let limit = SystemClock.deadline(afterMilliseconds: 50)
            isFull = try isInProgress && !Sockets.wait(opened, write: true, deadline: limit)
        }
        (self.address, fd, held) = (address, listener, sockets)
    }

    deinit { ([fd] + held).forEach(Sockets.close) }
}

@Suite("Connecting in Tcl's event loop", .serialized)
struct ConnectionAttemptTests {
    /// What came of an attempt.
    private final class Box {
        var outcomes: [ConnectionAttempt.Outcome] = []
        var error: TransportError? {
            guard outcomes.count == 1, case .failure(let error) = outcomes[0] else { return nil }
            return error
        }
        var address: SocketAddress? {
            guard outcomes.count == 1, case .success(let connection) = outcomes[0] else { return nil }
            return connection.address
        }
        deinit {
            for outcome in outcomes {
                if case .success(let connection) = outcome { Sockets.close(connection.descriptor) }
            }
        }
    }

    private func attempt(_ target: ConnectionTarget, milliseconds: Int = 5000) -> (ConnectionAttempt, Box) {
        let box = Box()
        return (ConnectionAttempt(target, milliseconds: milliseconds) { box.outcomes.append($0) }, box)
    }

    private func attempt(_ addresses: [SocketAddress], milliseconds: Int = 5000) throws -> (ConnectionAttempt, Box) {
        let (attempt, box) = attempt(ConnectionTarget(.host("", port: 1)), milliseconds: milliseconds)
        attempt.resolved(.success(try ResolvedTarget(addresses)))
        return (attempt, box)
    }

    /// Runs events for a while, or until there is an outcome.
    private func run(_ box: Box, milliseconds: Int = 5000) {
        var isOver = false
        let timer = TclTimer(milliseconds: milliseconds) { isOver = true }
        while box.outcomes.isEmpty, !isOver { EventLoop.runOnce() }
        timer.cancel()
    }

    @Test("is done before any event for a near server in numbers")
    func near() throws {
        let host = try TestInterp()
        defer { host.delete() }
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        let address = try #require(Sockets.localAddress(listener))
        let (attempt, box) = attempt(ConnectionTarget(.host("127.0.0.1", port: address.port)))
        attempt.start()
        #expect(box.address == address && attempt.watches.isEmpty)
    }

    @Test("looks up names while events run")
    func name() throws {
        let host = try TestInterp()
        defer { host.delete() }
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        let address = try #require(Sockets.localAddress(listener))
        let (attempt, box) = attempt(ConnectionTarget(.host("localhost", port: address.port), family: .ipv4))
        attempt.start()
        #expect(box.outcomes.isEmpty)
        run(box)
        #expect(box.address == address)
        let (other, unknown) = self.attempt(ConnectionTarget(.host("", port: address.port)))
        other.start()
        run(unknown)
        #expect(unknown.error?.errorCode.first == "GAI")
    }

    @Test("tries the next address when one says nothing, and ends when the time is over")
    func silent() throws {
        let host = try TestInterp()
        defer { host.delete() }
        let silent = try SilentListener()
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        let address = try #require(Sockets.localAddress(listener))
        let start = SystemClock.monotonic()
        let (attempt, box) = try attempt([silent.address, silent.address, address])
        #expect(attempt.watches.count == 1)
        run(box)
        #expect(box.address == address && SystemClock.monotonic() - start >= 500_000_000 && attempt.watches.isEmpty)
        let (late, timedOut) = try self.attempt([silent.address], milliseconds: 60)
        run(timedOut)
        #expect(timedOut.error == TransportError(errno: ETIMEDOUT) && late.watches.isEmpty)
    }

    @Test("is made many times at once, by name")
    func many() throws {
        let host = try TestInterp()
        defer { host.delete() }
        let listener = try Sockets.listen(.loopback(port: 0))
        defer { Sockets.close(listener) }
        _ = Glibc.listen(listener, 400)
        let address = try #require(Sockets.localAddress(listener))
        let target = ConnectionTarget(.host("localhost", port: address.port), family: .ipv4)
        let all = (0..<300).map { _ in attempt(target) }
        for (attempt, _) in all { attempt.start() }
        for (index, (attempt, _)) in all.enumerated() where index.isMultiple(of: 3) { attempt.cancel() }
        for (index, (_, box)) in all.enumerated() where !index.isMultiple(of: 3) {
            run(box)
            #expect(box.address == address)
        }
        #expect(all.count { $0.1.outcomes.isEmpty } == 100)
    }

    @Test("tells the first error, and ends at once when nothing listens")
    func refused() throws {
        let host = try TestInterp()
        defer { host.delete() }
        let listener = try Sockets.listen(.loopback(port: 0))
        let dead = try #require(Sockets.localAddress(listener))
        Sockets.close(listener)
        let (attempt, box) = try attempt([dead, dead])
        run(box)
        #expect(box.error == TransportError(errno: ECONNREFUSED))
        withExtendedLifetime(attempt) {}
    }

    @Test("says nothing after it was given up, at whatever moment")
    func cancelled() throws {
        let host = try TestInterp()
        defer { host.delete() }
        let silent = try SilentListener()
        for _ in 0..<20 {
            let (connecting, first) = try attempt([silent.address, silent.address], milliseconds: 40)
            let (resolving, second) = attempt(ConnectionTarget(.host("localhost", port: 1)), milliseconds: 40)
            resolving.start()
            for _ in 0..<10 where !EventLoop.runOnce(mayWait: false) { break }
            connecting.cancel()
            resolving.cancel()
            #expect(connecting.watches.isEmpty)
            run(first, milliseconds: 5)
            let answered = second.outcomes.count
            run(second, milliseconds: 5)
            #expect(first.outcomes.isEmpty && second.outcomes.count == answered)
        }
        do {
            let (dropped, box) = try attempt([silent.address])
            _ = dropped
            withExtendedLifetime(box) {}
        }
        EventLoop.runOnce(mayWait: false)
    }

    @Test("tries a busy unix socket again")
    func busy() throws {
        let host = try TestInterp()
        defer { host.delete() }
        let path = "/tmp/tclmail-attempt-\(getpid())"
        defer { unsafe unlink(path) }
        let address = try SocketAddress(unixPath: Array(path.utf8))
        let listener = try Sockets.listen(address)
        defer { Sockets.close(listener) }
        _ = Glibc.listen(listener, 0)
        let (first, _) = try Sockets.connect(address)
        let (attempt, box) = attempt(ConnectionTarget(.unix(path: Array(path.utf8))))
        attempt.start()
        run(box, milliseconds: 50)
        #expect(box.outcomes.isEmpty && attempt.watches.isEmpty)
        let accepted = try #require(try Sockets.accept(listener))
        run(box)
        #expect(box.address == address)
        [first, accepted].forEach(Sockets.close)
    }
}
