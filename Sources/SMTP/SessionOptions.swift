import Octets

extension Session {
    /// What a session is to do, and how long it may wait.
    public struct Options: Equatable, Sendable {
        /// The name for EHLO, HELO and LHLO: a domain or an address literal (RFC 5321, 4.1.1.1).
        public var clientName: [UInt8]
        /// Speaks LMTP (RFC 2033): LHLO, and after the message a reply for each accepted recipient.
        public var isLMTP = false
        /// Asks for queueing (`QUED`) where the server offers XQUE.
        public var isQueueing: Bool
        /// One transaction only: says so (`ONEX`) where the server offers that.
        public var isSingle: Bool
        /// Sends commands in groups where the server offers PIPELINING (RFC 2920).
        public var usesPipelining = true
        /// Sends 8-bit bodies where the server offers 8BITMIME (RFC 6152).
        public var uses8BITMIME = true
        /// Sends addresses in UTF-8 where the server offers SMTPUTF8 (RFC 6531).
        public var usesSMTPUTF8 = true
        /// Sends the message by BDAT where the server offers CHUNKING (RFC 3030).
        public var usesChunking = false
        /// The owner decides after EHLO whether TLS is started.
        public var asksForTLS = false
        /// The owner decides before the first transaction whether it logs in.
        public var asksForLogin = false
        /// How long replies may take.
        public var timeouts: Timeouts

        /// Options.
        public init(
            clientName: [UInt8], isQueueing: Bool = false, isSingle: Bool = false, timeouts: Timeouts = Timeouts()
        ) {
            self.clientName = clientName
            self.isQueueing = isQueueing
            self.isSingle = isSingle
            self.timeouts = timeouts
        }

        /// The offset of the first octet that cannot stand in a client name, a control octet; nil if there is none.
        public static func firstBadOctet(clientName: [UInt8]) -> Int? {
            // TCLLIB: accepts a blank in the name, and so do most servers.
            clientName.firstIndex { $0.isControl }
        }
    }

    /// Milliseconds that the server may take (RFC 5321, 4.5.3.2). Each is for a whole reply, from when its command was
    /// written or, in a group, from the end of the reply before.
    public struct Timeouts: Equatable, Sendable {
        /// The greeting.
        public var greeting = 300_000
        /// EHLO, HELO, LHLO, STARTTLS, the TLS handshake, AUTH, ONEX and QUED.
        public var ehlo = 300_000
        /// RSET before MAIL.
        public var rset = 300_000
        /// MAIL.
        public var mail = 300_000
        /// RCPT.
        public var rcpt = 300_000
        /// DATA.
        public var data = 120_000
        /// The server takes none of the octets that are to be written; the reply to a BDAT that is not the last.
        public var block = 180_000
        /// The end of the message.
        public var final = 120_000
        /// RSET and QUIT, when their replies change nothing any more.
        public var farewell = 10_000

        /// The usual waits.
        public init() {}
    }

    /// How many milliseconds the awaited reply may take; nil: no reply is awaited. See `replySerial`.
    public var replyMilliseconds: Int? { awaited.isEmpty && state != .tls ? nil : wait(in: state) }

    private func wait(in state: State) -> Int? {
        let waits = options.timeouts
        switch state {
        case .greeting: return waits.greeting
        case .ehlo, .helo, .starttls, .tls, .onex, .qued, .auth: return waits.ehlo
        case .mail: return waits.mail
        case .rcpt: return waits.rcpt
        case .data: return waits.data
        case .bdat: return waits.block
        case .dot: return waits.final
        case .rset: return isBetween ? waits.rset : waits.farewell
        case .quit: return waits.farewell
        case .setup, .login, .challenge, .ready, .body, .closed: return nil
        }
    }

    /// The seconds shown for a command: Tcllib's as long as the wait is the usual one; 0 where nobody cares for the reply.
    func shownSeconds(_ state: State) -> Int {
        let usual = Timeouts()
        let waits = options.timeouts
        switch state {
        case .ehlo, .helo, .starttls, .auth, .onex, .qued: return shown(waits.ehlo, usual.ehlo, 300)
        case .mail: return shown(waits.mail, usual.mail, 600)
        case .rcpt: return shown(waits.rcpt, usual.rcpt, 3600)
        case .data: return shown(waits.data, usual.data, 300)
        case .bdat: return shown(waits.block, usual.block, 180)
        case .dot: return shown(waits.final, usual.final, 120)
        case .rset where isBetween: return shown(waits.rset, usual.rset, 300)
        case .rset: return isFarewell ? 0 : shown(waits.farewell, usual.farewell, 300)
        case .quit: return isFarewell ? 0 : shown(waits.farewell, usual.farewell, 120)
        case .greeting, .setup, .tls, .login, .challenge, .ready, .body, .closed: return 0
        }
    }

    private func shown(_ wait: Int, _ usual: Int, _ seconds: Int) -> Int {
        wait == usual ? seconds : wait / 1000 + (wait % 1000 > 0 ? 1 : 0)
    }

    /// What is under way has not begun yet: RSET stands between two transactions.
    private var isBetween: Bool { current != nil && current?.end == nil }
}
