/// A mail transaction under way.
struct Transaction: Sendable {
    let envelope: Envelope
    let requiresAllRecipients: Bool
    var recipients: [RecipientReply] = []
    /// How it ended, once that is decided; the session may still have to be reset.
    var end: TransactionOutcome.End?

    init(_ envelope: Envelope, requiresAllRecipients: Bool) {
        self.envelope = envelope
        self.requiresAllRecipients = requiresAllRecipients
    }

    /// The forward-path whose turn it is; nil when all are answered.
    var nextRecipient: [UInt8]? {
        recipients.count < envelope.forwardPaths.count ? envelope.forwardPaths[recipients.count] : nil
    }

    /// Enough recipients are accepted to send the message.
    var mayProceed: Bool {
        let accepted = recipients.count { $0.isAccepted }
        return accepted > 0 && (accepted == recipients.count || !requiresAllRecipients)
    }

    mutating func answer(_ reply: Reply) {
        guard let recipient = nextRecipient else { return }
        recipients.append(RecipientReply(recipient: recipient, reply: reply))
    }

    /// Takes down a reply that ends the session and the transaction with it.
    mutating func note(_ reply: Reply, in state: Session.State) {
        switch state {
        case .mail: end = .refused(.mail, reply)
        case .rcpt: answer(reply)
        case .data: end = .refused(.data, reply)
        case .dot: end = .refused(.dot, reply)
        default: break
        }
    }

    /// What has been decided; without that, the session's failure.
    func outcome(failure: SMTPError?) -> TransactionOutcome {
        let lost = failure ?? SMTPError(.internalFailure, .mail, text: "session closed")
        return TransactionOutcome(recipients: recipients, end: end ?? .failed(lost))
    }
}
