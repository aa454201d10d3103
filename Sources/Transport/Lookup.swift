import Glibc
import Synchronization

/// A name being looked up in another thread.
public struct Lookup: Sendable {
    private let pool: LookupPool
    private let target: ConnectionTarget
    private let number: Int

    /// Begins to look up a target's names. `answer` is called exactly once, from any thread.
    ///
    /// At most 16 threads of a process do so, and what several ask for at the same time is looked up once.
    public init(
        _ target: ConnectionTarget, answer: @escaping @Sendable (Result<ResolvedTarget, TransportError>) -> Void
    ) {
        self.init(target, in: .shared, answer: answer)
    }

    init(
        _ target: ConnectionTarget, in pool: LookupPool,
        answer: @escaping @Sendable (Result<ResolvedTarget, TransportError>) -> Void
    ) {
        self.pool = pool
        self.target = target
        number = pool.add(target, answer)
    }

    /// Waits no longer: unless it was called, `answer` is now, with the error that the time is over.
    public func cancel() { pool.cancel(number, target) }

    /// Looks up a target's names and waits for that, until a time of `SystemClock.monotonic()`.
    static func wait(
        for target: ConnectionTarget, deadline: Int, in pool: LookupPool = .shared
    ) -> Result<ResolvedTarget, TransportError> {
        if let known = target.resolvedAtOnce() { return known }
        do throws(TransportError) {
            let (ours, theirs) = try Sockets.pair()
            defer { Sockets.close(ours) }
            let result = LookupResult()
            let lookup = Lookup(target, in: pool) { answer in
                result.value.withLock { $0 = answer }
                Sockets.close(theirs)
            }
            let hasEnded = Result { () throws(TransportError) in
                try Sockets.wait(ours, read: true, deadline: deadline)
            }
            lookup.cancel()
            _ = try hasEnded.get()
            return result.value.withLock { $0 ?? .failure(.lookupTimedOut) }
        } catch {
            return .failure(error)
        }
    }
}

private final class LookupResult: Sendable {
    let value = Mutex<Result<ResolvedTarget, TransportError>?>(nil)
}

extension TransportError {
    /// Nobody said in time what a name stands for.
    public static let lookupTimedOut = TransportError(
        text: "name resolution timed out", errorCode: TransportError(errno: ETIMEDOUT).errorCode)
}

/// The names that are looked up.
final class LookupPool: Sendable {
    typealias Answer = @Sendable (Result<ResolvedTarget, TransportError>) -> Void

    static let shared = LookupPool(threads: 16) { $0.resolved() }

    private struct State {
        /// Who waits for what is looked up now or will be.
        var waiting: [ConnectionTarget: [(number: Int, answer: Answer)]] = [:]
        var lastNumber = 0
    }

    private let workers: WorkerPool
    private let resolve: @Sendable (ConnectionTarget) -> Result<ResolvedTarget, TransportError>
    private let state = Mutex(State())

    init(
        threads: Int, resolve: @escaping @Sendable (ConnectionTarget) -> Result<ResolvedTarget, TransportError>
    ) {
        workers = WorkerPool(threads: threads)
        self.resolve = resolve
    }

    func add(_ target: ConnectionTarget, _ answer: @escaping Answer) -> Int {
        let (number, isNew) = state.withLock { state in
            state.lastNumber += 1
            let isNew = state.waiting[target] == nil
            state.waiting[target, default: []].append((state.lastNumber, answer))
            return (state.lastNumber, isNew)
        }
        if isNew { workers.add { self.lookUp(target) } }
        return number
    }

    func cancel(_ number: Int, _ target: ConnectionTarget) {
        let answer = state.withLock { state -> Answer? in
            guard let index = state.waiting[target]?.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiting[target]?.remove(at: index).answer
        }
        answer?(.failure(.lookupTimedOut))
    }

    private func lookUp(_ target: ConnectionTarget) {
        guard isAwaited(target) else { return }
        let result = resolve(target)
        let waiting = state.withLock { $0.waiting.removeValue(forKey: target) ?? [] }
        for one in waiting { one.answer(result) }
    }

    /// Whether somebody still waits.
    private func isAwaited(_ target: ConnectionTarget) -> Bool {
        state.withLock { state in
            if state.waiting[target]?.isEmpty == false { return true }
            state.waiting[target] = nil
            return false
        }
    }
}
