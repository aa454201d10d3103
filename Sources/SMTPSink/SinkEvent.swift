/// Something that happened at a sink, told when it happens.
public enum SinkEvent: Sendable {
    /// A mail is there; its reply has not been written yet.
    case message(ReceivedMessage)
    /// A client did something wrong.
    case violation(Violation)
    /// A fault came into effect.
    case fault(Fault)
}

/// What a sink knows of a connection.
public struct ConnectionRecord: Equatable, Sendable {
    /// Its number, from 1 in the order of the connections.
    public var number: Int
    /// It has not ended yet.
    public var isOpen: Bool
    /// All that was said.
    public var dialogue: [DialogueLine]
    /// What the client did wrong.
    public var violations: [Violation]
    /// What is known of TLS; nil: there was none.
    public var tls: SinkTLSFacts?
    /// The last login; nil: none was tried.
    public var login: SinkLogin?
    /// How often the client had to wait for replies; the greeting is not counted.
    public var roundTrips: Int
    /// Transactions begun.
    public var transactions: Int
    /// Mails accepted.
    public var mails: Int
    /// Octets that came from the client.
    public var octetsReceived: Int
    /// Octets that were written to it.
    public var octetsSent: Int

    init(number: Int, isOpen: Bool, _ session: SinkSession) {
        self.number = number
        self.isOpen = isOpen
        dialogue = session.dialogue
        violations = session.violations
        tls = session.tls
        login = session.login
        roundTrips = session.roundTrips
        transactions = session.transactions
        mails = session.mails
        octetsReceived = session.octetsReceived
        octetsSent = session.octetsSent
    }
}
