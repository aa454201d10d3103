import Octets

/// A client's SMTP session without input or output of its own (RFC 5321, 3).
///
/// The owner of the connection hands in what happens (`connected`, `receive`, `peerClosed`, `failed`, `timedOut`), writes what
/// `takeOutput` gives, and watches `replySeconds`. A state is named after the verb whose reply is awaited: one function enters
/// it and sends, one leaves it and reads the reply. No input makes it trap; a lost server ends it with `failure`.
public struct Session: Sendable {
    /// Where a session is.
    public enum State: String, Sendable, CaseIterable {
        /// Awaits the server's first reply, or the connection.
        case greeting
        /// Awaits the reply to EHLO.
        case ehlo
        /// Awaits the reply to HELO.
        case helo
        /// Awaits the reply to STARTTLS.
        case starttls
        /// Awaits the end of the TLS handshake.
        case tls
        /// Awaits the reply to ONEX.
        case onex
        /// Awaits the reply to QUED.
        case qued
        /// Awaits a reply within AUTH.
        case auth
        /// Awaits `begin` or `quit`.
        case ready
        /// Awaits the reply to MAIL.
        case mail
        /// Awaits the reply to a RCPT.
        case rcpt
        /// Awaits the reply to DATA.
        case data
        /// Awaits `write`, `finishBody` or `abort`.
        case body
        /// Awaits the reply to the final dot.
        case dot
        /// Awaits the reply to RSET.
        case rset
        /// Awaits the reply to QUIT.
        case quit
        /// Over: nothing is sent or read any more.
        case closed
    }

    /// What the session was made with.
    public let options: Options
    /// Where the session is.
    public internal(set) var state = State.greeting
    /// How many seconds the awaited reply may take, from when the command was written; nil: no reply is awaited.
    public internal(set) var replySeconds: Int?
    /// The server's first reply.
    public internal(set) var greeting: Reply?
    /// The lines of EHLO's reply after the first, verbatim: a keyword and its parameters each (RFC 5321, 4.1.1.1). Empty after HELO.
    public internal(set) var extensions: [[UInt8]] = []
    /// How the last transaction ended; nil while one runs and before the first. Set when the session is ready again, or closed.
    public internal(set) var transaction: TransactionOutcome?
    /// Why the session closed; nil while it is open and after an orderly end.
    public internal(set) var failure: SMTPError?

    var parser = ReplyParser()
    var output: [UInt8] = []
    var events: [DialogueEvent] = []
    var isConnected = false
    /// The transaction that runs.
    var current: Transaction?
    /// A transaction was refused: what is left is to say goodbye.
    var isFarewell = false
    var encoder = TransparencyEncoder()

    /// A session before its connection is made.
    public init(_ options: Options) {
        self.options = options
    }

    /// The session is ready for a transaction.
    public var isReady: Bool { state == .ready }
    /// The session is over.
    public var isClosed: Bool { state == .closed }
    /// The server awaits the message's octets.
    public var wantsBody: Bool { state == .body }
    /// There are octets to write.
    public var hasOutput: Bool { !output.isEmpty }
    /// How many octets there are to write.
    public var outputCount: Int { output.count }

    /// The octets to write now; they are the caller's from here on.
    public mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    /// What happened since this was last asked, in order.
    public mutating func takeEvents() -> [DialogueEvent] {
        defer { events = [] }
        return events
    }

    /// Whether the server offers an extension; the keyword in any case.
    public func offers(_ keyword: String) -> Bool { parameters(of: keyword) != nil }

    /// The parameters that the server offers an extension with, verbatim; nil if it does not offer it, empty if there are none.
    public func parameters(of keyword: String) -> [UInt8]? {
        for line in extensions {
            let word = line.prefix { $0 != 0x20 && $0 != 0x3d && $0 != 0x09 }
            if word.equalsIgnoringCase(keyword.utf8) { return Array(line.dropFirst(word.count + 1)) }
        }
        return nil
    }

    /// The stage that the state belongs to.
    var stage: Stage {
        switch state {
        case .greeting: isConnected ? .greeting : .connect
        case .ehlo, .helo, .onex, .qued: .ehlo
        case .starttls: .starttls
        case .tls: .tls
        case .auth: .auth
        case .ready, .mail: .mail
        case .rcpt: .rcpt
        case .data, .body: .data
        case .dot: .dot
        case .rset: .rset
        case .quit, .closed: .quit
        }
    }
}
