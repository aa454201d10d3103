import SMTP

/// A server's SMTP or LMTP session that takes every mail and delivers none, without input or output of its own (RFC 5321, RFC 2033).
///
/// It does what a strict server does and writes down what a client does wrong; its faults are those it was given. It has no clock: who
/// drives it may say the time, and carries out the effects that it hands out among its octets.
/// Recipients `CODE@fault.test` and `CODE-E.E.E@fault.test` (or at a subdomain) are refused with that code, 4xx or 5xx.
public struct SinkSession: Sendable {
    enum State: Equatable {
        case greeting, command, data, stalled, closed
        /// The client's handshake.
        case handshake
        /// A response of a login.
        case login
        /// The octets of a BDAT.
        case chunk(remaining: Int, isLast: Bool)
    }

    /// What only a driver can do, between the octets of two `takeOutput()`.
    public enum Effect: Equatable, Sendable {
        /// Wait before anything else is written or read.
        case delay(milliseconds: Int)
        /// Read and write at this speed from now on.
        case rate(octetsPerSecond: Int)
        /// Write each octet by itself from now on.
        case bytewise
        /// Reset the connection.
        case reset
        /// Begin TLS, with a fault of its own; then call `tlsStarted` or `tlsFailed`.
        case startTLS(TLSFault?)
    }

    /// What the sink was made with; faults may have changed what it offers.
    public internal(set) var options: Options
    /// What has been said, without the octets of messages.
    public internal(set) var dialogue: [DialogueLine] = []
    /// What the client has done wrong; each kind once per transaction.
    public internal(set) var violations: [Violation] = []
    /// How often the client had to wait for replies, the greeting aside: all that had come was read, and then they were written.
    public internal(set) var roundTrips = 0
    /// Octets taken from the client.
    public internal(set) var octetsReceived = 0
    /// Octets given to be written.
    public internal(set) var octetsSent = 0
    /// Transactions begun.
    public internal(set) var transactions = 0
    /// Mails accepted.
    public internal(set) var mails = 0
    /// What is known of TLS, once it is on.
    public internal(set) var tls: SinkTLSFacts?
    /// The last login; nil: none was tried.
    public internal(set) var login: SinkLogin?

    let faults: FaultPlan?
    var state = State.greeting
    var output: [UInt8] = []
    /// What has to happen before the octet at a place of `output` is written.
    var effects: [(place: Int, effect: Effect)] = []
    var messages: [ReceivedMessage] = []
    var firedFaults: [Fault] = []
    /// The faults that came into effect since the last mail, a thousand at most.
    var mailFaults: [Fault] = []
    var milliseconds: Int?
    var helo: [UInt8]?
    var isESMTP = false
    /// The greeting was a refusal.
    var isRefusing = false
    /// The client has said QUIT.
    var hasQuit = false
    /// The verb last answered, while its reply may be waiting to be written.
    var lastVerb = Verb.greeting
    /// The words that a fault has for the reply that comes now, if it grants what was asked.
    var substitute: Reply?
    /// Replies that the client waits for have been added to `output`.
    var hasReplies = false
    /// `roundTrips` at the end of the last mail.
    var roundTripsBefore = 0
    /// The transaction under way.
    var current: ReceivedMessage?
    /// MAIL was refused: what the client had sent before it knew that is no fault of its own.
    var isMailRefused = false
    /// A fault stood in place of the answer to a RCPT: the client has named somebody.
    var hasUnansweredRecipient = false
    var decoder = TransparencyDecoder(limit: 0)
    /// The transaction's message comes by BDAT; its refusal, once a chunk was refused.
    var chunks: (isBegun: Bool, isRefused: Bool) = (false, false)
    var lines = CommandLines()
    /// What goes wrong in the handshake.
    var tlsFault: TLSFault?
    /// What a fault answers to a handshake.
    var handshakeReply: [UInt8] = []
    /// What follows the reply to STARTTLS in the same octets.
    var injection: [[UInt8]] = []
    /// What a login may be bound to (RFC 5056), by its name.
    var bindings: [String: [UInt8]] = [:]
    /// The exchange of a login.
    var exchange: LoginExchange?
    /// What goes wrong in the exchange that begins now.
    var saslFault: SASLFault?

    /// A session before its greeting. The plan counts for all sessions that have it.
    public init(_ options: Options = Options(), faults: FaultPlan? = nil) {
        self.options = options
        self.faults = faults
    }

    /// The session is over: write what is waiting, then close.
    public var isClosed: Bool { state == .closed }
    /// There are octets to write or effects to carry out.
    public var hasOutput: Bool { !output.isEmpty || !effects.isEmpty }

    /// The octets to write now; after them there may be an effect.
    public mutating func takeOutput() -> [UInt8] {
        let octets: [UInt8]
        if let place = effects.first?.place, place < output.count {
            octets = Array(output[..<place])
            output.removeSubrange(..<place)
            for index in effects.indices { effects[index].place -= place }
        } else {
            octets = output
            output = []
            for index in effects.indices { effects[index].place = 0 }
        }
        octetsSent += octets.count
        // A line that has begun shows that the client has not done yet.
        if hasReplies, !hasOutput, lines.rest.isEmpty {
            roundTrips += 1
            hasReplies = false
        }
        return octets
    }

    /// The effect to carry out now, before more octets are taken; nil: there is none.
    public mutating func takeEffect() -> Effect? {
        guard effects.first?.place == 0 else { return nil }
        return effects.removeFirst().effect
    }

    /// The mails accepted since this was last asked, in order.
    public mutating func takeMessages() -> [ReceivedMessage] {
        defer { messages = [] }
        return messages
    }

    /// The faults that came into effect since this was last asked.
    public mutating func takeFaults() -> [Fault] {
        defer { firedFaults = [] }
        return firedFaults
    }

    /// The connection is there: greets.
    public mutating func start(at milliseconds: Int? = nil) {
        guard state == .greeting else { return }
        self.milliseconds = milliseconds
        guard meets(.connect, []) == .nothing else { return }
        if options.tls == .implicit { return beginTLS([]) }
        greet()
    }

    mutating func greet() {
        state = .greeting
        let greeting = meets(.greeting, [])
        if greeting == .nothing { reply(220, nil, "\(options.name) \(options.isLMTP ? "LMTP" : "ESMTP")") }
        if case .answered = greeting { isRefusing = true }
        hasReplies = false
        if state == .greeting { state = .command }
    }

    /// Takes octets from the client, cut anywhere.
    public mutating func receive(_ octets: ArraySlice<UInt8>, at milliseconds: Int? = nil) {
        octetsReceived += octets.count
        self.milliseconds = milliseconds
        if isClosed { return checkEnd(octets) }
        guard state != .stalled else { return }
        let isHandshake = state == .handshake
        let taken = lines.rest.isEmpty ? takeContent(octets) : 0
        lines.append(octets.dropFirst(taken))
        while takeNext() {}
        if state == .handshake { takeHandshake(isLate: isHandshake) }
        checkEnd(lines.rest)
    }

    /// The client closed the connection.
    public mutating func peerClosed(at milliseconds: Int? = nil) {
        guard !isClosed else { return }
        self.milliseconds = milliseconds
        let isInMessage = if case .chunk = state { true } else { state == .data }
        note(isInMessage ? "connection closed by client within a message" : "connection closed by client")
        state = .closed
    }

    /// Takes a command or a piece of a message; false: more octets are needed.
    private mutating func takeNext() -> Bool {
        switch state {
        case .closed, .stalled, .handshake: return false
        case .data, .chunk:
            let taken = takeContent(lines.rest)
            lines.skip(taken)
            return taken > 0
        case .greeting, .command, .login: break
        }
        switch lines.next() {
        case .none: return false
        case .tooLong:
            violate(.commandTooLong, "a line of more than \(CommandLines.limit) octets")
            reply(421, "4.7.0", "line too long")
            state = .closed
        case .line(let line, _) where state == .login: takeResponse(line)
        case .line(let line, let hasCR): take(line, hasCR: hasCR)
        }
        return true
    }

    private mutating func checkEnd(_ octets: ArraySlice<UInt8>) {
        guard hasQuit, !octets.isEmpty else { return }
        violate(.afterQuit, text(octets.prefix(80)))
    }
}
