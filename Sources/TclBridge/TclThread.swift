import CTcl

/// A value that another thread makes and that is handled in the event loop of the thread that made this.
public final class ThreadResult<Value: Sendable> {
    private var completion: ((Value) -> Void)?

    /// `completion` is called from the calling thread's event loop; never after `cancel()`, nor when that thread has ended.
    public init(_ completion: @escaping (Value) -> Void) { self.completion = completion }

    /// Hands the value over. It must be called exactly once, from any thread.
    public func sender() -> @Sendable (Value) -> Void {
        let parcel = unsafe Parcel(to: ctcl_current_thread()) { value in
            if let value = value as? Value { self.complete(value) }
        }
        return { parcel.send($0) }
    }

    /// The completion is not called any more.
    public func cancel() { completion = nil }

    private func complete(_ value: Value) {
        let call = completion
        completion = nil
        call?(value)
    }
}

/// What travels from the other thread.
///
/// SAFETY: `open` is touched only in Tcl's thread: when the parcel is made and when it is delivered.
@safe private final class Parcel: @unchecked Sendable {
    private let thread: CTclThread
    private var open: ((any Sendable) -> Void)?
    private var value: (any Sendable)?
    private var event: UnsafeMutableRawPointer?

    init(to thread: CTclThread, _ open: @escaping (any Sendable) -> Void) {
        unsafe self.thread = thread
        self.open = open
        unsafe event = ctcl_new_event(deliverParcel, Unmanaged.passRetained(self).toOpaque())
    }

    func send(_ value: any Sendable) {
        self.value = value
        if let ready = unsafe event { unsafe ctcl_post(thread, ready) }
    }

    func deliver() {
        let open = open
        self.open = nil
        if let value { open?(value) }
    }
}

private func deliverParcel(_ context: UnsafeMutableRawPointer) {
    unsafe Unmanaged<Parcel>.fromOpaque(context).takeRetainedValue().deliver()
}
