/// What the server said to one RCPT.
public struct RecipientReply: Equatable, Sendable {
    /// The forward-path as it was given in the envelope.
    public var recipient: [UInt8]
    /// The server's reply.
    public var reply: Reply

    /// A recipient and its reply.
    public init(recipient: [UInt8], reply: Reply) {
        self.recipient = recipient
        self.reply = reply
    }

    /// 250, or 251: will forward (RFC 5321, 4.3.2).
    public var isAccepted: Bool { reply.code == 250 || reply.code == 251 }
}

/// How a mail transaction ended. Refused recipients are a result, not an error.
public struct TransactionOutcome: Equatable, Sendable {
    /// The ways a transaction ends.
    public enum End: Equatable, Sendable {
        /// The server took the mail for the recipients it accepted; its reply to the final dot.
        case accepted(Reply)
        /// The server refused MAIL, DATA or the final dot: nothing was taken.
        case refused(Stage, Reply)
        /// Too few recipients were accepted; the transaction was reset before DATA.
        case noRecipients
        /// The session ended meanwhile. At stage `dot` nobody knows whether the server took the mail; earlier it did not.
        case failed(SMTPError)
    }

    /// The recipients that were answered, in the envelope's order.
    public var recipients: [RecipientReply]
    /// How it ended.
    public var end: End

    /// An outcome.
    public init(recipients: [RecipientReply], end: End) {
        self.recipients = recipients
        self.end = end
    }

    /// The server took the mail.
    public var isAccepted: Bool {
        if case .accepted = end { true } else { false }
    }
    /// The recipients that were refused.
    public var refusedRecipients: [RecipientReply] { recipients.filter { !$0.isAccepted } }
}
