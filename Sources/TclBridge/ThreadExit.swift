import CTcl

/// What happens when Tcl ends the calling thread, by `exit` also with the process: before its descriptors are let go.
/// Dropping this takes it back.
public final class ThreadExit {
    private let action: () -> Void

    /// Has `action` called once. It must not wait.
    public init(_ action: @escaping () -> Void) {
        self.action = action
        // The handler that was made last is called first.
        _ = DescriptorSet.current
        // SAFETY: the handler is deleted before this is gone.
        unsafe ctcl_thread_exit_handler(runThreadExit, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { unsafe ctcl_delete_thread_exit_handler(runThreadExit, Unmanaged.passUnretained(self).toOpaque()) }

    fileprivate func run() { action() }
}

private func runThreadExit(_ context: UnsafeMutableRawPointer) {
    unsafe Unmanaged<ThreadExit>.fromOpaque(context).takeUnretainedValue().run()
}

/// A thread of Tcl's.
public struct ThreadIdentity: Equatable, Sendable {
    private let bits: UInt

    /// The calling thread.
    public static var current: ThreadIdentity { ThreadIdentity(bits: unsafe UInt(bitPattern: ctcl_current_thread())) }
}
