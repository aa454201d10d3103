import Synchronization

/// Threads that do what would keep a program from going on; there are none while there is nothing to do.
public final class WorkerPool: Sendable {
    /// What a thread does.
    public typealias Work = @Sendable () -> Void

    /// A piece of work that was added.
    public struct Ticket: Sendable {
        fileprivate let number: Int
    }

    private struct State {
        /// What a thread takes leaves it whole: a slice would keep the work, and whatever that has, in its storage.
        var queue: [(number: Int, work: Work)] = []
        var lastNumber = 0
        var threads = 0
    }

    private let mostThreads: Int
    private let state = Mutex(State())

    /// A pool of so many threads at most.
    public init(threads: Int) { mostThreads = threads }

    /// Has it done as soon as a thread is free, in the order of the calls; where no thread can be had, here and now.
    @discardableResult
    public func add(_ work: @escaping Work) -> Ticket {
        let (ticket, needsThread) = state.withLock { state in
            state.lastNumber += 1
            state.queue.append((state.lastNumber, work))
            let needsThread = state.threads < mostThreads
            if needsThread { state.threads += 1 }
            return (Ticket(number: state.lastNumber), needsThread)
        }
        if needsThread, !startThread({ self.run() }), !leaveToOthers() { run() }
        return ticket
    }

    /// Takes back what no thread has begun: it is not done. False if it was begun, or taken back before.
    public func withdraw(_ ticket: Ticket) -> Bool {
        // What the work has kept is let go of outside the lock.
        let work = state.withLock { state -> Work? in
            guard let index = state.queue.firstIndex(where: { $0.number == ticket.number }) else { return nil }
            return state.queue.remove(at: index).work
        }
        return work != nil
    }

    private func run() {
        while let work = take() { work() }
    }

    /// The next piece of work; nil: this thread is needed no more.
    private func take() -> Work? {
        state.withLock { state in
            if !state.queue.isEmpty { return state.queue.removeFirst().work }
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
}
