import SMTP

/// A server's SMTP session that takes every mail and delivers none, without input or output of its own (RFC 5321).
///
/// It does what a strict server does and writes down what a client does wrong. It has no clock: who drives it may say the time.
/// Recipients `CODE@fault.test` and `CODE-E.E.E@fault.test` (or at a subdomain) are refused with that code, 4xx or 5xx.
public struct SinkSession: Sendable {
    enum State { case greeting, command, data, closed }

    /// What the sink was made with.
    public let options: Options
    /// What has been said, without the octets of messages.
    public internal(set) var dialogue: [DialogueLine] = []
    /// What the client has done wrong; each kind once per transaction.
    public internal(set) var violations: [Violation] = []

    var state = State.greeting
    var output: [UInt8] = []
    var messages: [ReceivedMessage] = []
    var milliseconds: Int?
    var helo: [UInt8]?
    var isESMTP = false
    /// The verb last answered, while its reply may be waiting to be written.
    var lastVerb = Verb.greeting
    /// Transactions begun.
    var transactions = 0
    /// The transaction under way.
    var current: ReceivedMessage?
    var decoder = TransparencyDecoder(limit: 0)
    var lines = CommandLines()

    /// A session before its greeting.
    public init(_ options: Options = Options()) {
        self.options = options
    }

    /// The session is over: write what is waiting, then close.
    public var isClosed: Bool { state == .closed }
    /// There are octets to write.
    public var hasOutput: Bool { !output.isEmpty }

    /// The octets to write now.
    public mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    /// The mails accepted since this was last asked, in order.
    public mutating func takeMessages() -> [ReceivedMessage] {
        defer { messages = [] }
        return messages
    }

    /// The connection is there: greets.
    public mutating func start(at milliseconds: Int? = nil) {
        guard state == .greeting else { return }
        self.milliseconds = milliseconds
        state = .command
        reply(220, nil, "\(options.name) ESMTP")
    }

    /// Takes octets from the client, cut anywhere.
    public mutating func receive(_ octets: ArraySlice<UInt8>, at milliseconds: Int? = nil) {
        guard !isClosed else { return }
        self.milliseconds = milliseconds
        lines.append(octets)
        while !isClosed, takeNext() {}
    }

    /// The client closed the connection.
    public mutating func peerClosed(at milliseconds: Int? = nil) {
        guard !isClosed else { return }
        self.milliseconds = milliseconds
        note(state == .data ? "connection closed by client within a message" : "connection closed by client")
        state = .closed
    }

    /// Takes a command or a piece of a message; false: more octets are needed.
    private mutating func takeNext() -> Bool {
        if state == .data { return takeData() }
        switch lines.next() {
        case .none: return false
        case .tooLong:
            violate(.commandTooLong, "a line of more than \(CommandLines.limit) octets")
            reply(421, "4.7.0", "line too long")
            state = .closed
        case .line(let line, let hasCR):
            take(line, hasCR: hasCR)
        }
        return true
    }

    // MARK: Records

    /// Answers, with the enhanced status code where these are offered.
    mutating func reply(_ code: Int, _ enhanced: String?, _ text: String) {
        let status = enhanced.map { options.offers("ENHANCEDSTATUSCODES") ? "\($0) " : "" } ?? ""
        send("\(code) \(status)\(text)")
    }

    mutating func send(_ line: String) {
        record(.server, Array(line.utf8))
        output += Array(line.utf8) + [0x0d, 0x0a]
    }

    mutating func note(_ text: String) { record(.remark, Array(text.utf8)) }

    mutating func record(_ direction: DialogueLine.Direction, _ line: [UInt8]) {
        guard dialogue.count <= options.maxDialogueLines else { return }
        let isLast = dialogue.count == options.maxDialogueLines
        dialogue.append(
            DialogueLine(
                milliseconds: milliseconds, direction: isLast ? .remark : direction,
                line: isLast ? Array("more lines are not recorded".utf8) : line))
    }

    mutating func violate(_ kind: Violation.Kind, _ detail: String) {
        let isKnown = violations.last { $0.kind == kind }?.transaction == transactions
        guard !isKnown, violations.count < 1000 else { return }
        violations.append(Violation(kind, transaction: transactions, detail: detail))
    }
}
