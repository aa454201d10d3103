import TclBridge
import Transport

/// Gives the interpreter's other events their turn during work that does not wait.
struct EventTurn {
    /// Other events have to wait no longer than this, in nanoseconds.
    static let longestWithoutEvents = 5_000_000
    /// How many events run in a turn, so that they cannot keep the work from going on.
    private static let mostEvents = 100

    private let interp: Interp
    private var last = SystemClock.monotonic()

    init(_ interp: Interp) { self.interp = interp }

    /// Whether other events have waited long enough.
    var isDue: Bool { SystemClock.monotonic() - last >= Self.longestWithoutEvents }

    /// Runs what is ready; throws what `interp cancel`, a limit or the interpreter's end asks for.
    mutating func take() throws(TclError) {
        for _ in 0..<Self.mostEvents where !EventLoop.runOnce(mayWait: false) { break }
        try end()
    }

    /// Waits for an event and runs it.
    mutating func wait() throws(TclError) {
        EventLoop.runOnce()
        try end()
    }

    private mutating func end() throws(TclError) {
        last = SystemClock.monotonic()
        if let cancellation = interp.cancellation() { throw cancellation }
    }
}
