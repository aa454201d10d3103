import CTcl
import Glibc

/// Work outside Tcl's thread whose result is handled in that thread's event loop.
///
/// Belongs to the thread that made it.
public final class DetachedWork {
    private var completion: ((any Sendable) -> Void)?

    /// Runs `work` in a thread of its own, then `completion` from the calling thread's event loop.
    ///
    /// `completion` is never called after `cancel()`, nor when the calling thread has ended by then. When no thread can be
    /// made the work is done at once, the completion still from the event loop.
    public init<Value: Sendable>(_ work: @escaping @Sendable () -> Value, completion: @escaping (Value) -> Void) {
        self.completion = { ($0 as? Value).map(completion) }
        let job = unsafe Job(thread: ctcl_current_thread(), owner: self, work: work)
        if !job.start() { job.run() }
    }

    /// The completion is not called any more.
    public func cancel() { completion = nil }

    fileprivate func complete(_ value: any Sendable) {
        let call = completion
        completion = nil
        call?(value)
    }
}

/// What travels to the other thread and back.
///
/// SAFETY: `owner` is touched only in Tcl's thread: when the job is made and when its result is delivered.
@safe private final class Job: @unchecked Sendable {
    private let thread: CTclThread
    private let owner: DetachedWork
    private let work: @Sendable () -> any Sendable
    private var value: (any Sendable)?
    private var event: UnsafeMutableRawPointer?

    init(thread: CTclThread, owner: DetachedWork, work: @escaping @Sendable () -> any Sendable) {
        unsafe self.thread = thread
        self.owner = owner
        self.work = work
        unsafe event = ctcl_new_event(deliverResult, Unmanaged.passRetained(self).toOpaque())
    }

    /// False if no thread can be made.
    func start() -> Bool {
        var identifier = pthread_t()
        let context = unsafe Unmanaged.passRetained(self)
        let failure = unsafe pthread_create(
            &identifier, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Job>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        if failure != 0 { unsafe context.release() } else { pthread_detach(identifier) }
        return failure == 0
    }

    /// Does the work and posts its result.
    func run() {
        value = work()
        if let ready = unsafe event { unsafe ctcl_post(thread, ready) }
    }

    func deliver() {
        if let value { owner.complete(value) }
    }
}

private func deliverResult(_ context: UnsafeMutableRawPointer) {
    unsafe Unmanaged<Job>.fromOpaque(context).takeRetainedValue().deliver()
}
