import CTcl

/// Tcl's event loop of the calling thread.
public enum EventLoop {
    /// Handles one event of any kind, waiting for it; false if there was none and never will be.
    @discardableResult
    public static func runOnce(mayWait: Bool = true) -> Bool {
        ctcl_do_one_event(mayWait ? 1 : 0) != 0
    }
}

extension EventLoop {
    /// Whether the notifier can watch a descriptor: that of Tcl 8.6 uses select(2) and ends the process beyond its limit.
    public static func canWatch(_ descriptor: Int32) -> Bool {
        descriptor < 1024 || Interp.tclMajorVersion >= 9
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

/// Readiness of a descriptor, told by Tcl's event loop of the thread that made it.
///
/// `cancel()` must be called before the descriptor is closed: Tcl keys its handlers by descriptor, so a handler left
/// behind would take away its successor's.
@safe public final class FileHandler {
    /// Which readiness is asked for.
    public struct Interest: OptionSet, Sendable {
        /// Tcl's bits.
        public let rawValue: Int32
        /// Tcl's bits.
        public init(rawValue: Int32) { self.rawValue = rawValue }
        /// Octets, the end or an error can be read.
        public static let readable = Interest(rawValue: 2)
        /// Octets can be written.
        public static let writable = Interest(rawValue: 4)
    }

    private let descriptor: Int32
    private let action: (Interest) -> Void
    private var interest: Interest = []

    /// A handler that asks for nothing yet.
    public init(descriptor: Int32, _ action: @escaping (Interest) -> Void) {
        self.descriptor = descriptor
        self.action = action
    }

    deinit { cancel() }

    /// Changes what is asked for.
    public func ask(for wanted: Interest) {
        guard wanted != interest else { return }
        interest = wanted
        if wanted.isEmpty {
            ctcl_delete_file_handler(descriptor)
        } else {
            let context = unsafe Unmanaged.passUnretained(self).toOpaque()
            unsafe ctcl_file_handler(descriptor, wanted.rawValue, reportReadiness, context)
        }
    }

    /// Asks for nothing any more.
    public func cancel() { ask(for: []) }

    fileprivate func report(_ mask: Int32) {
        action(Interest(rawValue: mask).intersection(interest))
    }
}

private func reportReadiness(_ context: UnsafeMutableRawPointer, _ mask: Int32) {
    let handler = unsafe Unmanaged<FileHandler>.fromOpaque(context).takeUnretainedValue()
    withExtendedLifetime(handler) { handler.report(mask) }
}
