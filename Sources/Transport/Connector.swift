import Glibc

/// Which of a host's addresses to try when, after RFC 8305: no address has to wait for the failure of another one.
///
/// Without input, output or a clock: times are handed in, in nanoseconds from any fixed moment. A driver asks `next(at:)`,
/// does that, and tells how attempts end.
public struct Connector: Sendable {
    /// What to do now.
    public enum Step: Equatable, Sendable {
        /// Begin to connect to this address, `addresses[attempt]`, and ask again.
        case start(attempt: Int, SocketAddress)
        /// Wait for the running attempts, at most until then.
        case wait(until: Int)
        /// This attempt is the connection; all others are to be given up.
        case connected(attempt: Int)
        /// It has failed: the first error that an address gave, or that the time is over. What runs is to be given up.
        case failed(TransportError)
    }

    /// The time from one attempt to the next (RFC 8305 section 8), in nanoseconds.
    public static let attemptDelay = 250_000_000
    /// The time after which a listener that was too busy is tried again.
    static let busyDelay = 20_000_000
    /// Attempts that run at once, at most; the next ones wait until one of them fails.
    static let mostAtOnce = 16

    /// The addresses in the order of RFC 8305 section 4: the families in turn, the first address's family first.
    public let addresses: [SocketAddress]
    private let deadline: Int
    private var remaining: ArraySlice<Int>
    private var running: [Int] = []
    private var nextStart = Int.min
    private var winner: Int?
    private var firstError: TransportError?

    /// A connector for these addresses, in the order of preference; the deadline is for all of them together.
    public init(_ addresses: [SocketAddress], deadline: Int) {
        self.addresses = Self.interleaved(addresses)
        self.deadline = deadline
        remaining = Array(self.addresses.indices)[...]
    }

    /// What to do at a time.
    public mutating func next(at now: Int) -> Step {
        if let winner { return .connected(attempt: winner) }
        if remaining.isEmpty, running.isEmpty { return .failed(firstError ?? TransportError(errno: EADDRNOTAVAIL)) }
        if now >= deadline { return .failed(firstError ?? TransportError(errno: ETIMEDOUT)) }
        let mayStart = running.count < Self.mostAtOnce
        guard mayStart, now >= nextStart, let attempt = remaining.popFirst() else {
            return .wait(until: remaining.isEmpty || !mayStart ? deadline : min(nextStart, deadline))
        }
        running.append(attempt)
        nextStart = now + Self.attemptDelay
        return .start(attempt: attempt, addresses[attempt])
    }

    /// An attempt is connected; the first one that is stays so.
    public mutating func connected(_ attempt: Int) {
        if end(attempt), winner == nil { winner = attempt }
    }

    /// An attempt has failed. If no other one runs the next address is tried at once.
    public mutating func failed(_ attempt: Int, _ error: TransportError) {
        guard end(attempt) else { return }
        if firstError == nil { firstError = error }
        if running.isEmpty { nextStart = Int.min }
    }

    /// The listener cannot queue an attempt now; it is tried again soon, for there is nothing to wait for.
    public mutating func busy(_ attempt: Int, _ error: TransportError, at now: Int) {
        guard end(attempt) else { return }
        if firstError == nil { firstError = error }
        remaining = [attempt] + remaining
        nextStart = now + Self.busyDelay
    }

    /// False if the attempt does not run.
    private mutating func end(_ attempt: Int) -> Bool {
        guard let index = running.firstIndex(of: attempt) else { return false }
        running.remove(at: index)
        return true
    }

    private static func interleaved(_ addresses: [SocketAddress]) -> [SocketAddress] {
        if addresses.count < 2 { return addresses }
        let first = addresses.filter { $0.family == addresses.first?.family }
        let others = addresses.filter { $0.family != addresses.first?.family }
        return (0..<max(first.count, others.count)).flatMap { index in
            [first, others].compactMap { $0.indices.contains(index) ? $0[index] : nil }
        }
    }
}
