import CTcl
import Glibc

/// Readiness of a descriptor, told by Tcl's event loop of the thread that made it. Any number of descriptors.
///
/// `cancel()` must be called before the descriptor is closed: handlers are kept by descriptor, so one left behind would take
/// away its successor's.
public final class FileHandler {
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

    fileprivate let descriptor: Int32
    private let action: (Interest) -> Void
    private let abandoned: () -> Void
    fileprivate private(set) var interest: Interest = []

    /// A handler that asks for nothing yet. If its thread ends while it asks for something, `abandoned` is called: whoever
    /// has the descriptor closes it then, because Tcl may never delete the interpreters of that thread.
    public init(descriptor: Int32, abandoned: @escaping () -> Void = {}, _ action: @escaping (Interest) -> Void) {
        self.descriptor = descriptor
        self.abandoned = abandoned
        self.action = action
    }

    deinit { cancel() }

    /// Changes what is asked for.
    public func ask(for wanted: Interest) {
        guard wanted != interest else { return }
        interest = wanted
        if wanted.isEmpty {
            DescriptorSet.existing?.remove(descriptor)
        } else {
            DescriptorSet.current.watch(self)
        }
    }

    /// Asks for nothing any more.
    public func cancel() { ask(for: []) }

    fileprivate func abandon() { withExtendedLifetime(self) { abandoned() } }

    fileprivate func report(_ ready: Interest) {
        let asked = ready.intersection(interest)
        if !asked.isEmpty { withExtendedLifetime(self) { action(asked) } }
    }
}

/// The descriptors that a thread watches, behind a single one that Tcl's notifier knows.
///
/// The notifier of Tcl 8.6 is made of select(2): it ends the process beyond descriptor 1023 and looks at all of them each
/// time. epoll(7) is told of a change only when Tcl is about to wait, so that what never waits costs no call.
@safe final class DescriptorSet {
    private struct Entry {
        unowned let handler: FileHandler
        /// What epoll knows.
        var known: FileHandler.Interest = []
    }

    /// Events taken from the kernel at once.
    private static let batch = 64
    /// Nanoseconds that other events wait at most.
    static let turn = 5_000_000

    private var number: Int32
    private var entries: [Int32: Entry] = [:]
    private var changed: Set<Int32> = []
    private var isWatched = false
    private var arePeersQuick = false
    /// Nanoseconds that a handler should take at most: one of several that are ready takes its part.
    private(set) var share = DescriptorSet.turn
    private var isNotifierStarted = false
    /// Calls that wait for Tcl to come back to its queue.
    var deferredCalls = 0
    /// One of them has come, or one from before there was a set.
    func ranDeferredCall() { deferredCalls = max(deferredCalls - 1, 0) }

    /// The calling thread's set, if it has one.
    static var existing: DescriptorSet? {
        guard let slot = unsafe ctcl_thread_slot() else { return nil }
        return unsafe Unmanaged<DescriptorSet>.fromOpaque(slot).takeUnretainedValue()
    }

    /// The calling thread's set. Lives until the thread ends.
    static var current: DescriptorSet {
        if let existing { return existing }
        let set = DescriptorSet()
        let context = unsafe Unmanaged.passRetained(set).toOpaque()
        unsafe ctcl_set_thread_slot(context)
        unsafe ctcl_event_source(beforeWaiting, context)
        unsafe ctcl_thread_exit_handler(endSet, context)
        return set
    }

    private init() { number = ctcl_set_open() }

    deinit { if number >= 0 { close(number) } }

    /// Tcl's notifier can watch the set itself. One that it cannot is opened anew as soon as there are descriptors again.
    var isUsable: Bool {
        if hasPlace || !entries.isEmpty { return hasPlace }
        if number >= 0 { close(number) }
        number = ctcl_set_open()
        return hasPlace
    }

    private var hasPlace: Bool { number >= 0 && (number < 1024 || ctcl_major_version() >= 9) }

    /// The notifier of Tcl 8.6 opens a pipe at its first wait: it must come before small descriptors are used up.
    func startNotifier() {
        if !isNotifierStarted { ctcl_start_notifier() }
        isNotifierStarted = true
    }

    func watch(_ handler: FileHandler) {
        let known = entries[handler.descriptor]?.known ?? []
        entries[handler.descriptor] = Entry(handler: handler, known: known)
        if changed.isEmpty { ctcl_look_again() }
        changed.insert(handler.descriptor)
    }

    func remove(_ descriptor: Int32) {
        changed.remove(descriptor)
        guard let entry = entries.removeValue(forKey: descriptor) else { return }
        if !entry.known.isEmpty { ctcl_set_change(number, descriptor, entry.known.rawValue, 0) }
        if entries.isEmpty { unwatch() }
    }

    /// Tells the kernel and Tcl what has changed.
    fileprivate func flush() {
        for descriptor in changed {
            guard let entry = entries[descriptor], entry.known != entry.handler.interest else { continue }
            let wanted = entry.handler.interest
            ctcl_set_change(number, descriptor, entry.known.rawValue, wanted.rawValue)
            entries[descriptor]?.known = wanted
        }
        changed.removeAll(keepingCapacity: true)
        if !isWatched, !entries.isEmpty, isUsable {
            isWatched = true
            let context = unsafe Unmanaged.passUnretained(self).toOpaque()
            unsafe ctcl_file_handler(number, FileHandler.Interest.readable.rawValue, dispatchReadiness, context)
        }
    }

    /// Reports what is ready, and what becomes so meanwhile, until other events have to have their turn.
    ///
    /// A threaded Tcl pays two thread switches for each look at descriptors: more than a near peer needs for an answer.
    fileprivate func dispatch() {
        let end = Self.monotonic() + Self.turn
        while reportReady() {
            flush()
            guard Self.monotonic() < end, !entries.isEmpty, deferredCalls == 0 else { break }
        }
    }

    /// False if nothing was ready, nor became so within the millisecond that peers get who were quick before.
    private func reportReady() -> Bool {
        var descriptors = [Int32](repeating: 0, count: Self.batch)
        var masks = descriptors
        let milliseconds: Int32 = arePeersQuick ? 1 : 0
        let count = Int(unsafe ctcl_set_ready(number, &descriptors, &masks, Int32(Self.batch), milliseconds))
        arePeersQuick = count > 0
        // A handler may end others, and run the event loop.
        for index in 0..<max(count, 0) {
            share = Self.turn / count
            entries[descriptors[index]]?.handler.report(FileHandler.Interest(rawValue: masks[index]))
        }
        share = Self.turn
        return count > 0
    }

    private static func monotonic() -> Int {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
    }

    fileprivate func end() {
        while let entry = entries.first {
            entry.value.handler.abandon()
            entries[entry.key] = nil
        }
        changed = []
        unwatch()
    }

    /// Nothing is watched: a script that waits for ever is told so by Tcl.
    private func unwatch() {
        if isWatched { ctcl_delete_file_handler(number) }
        isWatched = false
    }
}

private func beforeWaiting(_ context: UnsafeMutableRawPointer, _ flags: Int32) {
    unsafe Unmanaged<DescriptorSet>.fromOpaque(context).takeUnretainedValue().flush()
}

private func dispatchReadiness(_ context: UnsafeMutableRawPointer, _ mask: Int32) {
    let set = unsafe Unmanaged<DescriptorSet>.fromOpaque(context).takeUnretainedValue()
    withExtendedLifetime(set) { set.dispatch() }
}

private func endSet(_ context: UnsafeMutableRawPointer) {
    let set = unsafe Unmanaged<DescriptorSet>.fromOpaque(context).takeRetainedValue()
    unsafe ctcl_delete_event_source(beforeWaiting, context)
    ctcl_set_thread_slot(nil)
    set.end()
}

extension EventLoop {
    /// Nanoseconds that an event may take before others have to have their turn.
    public static var slice: Int { DescriptorSet.existing?.share ?? DescriptorSet.turn }

    /// Whether one more descriptor can be watched. The set itself must have a place below 1024 with Tcl 8.6, whose notifier
    /// ends the process otherwise.
    public static func canWatch(_ descriptor: Int32) -> Bool {
        let set = DescriptorSet.current
        if descriptor >= 128 { set.startNotifier() }
        return set.isUsable
    }
}
