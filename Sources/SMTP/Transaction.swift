/// A mail transaction under way.
struct Transaction: Sendable {
    /// What a reply means for the session.
    enum Verdict { case ordinary, message, chunkTaken, unwanted }

    let envelope: Envelope
    let requiresAllRecipients: Bool
    let isProbe: Bool
    /// DATA may join a group.
    var joinsData = false
    var isLMTP = false
    var recipients: [RecipientReply] = []
    /// How it ended, once that is decided; the session may still have to be reset.
    var end: TransactionOutcome.End?
    /// How many RCPTs were sent.
    private(set) var asked = 0

    private var next = Session.State.mail
    private var isDataSent = false
    /// Of the replies after the message in LMTP: whose turn it is, and the first one that is good.
    private var finalPlace = 0
    private var firstTaken: Reply?
    /// Octets that may still be kept of the replies to recipients, beyond what each may have in any case.
    private var keptOctets = 4 << 20
    private static let leastKeptOctets = 512

    init(_ envelope: Envelope, requiresAllRecipients: Bool, isProbe: Bool) {
        self.envelope = envelope
        self.requiresAllRecipients = requiresAllRecipients
        self.isProbe = isProbe
    }

    /// RSET goes before MAIL.
    mutating func resetFirst() { next = .rset }

    // MARK: Asking

    /// There are commands left before DATA.
    var isAsking: Bool { next != .data }

    /// The next command; nil if it has to wait for the replies to the group.
    ///
    /// DATA joins a group only where its reply cannot be misused: whether enough recipients are accepted must not depend on
    /// more than one being so.
    func nextCommand(inGroup: Bool) -> Session.State? {
        guard next == .data else { return next }
        if !inGroup { return isDataSent ? nil : .data }
        let isSafe = !requiresAllRecipients || envelope.forwardPaths.count == 1
        return joinsData && isSafe && !isProbe && !isDataSent && !envelope.forwardPaths.isEmpty ? .data : nil
    }

    mutating func sent(_ command: Session.State) {
        switch command {
        case .rset: next = .mail
        case .mail: next = envelope.forwardPaths.isEmpty ? .data : .rcpt
        case .rcpt:
            asked += 1
            if asked == envelope.forwardPaths.count { next = .data }
        default: isDataSent = true
        }
    }

    // MARK: Answers

    /// Enough recipients are accepted to send the message.
    private var mayProceed: Bool {
        let accepted = recipients.count { $0.isAccepted }
        return accepted > 0 && (accepted == recipients.count || !requiresAllRecipients)
    }

    /// When all recipients are answered: decides whether this is the end.
    mutating func decide() {
        guard end == nil, recipients.count == envelope.forwardPaths.count else { return }
        if isProbe { end = .probed } else if !mayProceed { end = .noRecipients }
    }

    /// Takes down the reply that was awaited in a state; after a refusal the rest of a group changes nothing.
    @discardableResult
    mutating func take(_ reply: Reply, in state: Session.State) -> Verdict {
        switch state {
        case .mail: if reply.code != 250 { end = .refused(.mail, reply) }
        case .rcpt: if end == nil { answer(reply) }
        case .data: return takeData(reply)
        case .bdat:
            if reply.code == 250 { return .chunkTaken }
            end = .refused(.data, reply)
        case .dot: takeFinal(reply)
        default: break
        }
        return .ordinary
    }

    private mutating func answer(_ reply: Reply) {
        guard recipients.count < envelope.forwardPaths.count else { return }
        recipients.append(RecipientReply(recipient: envelope.forwardPaths[recipients.count], reply: kept(reply)))
    }

    /// What is kept of a recipient's reply, so that many long ones take bounded memory.
    private mutating func kept(_ reply: Reply) -> Reply {
        let kept = reply.cut(to: max(keptOctets, Self.leastKeptOctets))
        keptOctets -= kept.lines.reduce(0) { $0 + $1.count }
        return kept
    }

    private mutating func takeData(_ reply: Reply) -> Verdict {
        if reply.code == 354 { return end == nil ? .message : .unwanted }
        if end == nil { end = .refused(.data, reply) }
        return .ordinary
    }

    // MARK: The end

    /// How many replies the end of the message has.
    var finalReplies: Int { isLMTP ? recipients.count { $0.isAccepted } : 1 }

    private mutating func takeFinal(_ reply: Reply) {
        if isLMTP {
            takeFinalOfNext(reply)
        } else {
            // TCLLIB: 354 is a refusal, too.
            end = reply.isPositive ? .accepted(reply) : .refused(.dot, reply)
        }
    }

    /// The replies come in the order of the accepted recipients (RFC 2033, 4.2).
    private mutating func takeFinalOfNext(_ reply: Reply) {
        while finalPlace < recipients.count, !recipients[finalPlace].isAccepted { finalPlace += 1 }
        guard finalPlace < recipients.count else { return }
        let recipient = recipients[finalPlace].recipient
        let kept = kept(reply)
        recipients[finalPlace] = RecipientReply(recipient: recipient, reply: kept, isAccepted: reply.isPositive)
        finalPlace += 1
        if firstTaken == nil, kept.isPositive { firstTaken = kept }
        guard !recipients[finalPlace...].contains(where: { $0.isAccepted }) else { return }
        end = firstTaken.map { .accepted($0) } ?? .noRecipients
    }

    /// What has been decided; without that, the session's failure.
    func outcome(failure: SMTPError?) -> TransactionOutcome {
        let lost = failure ?? SMTPError(.internalFailure, .mail, text: "session closed")
        return TransactionOutcome(recipients: recipients, end: end ?? .failed(lost))
    }
}
