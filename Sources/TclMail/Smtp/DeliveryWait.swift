import MIME
import SMTP
import Submission
import TclBridge
import Transport

/// The synchronous form of a send: Tcl's event loop runs until the delivery has ended.
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

    /// Measures a message, while other events run.
    mutating func measure(_ message: Entity) throws(TclError) -> MeasuredMessage {
        let measure = MessageMeasure(message)
        while true {
            if let measured = try Wording.translating({ try measure.step() }) { return measured }
            if turn.isDue { try turn.take() }
        }
    }

    /// The recipients that were refused.
    mutating func run(_ delivery: Delivery) throws(TclError) -> [RecipientReply] {
        defer { delivery.cancel() }
        isPeerQuick = delivery.isPeerElsewhere
        delivery.start()
        while true {
            if let result = delivery.result { return try result.get() }
            if turn.isDue, isPeerQuick {
                try turn.take()
            } else if !answersAtOnce(delivery) {
                try turn.wait()
            }
        }
    }

    private mutating func answersAtOnce(_ delivery: Delivery) -> Bool {
        guard isPeerQuick else { return false }
        var watches = delivery.watches
        guard !watches.isEmpty else { return false }
        isPeerQuick = (try? Sockets.wait(&watches, deadline: SystemClock.monotonic() + Self.moment)) ?? false
        if isPeerQuick { delivery.handle(watches) }
        return isPeerQuick
    }
}
