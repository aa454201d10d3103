import TclBridge
import Transport

/// The synchronous form of a send: Tcl's event loop runs until it has ended.
///
/// In a threaded Tcl each wait of the notifier costs two thread switches, more than a near server needs for a reply. So a
/// peer that answers within a millisecond is waited for without it; other events run at least every five, and as soon as
/// the peer is slow once (it may live in this very interpreter), the notifier does all the waiting.
struct DeliveryWait {
    private static let moment = 1_000_000

    private let interp: Interp
    private var turn: EventTurn
    private var isPeerQuick = true

    init(in interp: Interp) {
        self.interp = interp
        turn = EventTurn(interp)
    }

    /// Runs a send to its end; its result.
    mutating func run(_ send: Send) throws(TclError) -> TclObject {
        isPeerQuick = send.isPeerElsewhere
        do throws(TclError) {
            // A trace of the result variable may have ended the interpreter.
            try interp.checkCancellation()
            send.start()
            while send.result == nil {
                if turn.isDue, isPeerQuick {
                    try turn.take()
                } else if !answersAtOnce(send) {
                    try turn.wait()
                }
            }
        } catch {
            send.cancel(because: error)
            throw error
        }
        return try wait(for: send)
    }

    /// Waits for a send that goes on by itself; its result.
    mutating func wait(for send: Send) throws(TclError) -> TclObject {
        while true {
            if let result = send.result { return try result.get() }
            try turn.wait()
        }
    }

    private mutating func answersAtOnce(_ send: Send) -> Bool {
        guard isPeerQuick else { return false }
        var watches = send.watches
        guard !watches.isEmpty else { return false }
        isPeerQuick = (try? Sockets.wait(&watches, deadline: SystemClock.monotonic() + Self.moment)) ?? false
        if isPeerQuick { send.handle(watches) }
        return isPeerQuick
    }
}
