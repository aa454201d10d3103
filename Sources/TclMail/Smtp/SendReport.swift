import Octets
import SMTP
import TclBridge
import Transport

/// What is known of a send, for `-resultvariable`.
struct SendReport {
    /// How a send ended.
    enum Status: String {
        /// Under way.
        case pending
        /// A server took the mail for at least one recipient.
        case sent
        /// A server refused the mail, or all recipients.
        case refused
        /// No server could be asked, or it could not be answered in order.
        case failed
        /// The connection was lost after the final dot: nobody knows.
        case unknown
        /// `smtp::cancel`.
        case cancelled
        /// Nothing was to be sent (`-dryrun`), and all that was tried went well.
        case checked
    }

    /// Whether trying again makes sense.
    enum Retryable: String { case yes, no, unknown }

    var status = Status.pending
    var retryable = Retryable.no
    var server = ""
    var port = ""
    var address = ""
    var stage = Stage.connect
    var greeting: Reply?
    var extensions: [[UInt8]] = []
    var recipients: [(address: [UInt8], reply: Reply)] = []
    var reply: Reply?
    var octets = 0
    var roundTrips = 0
    var tls: TLSFacts?
    var login: LoginFacts?
    var user: [UInt8] = []
    var error = ""
    /// Nanoseconds after the start at which a step was done, in order.
    private(set) var times: [(step: String, nanoseconds: Int)] = []
    private let start = SystemClock.monotonic()

    /// Notes that a step is done; of several the last counts.
    mutating func done(_ step: String) {
        times.removeAll { $0.step == step }
        times.append((step, SystemClock.monotonic() - start))
    }

    /// The report as a dict.
    var dict: TclObject {
        TclObject(dict: [
            ("status", TclObject(status.rawValue)), ("retryable", TclObject(retryable.rawValue)),
            ("stage", TclObject(stage.rawValue.uppercased())), ("server", TclObject(server)),
            ("port", TclObject(port)), ("address", TclObject(address)),
            ("greeting", TclObject(octets: greeting?.diagnostic ?? [])),
            ("extensions", TclObject(list: extensions.map { TclObject(octets: $0) })),
            ("recipients", TclObject(dict: recipients.map { (TclObject(utf8: $0.address), Self.dict($0.reply)) })),
            ("reply", reply.map { Self.dict($0, hasStatus: false) } ?? TclObject("")),
            ("tls", TclObject(dict: tls?.pairs ?? [])),
            ("auth", login?.dict(user: user) ?? TclObject("")),
            ("queueid", TclObject(octets: reply?.queueIdentifier ?? [])),
            ("octets", TclObject(octets)), ("roundtrips", TclObject(roundTrips)),
            ("times", TclObject(dict: times.map { ($0.step, TclObject(decimal(nanoseconds: $0.nanoseconds))) })),
            ("error", TclObject(error)),
        ])
    }

    private static func dict(_ reply: Reply, hasStatus: Bool = true) -> TclObject {
        var pairs = [
            ("code", TclObject(reply.code)), ("enhanced", TclObject(reply.enhanced?.description ?? "")),
            ("text", TclObject(octets: Array(reply.lines.map { $0 }.joined(separator: [0x0a])))),
        ]
        if hasStatus {
            let status = reply.isPositive ? "accepted" : reply.isTransient ? "deferred" : "refused"
            pairs.append(("status", TclObject(status)))
        }
        return TclObject(dict: pairs)
    }
}

extension TclObject {
    /// A dict of these pairs.
    convenience init(dict pairs: [(String, TclObject)]) { self.init(dict: pairs.map { (TclObject($0.0), $0.1) }) }

    /// A dict of these pairs; of equal keys the last counts.
    convenience init(dict pairs: [(TclObject, TclObject)]) { self.init(list: pairs.flatMap { [$0.0, $0.1] }) }
}
