import Glibc

/// Runs `body` in a thread of its own; false if there can be no more threads.
///
/// Signals are for the program's own threads: this one gets none.
public func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    var all = sigset_t()
    var old = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &old)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &old, nil) }
    var thread = pthread_t()
    // SAFETY: the retained reference is taken over by the thread, or released here if there is none.
    let start = unsafe Unmanaged.passRetained(ThreadStart(body))
    let failure = unsafe pthread_create(
        &thread, nil,
        { start in
            guard let start = unsafe start else { return nil }
            unsafe Unmanaged<ThreadStart>.fromOpaque(start).takeRetainedValue().body()
            return nil
        }, start.toOpaque())
    if failure != 0 { unsafe start.release() } else { pthread_detach(thread) }
    return failure == 0
}

private final class ThreadStart: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
