import SMTP
import Transport

/// Waits a moment for a peer that answers at once, without the way through Tcl's notifier.
///
/// In a threaded Tcl each wait of the notifier costs two thread switches, more than a near server needs for a reply. The
/// moment is a millisecond; other events run at least every five, and as soon as the peer is slow once (it may live in
/// this very interpreter), the notifier does all the waiting.
struct QuickWait {
    private static let moment = 1_000_000
    private static let longestWithoutEvents = 5_000_000

    private var isPeerQuick: Bool
    private var lastEvents = SystemClock.monotonic()

    /// A peer in this thread can only answer when the event loop runs.
    init(isPeerElsewhere: Bool) { isPeerQuick = isPeerElsewhere }

    /// What became ready within the moment; nil: let the event loop run, waiting or not as `mayWait` says.
    mutating func wait(for watch: Sockets.Watch) -> Sockets.Watch? {
        let now = SystemClock.monotonic()
        guard isPeerQuick, now - lastEvents < Self.longestWithoutEvents else { return nil }
        var watches = [watch]
        isPeerQuick = (try? Sockets.wait(&watches, deadline: now + Self.moment)) ?? false
        return isPeerQuick ? watches[0] : nil
    }

    /// Whether the event loop may wait, now that it is its turn.
    mutating func beginEvents() -> Bool {
        defer { lastEvents = SystemClock.monotonic() }
        return !isPeerQuick
    }
}
