import Synchronization

/// Threads that do what would keep a program from going on; there are none while there is nothing to do.
public final class WorkerPool: Sendable {
    /// What a thread does.
    public typealias Work = @Sendable () -> Void

    private struct State {
        var queue: ArraySlice<Work> = []
        var threads = 0
    }

    private let mostThreads: Int
    private let state = Mutex(State())

    /// A pool of so many threads at most.
    public init(threads: Int) { mostThreads = threads }

    /// Has it done as soon as a thread is free, in the order of the calls; where no thread can be had, here and now.
    public func add(_ work: @escaping Work) {
        let needsThread = state.withLock { state in
            state.queue.append(work)
            let needsThread = state.threads < mostThreads
            if needsThread { state.threads += 1 }
            return needsThread
        }
        if needsThread, !startThread({ self.run() }), !leaveToOthers() { run() }
    }

    private func run() {
        while let work = take() { work() }
    }

    /// The next piece of work; nil: this thread is needed no more.
    private func take() -> Work? {
        state.withLock { state in
            if let work = state.queue.popFirst() { return work }
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
