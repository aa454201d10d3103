import CTcl

/// Tcl's event loop of the calling thread.
public enum EventLoop {
    /// Handles one event of any kind, waiting for it; false if there was none and never will be.
    @discardableResult
    public static func runOnce(mayWait: Bool = true) -> Bool {
        ctcl_do_one_event(mayWait ? 1 : 0) != 0
    }
}

/// A timer of Tcl's; fires once.
@safe public final class TclTimer {
    private var handle: CTclTimer?
    private let action: () -> Void

    /// Calls `action` after some milliseconds, from the event loop.
    public init(milliseconds: Int, _ action: @escaping () -> Void) {
        self.action = action
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe handle = ctcl_timer(Int32(clamping: milliseconds), fireTimer, context)
    }

    deinit { cancel() }

    /// The timer does not fire any more.
    public func cancel() {
        if let live = unsafe handle { unsafe ctcl_delete_timer(live) }
        unsafe handle = nil
    }

    fileprivate func fire() {
        unsafe handle = nil
        action()
    }
}

private func fireTimer(_ context: UnsafeMutableRawPointer) {
    let timer = unsafe Unmanaged<TclTimer>.fromOpaque(context).takeUnretainedValue()
    withExtendedLifetime(timer) { timer.fire() }
}

/// A call that comes from the event loop as soon as it runs.
public final class DeferredCall {
    private var action: (() -> Void)?

    /// Calls `action` once.
    public init(_ action: @escaping () -> Void) {
        self.action = action
        DescriptorSet.existing?.deferredCalls += 1
        unsafe ctcl_queue(ctcl_new_event(runDeferred, Unmanaged.passRetained(self).toOpaque()))
    }

    /// The call does not come any more. What waits when a thread ends would never be freed: it is taken out of Tcl's queue.
    public func cancel() {
        action = nil
        let context = unsafe Unmanaged.passUnretained(self)
        guard unsafe ctcl_unqueue(runDeferred, context.toOpaque()) > 0 else { return }
        DescriptorSet.existing?.ranDeferredCall()
        unsafe context.release()
    }

    fileprivate func run() {
        DescriptorSet.existing?.ranDeferredCall()
        let call = action
        action = nil
        call?()
    }
}

private func runDeferred(_ context: UnsafeMutableRawPointer) {
    unsafe Unmanaged<DeferredCall>.fromOpaque(context).takeRetainedValue().run()
}
