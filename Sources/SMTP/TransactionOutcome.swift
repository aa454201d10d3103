/// What the server said to one RCPT; in LMTP, of a recipient that was accepted, what it said after the message.
public struct RecipientReply: Equatable, Sendable {
    /// The forward-path as it was given in the envelope.
    public var recipient: [UInt8]
    /// The server's reply.
    public var reply: Reply
    /// To RCPT: 250, or 251: will forward (RFC 5321, 4.3.2). After a message in LMTP: 2xx.
    public var isAccepted: Bool

    /// A recipient and its reply; whether he is accepted is read from a reply to RCPT.
    public init(recipient: [UInt8], reply: Reply, isAccepted: Bool? = nil) {
        self.recipient = recipient
        self.reply = reply
        self.isAccepted = isAccepted ?? (reply.code == 250 || reply.code == 251)
    }
}

/// How a mail transaction ended. Refused recipients are a result, not an error.
public struct TransactionOutcome: Equatable, Sendable {
    /// The ways a transaction ends.
    public enum End: Equatable, Sendable {
        /// The server took the mail for the recipients it accepted; its reply to the final dot, in LMTP the first good one.
        case accepted(Reply)
        /// The server refused MAIL, DATA or the final dot: nothing was taken.
        case refused(Stage, Reply)
        /// Too few recipients were accepted; the transaction was reset before DATA. In LMTP also: after the message all
        /// were refused.
        case noRecipients
        /// The recipients were asked for, and the transaction was reset, as it should be.
        case probed
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
