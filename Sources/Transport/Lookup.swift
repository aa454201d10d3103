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

/// Threads that look up names; there are none while there is nothing to do.
final class LookupPool: Sendable {
    typealias Answer = @Sendable (Result<ResolvedTarget, TransportError>) -> Void

    static let shared = LookupPool(threads: 16) { $0.resolved() }

    private struct State {
        /// Who waits for what is looked up now or will be.
        var waiting: [ConnectionTarget: [(number: Int, answer: Answer)]] = [:]
        var queue: ArraySlice<ConnectionTarget> = []
        var threads = 0
        var lastNumber = 0
    }

    private let mostThreads: Int
    private let resolve: @Sendable (ConnectionTarget) -> Result<ResolvedTarget, TransportError>
    private let state = Mutex(State())

    init(
        threads: Int, resolve: @escaping @Sendable (ConnectionTarget) -> Result<ResolvedTarget, TransportError>
    ) {
        mostThreads = threads
        self.resolve = resolve
    }

    func add(_ target: ConnectionTarget, _ answer: @escaping Answer) -> Int {
        let (number, needsThread) = state.withLock { state in
            state.lastNumber += 1
            let isNew = state.waiting[target] == nil
            state.waiting[target, default: []].append((state.lastNumber, answer))
            if isNew { state.queue.append(target) }
            let needsThread = isNew && state.threads < mostThreads
            if needsThread { state.threads += 1 }
            return (state.lastNumber, needsThread)
        }
        // Without any thread at all it is done here and now.
        if needsThread, !startThread(), !leaveToOthers() { work() }
        return number
    }

    func cancel(_ number: Int, _ target: ConnectionTarget) {
        let answer = state.withLock { state -> Answer? in
            guard let index = state.waiting[target]?.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiting[target]?.remove(at: index).answer
        }
        answer?(.failure(.lookupTimedOut))
    }

    /// Looks up names until there are none left.
    private func work() {
        while let target = take() {
            let result = resolve(target)
            let waiting = state.withLock { $0.waiting.removeValue(forKey: target) ?? [] }
            for one in waiting { one.answer(result) }
        }
    }

    /// The next target for which somebody still waits; nil: this thread's work is done.
    private func take() -> ConnectionTarget? {
        state.withLock { state in
            while let target = state.queue.popFirst() {
                if state.waiting[target]?.isEmpty == false { return target }
                state.waiting[target] = nil
            }
            state.threads -= 1
            return nil
        }
    }

    /// Gives up the place of a thread that could not be started; false if there is no other one.
    private func leaveToOthers() -> Bool {
        state.withLock { state in
            guard state.threads > 1 else { return false }
            state.threads -= 1
            return true
        }
    }

    private func startThread() -> Bool {
        var identifier = pthread_t()
        // SAFETY: the retained reference is taken over by the thread, or released here if there is none.
        let context = unsafe Unmanaged.passRetained(self)
        let failure = unsafe pthread_create(
            &identifier, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<LookupPool>.fromOpaque(context).takeRetainedValue().work()
                return nil
            }, context.toOpaque())
        if failure != 0 { unsafe context.release() } else { pthread_detach(identifier) }
        return failure == 0
    }
}
