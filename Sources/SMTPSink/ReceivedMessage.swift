import SMTP

/// A parameter of MAIL or RCPT (RFC 5321, 4.1.2, `esmtp-param`).
public struct PathParameter: Equatable, Sendable {
    /// The keyword as sent.
    public var keyword: [UInt8]
    /// What stands after `=`; nil without one.
    public var value: [UInt8]?

    /// A parameter.
    public init(keyword: [UInt8], value: [UInt8]?) {
        self.keyword = keyword
        self.value = value
    }
}

/// A RCPT and what it was answered.
public struct ReceivedRecipient: Equatable, Sendable {
    /// The forward-path without brackets.
    public var address: [UInt8]
    /// The parameters of RCPT.
    public var parameters: [PathParameter]
    /// The answer.
    public var reply: Reply
    /// LMTP: the answer to the message for this recipient (RFC 2033, 4.2); nil if none was given.
    public var finalReply: Reply?

    /// A recipient.
    public init(address: [UInt8], parameters: [PathParameter], reply: Reply) {
        self.address = address
        self.parameters = parameters
        self.reply = reply
    }

    /// The recipient was accepted.
    public var isAccepted: Bool { reply.isPositive }
}

/// A mail that a sink has accepted.
public struct ReceivedMessage: Equatable, Sendable {
    /// The reverse-path without brackets.
    public var reversePath: [UInt8]
    /// The parameters of MAIL.
    public var parameters: [PathParameter] = []
    /// All recipients that were asked for, the refused ones too.
    public var recipients: [ReceivedRecipient] = []
    /// The message as transmitted, transparency undone; empty if the sink keeps none.
    public var octets: [UInt8] = []
    /// How many octets it has.
    public var size = 0
    /// The name the client gave.
    public var helo: [UInt8] = []
    /// It gave it with EHLO.
    public var isESMTP = false
    /// The reply to the final dot; nil if none was given, or one for each recipient (LMTP).
    public var finalReply: Reply?
    /// The number of its connection at a `LoopbackSink`, from 1.
    public var connection = 0
    /// Which transaction of its connection it was, from 1.
    public var transaction = 1
    /// The extensions that were offered.
    public var offered: [String] = []
    /// What is known of its connection's TLS; nil: it came without.
    public var tls: SinkTLSFacts?
    /// The last login of its connection; nil: none was tried.
    public var login: SinkLogin?
    /// How often the client had to wait for it, since the mail before it or since the greeting.
    public var roundTrips = 0
    /// All that was said on the connection up to the reply to the final dot.
    public var dialogue: [DialogueLine] = []
    /// The faults that came into effect since the mail before it.
    public var faults: [Fault] = []
    /// What the client did wrong in this transaction, or before the first.
    public var violations: [Violation] = []

    /// A message from someone, to nobody yet.
    public init(reversePath: [UInt8]) {
        self.reversePath = reversePath
    }
}
