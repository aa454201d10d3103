import COpenSSL
import Synchronization

/// A session that can be resumed, with what was found out about its server.
@safe final class Session: Sendable {
    nonisolated(unsafe) let handle: OpaquePointer
    let finding: Finding

    /// Takes over one reference.
    init(owning handle: OpaquePointer, _ finding: Finding) {
        unsafe self.handle = handle
        self.finding = finding
    }

    deinit { unsafe SSL_SESSION_free(handle) }
}

/// What was found out about a server, and until when that holds: sessions that come of resumed ones have it from the first.
struct Finding {
    /// After an hour a server has to show its certificate again.
    static let longestAge = Duration.seconds(3600)

    let verification: Verification
    let until: ContinuousClock.Instant
    var remedies = Remedies()
}

/// Sessions of many servers, a few for each, the newest first. Each is given out once: a ticket that is used twice tells who
/// watches that it is the same client (RFC 8446 appendix C.4), and only as long as the finding about its server holds.
final class SessionCache: Sendable {
    static let sessionsPerKey = 8
    static let mostKeys = 256

    private struct State {
        var sessions: [String: [Session]] = [:]
        /// The keys, the one whose session came last at the end.
        var order: [String] = []
    }
    private let state = Mutex(State())

    /// Keeps a session; the oldest of this key, and the key that had none for the longest time, make room.
    func keep(_ session: Session, for key: String) {
        state.withLock { state in
            state.order.removeAll { $0 == key }
            state.order.append(key)
            state.sessions[key, default: []].append(session)
            if state.sessions[key, default: []].count > Self.sessionsPerKey { state.sessions[key]?.removeFirst() }
            if state.order.count > Self.mostKeys { state.sessions[state.order.removeFirst()] = nil }
        }
    }

    /// Takes out the newest session.
    func take(_ key: String, at time: ContinuousClock.Instant = .now) -> Session? {
        state.withLock { state in
            let session = state.sessions[key]?.popLast()
            if state.sessions[key]?.isEmpty == true {
                state.sessions[key] = nil
                state.order.removeAll { $0 == key }
            }
            return session.flatMap { time < $0.finding.until ? $0 : nil }
        }
    }

    /// How many sessions there are.
    var count: Int { state.withLock { $0.sessions.values.reduce(0) { $0 + $1.count } } }
}
