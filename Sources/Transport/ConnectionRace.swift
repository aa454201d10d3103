import Glibc

/// A connector at work on sockets: for drivers, which add waiting to it.
///
/// Owns its descriptors until one is given away as the connection. Belongs to one thread.
public final class ConnectionRace {
    /// How it stands.
    public enum State: Sendable {
        /// One of `watches` has to be ready, or this time has to come (nanoseconds of `SystemClock.monotonic()`).
        case waiting(until: Int)
        /// The connection, which the caller owns, and where it leads to.
        case connected(Int32, SocketAddress)
        /// There is none.
        case failed(TransportError)
    }

    private var connector: Connector
    private let target: ResolvedTarget
    private let canUse: (Int32) -> Bool
    private var open: [(attempt: Int, descriptor: Int32)] = []

    /// A race that has not begun; the deadline is one of `SystemClock.monotonic()`.
    ///
    /// A descriptor that `canUse` denies counts as one too many.
    public init(_ target: ResolvedTarget, deadline: Int, canUse: @escaping (Int32) -> Bool = { _ in true }) {
        connector = Connector(target.addresses, deadline: deadline)
        self.target = target
        self.canUse = canUse
    }

    deinit { cancel() }

    /// The descriptors of the attempts that run.
    public var watches: [Sockets.Watch] { open.map { Sockets.Watch($0.descriptor, write: true) } }

    /// Takes in what is ready, and starts the attempts that are due.
    ///
    /// It closes descriptors: what watches them must have let go of them.
    public func advance(_ ready: [Sockets.Watch] = []) -> State {
        for watch in ready where watch.isWritable { take(watch.fd) }
        while true {
            let now = SystemClock.monotonic()
            switch connector.next(at: now) {
            case .start(let attempt, let address): start(attempt, address, now)
            case .wait(let until): return .waiting(until: until)
            case .failed(let error):
                cancel()
                return .failed(error)
            case .connected(let attempt):
                guard let descriptor = release(attempt) else { preconditionFailure() }
                cancel()
                return .connected(descriptor, connector.addresses[attempt])
            }
        }
    }

    /// The connection and where it leads to, which the caller owns. Blocks.
    public func wait() throws(TransportError) -> (Int32, SocketAddress) {
        var ready: [Sockets.Watch] = []
        while true {
            switch advance(ready) {
            case .connected(let descriptor, let address): return (descriptor, address)
            case .failed(let error): throw error
            case .waiting(let until):
                ready = watches
                _ = try Sockets.wait(&ready, deadline: until)
            }
        }
    }

    /// Closes what is open.
    public func cancel() {
        open.forEach { Sockets.close($0.descriptor) }
        open = []
    }

    private func start(_ attempt: Int, _ address: SocketAddress, _ now: Int) {
        do throws(TransportError) {
            let (opened, isInProgress) = try Sockets.connect(address, from: target.local(for: address))
            open.append((attempt, opened))
            if !canUse(opened) {
                failed(attempt, TransportError(errno: EMFILE))
            } else if !isInProgress {
                connector.connected(attempt)
            }
        } catch {
            if address.family == .unix, error == TransportError(errno: EAGAIN) {
                connector.busy(attempt, error, at: now)
            } else {
                connector.failed(attempt, error)
            }
        }
    }

    private func take(_ descriptor: Int32) {
        guard let attempt = open.first(where: { $0.descriptor == descriptor })?.attempt else { return }
        if let error = Sockets.connectError(descriptor) { failed(attempt, error) } else { connector.connected(attempt) }
    }

    private func failed(_ attempt: Int, _ error: TransportError) {
        if let descriptor = release(attempt) { Sockets.close(descriptor) }
        connector.failed(attempt, error)
    }

    private func release(_ attempt: Int) -> Int32? {
        guard let index = open.firstIndex(where: { $0.attempt == attempt }) else { return nil }
        return open.remove(at: index).descriptor
    }
}
