import Octets

/// A client's SMTP or LMTP session without input or output of its own (RFC 5321, 3; RFC 2033).
///
/// The owner of the connection hands in what happens (`connected`, `receive`, `peerClosed`, `failed`, `timedOut`), writes what
/// `takeOutput` gives, and watches `replyMilliseconds`. A state is named after the verb whose reply is awaited; where the server
/// offers PIPELINING more replies may be due after it. No input makes it trap; a lost server ends it with `failure`.
public struct Session: Sendable {
    /// Where a session is.
    public enum State: String, Sendable, CaseIterable {
        /// Awaits the server's first reply, or the connection.
        case greeting
        /// Awaits the reply to EHLO or LHLO.
        case ehlo
        /// Awaits the reply to HELO.
        case helo
        /// Awaits `startTLS` or `proceed`: EHLO has been answered, and the owner wanted to be asked.
        case setup
        /// Awaits the reply to STARTTLS.
        case starttls
        /// Awaits `secured`: the owner makes the TLS handshake.
        case tls
        /// Awaits the reply to ONEX.
        case onex
        /// Awaits the reply to QUED.
        case qued
        /// Awaits `authenticate` or `proceed`: the owner wanted to be asked.
        case login
        /// Awaits a reply within AUTH.
        case auth
        /// Awaits `respond` or `cancelLogin`: the server has sent a challenge.
        case challenge
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
        /// Awaits the reply to a BDAT that is not the last.
        case bdat
        /// Awaits the reply to the final dot, or to the last BDAT; in LMTP a reply for each accepted recipient.
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
    /// Grows with every reply that is newly awaited. A deadline belongs to one reply: it starts anew when this has changed,
    /// and not when some octets have come.
    public internal(set) var replySerial = 0
    /// The server's first reply.
    public internal(set) var greeting: Reply?
    /// How the last transaction ended; nil while one runs and before the first. Set when the session is ready again, or closed.
    public internal(set) var transaction: TransactionOutcome?
    /// The session runs over TLS.
    public internal(set) var isSecured = false
    /// The server's refusal of STARTTLS.
    public internal(set) var tlsRefusal: Reply?
    /// The text of the challenge that `respond` is to answer, as sent: base64 (RFC 4954, 4).
    public internal(set) var challenge: [UInt8] = []
    /// The final reply to the last AUTH; nil while it runs and before the first.
    public internal(set) var loginReply: Reply?
    /// Why the session closed; nil while it is open and after an orderly end.
    public internal(set) var failure: SMTPError?
    /// Octets that `takeOutput` gave and that could not be written yet, as the owner of the connection says. While there are
    /// some, nobody can have taken the message whose end is among them.
    public var unwrittenOctets = 0
    /// How often commands were handed out whose reply had to be awaited. The greeting is not counted.
    public internal(set) var roundTrips = 0
    /// The octets of the message of the last transaction that were made for writing: with transparency, without the final
    /// dot's line and without BDAT's commands. 0 until the server asks for the message.
    public internal(set) var messageOctets = 0

    /// The lines of EHLO's reply after the first, as they were sent.
    var offered: [[UInt8]] = []
    var parser = ReplyParser()
    var output: [UInt8] = []
    var events: [DialogueEvent] = []
    /// The states whose replies are due, in the order of their commands; the first is `state`.
    var awaited: ArraySlice<State> = []
    var isConnected = false
    /// The challenges of the exchange.
    var challenges = 0
    /// The exchange was cancelled.
    var isLoginCancelled = false
    /// What is waiting to be written may have a secret; cleared when it is handed out.
    public internal(set) var isOutputSecret = false
    /// The transaction that runs.
    var current: Transaction?
    /// A transaction was begun, and no RSET has been answered well since.
    var isUsed = false
    /// The same, and the transaction was not accepted either: the server may believe itself within it.
    var needsReset = false
    /// A transaction was refused: what is left is to say goodbye.
    var isFarewell = false
    var encoder = TransparencyEncoder()
    /// What of the message waits to become a BDAT, from `chunkStart` on.
    var chunk: [UInt8] = []
    var chunkStart = 0
    /// The owner has said that the message is complete.
    var isBodyComplete = false

    /// A session before its connection is made.
    public init(_ options: Options) {
        self.options = options
    }

    /// The lines of EHLO's reply after the first, without secrets: a keyword and its parameters each (RFC 5321, 4.1.1.1). Empty
    /// after HELO.
    public var extensions: [[UInt8]] { parser.concealment.hidden(offered) }
    /// The session is ready for a transaction.
    public var isReady: Bool { state == .ready }
    /// The session is over.
    public var isClosed: Bool { state == .closed }
    /// The session waits for the owner to say how it goes on: `setup`, `login` or `challenge`.
    public var awaitsOwner: Bool { state == .setup || state == .login || state == .challenge }
    /// The message's octets are awaited from the owner.
    public var wantsBody: Bool { state == .body }
    /// There are octets to write.
    public var hasOutput: Bool { !output.isEmpty }
    /// How many octets there are to write.
    public var outputCount: Int { output.count }

    /// The octets to write now; they are the caller's from here on.
    public mutating func takeOutput() -> [UInt8] {
        if hasOutput, !awaited.isEmpty { roundTrips += 1 }
        defer {
            output = []
            isOutputSecret = false
        }
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
        for line in offered {
            let word = line.prefix { $0 != 0x20 && $0 != 0x3d && $0 != 0x09 }
            if word.equalsIgnoringCase(keyword.utf8) { return Array(line.dropFirst(word.count + 1)) }
        }
        return nil
    }

    /// Bodies with octets above 127 may be sent (RFC 6152).
    public var allows8bit: Bool { options.uses8BITMIME && offers("8BITMIME") }
    /// Addresses and header fields with octets above 127 may be sent (RFC 6531).
    public var allowsInternational: Bool { options.usesSMTPUTF8 && offers("SMTPUTF8") }
    /// Commands go out in groups (RFC 2920).
    public var pipelines: Bool { options.usesPipelining && offers("PIPELINING") }
    /// The message goes out by BDAT (RFC 3030).
    public var chunks: Bool { options.usesChunking && offers("CHUNKING") }

    /// The end of the message, or a BDAT, has not left yet.
    var isEndUnwritten: Bool { hasOutput || unwrittenOctets > 0 }

    /// How far the session has come.
    public var stage: Stage {
        switch state {
        case .greeting: isConnected ? .greeting : .connect
        case .ehlo, .helo, .setup, .onex, .qued: .ehlo
        case .starttls: .starttls
        case .tls: .tls
        case .login, .auth, .challenge: .auth
        case .ready, .mail: .mail
        case .rcpt: .rcpt
        case .data, .body, .bdat: .data
        // Until the dot has left nobody can take the message.
        case .dot: isEndUnwritten ? .data : .dot
        case .rset: .rset
        case .quit, .closed: .quit
        }
    }
}
