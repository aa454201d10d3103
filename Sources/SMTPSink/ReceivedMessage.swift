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
    /// The message as transmitted, transparency undone.
    public var octets: [UInt8] = []
    /// The name the client gave.
    public var helo: [UInt8] = []
    /// It gave it with EHLO.
    public var isESMTP = false
    /// The reply to the final dot.
    public var finalReply = Reply(code: 250, lines: [[]])
    /// Which transaction of its connection it was, from 1.
    public var transaction = 1
    /// The extensions that were offered.
    public var offered: [String] = []
    /// All that was said on the connection up to the reply to the final dot.
    public var dialogue: [DialogueLine] = []
    /// What the client did wrong in this transaction, or before the first.
    public var violations: [Violation] = []

    /// A message from someone, to nobody yet.
    public init(reversePath: [UInt8]) {
        self.reversePath = reversePath
    }
}
