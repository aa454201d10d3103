import Octets

extension Session {
    /// What a session is to do, and how long it may wait.
    public struct Options: Equatable, Sendable {
        /// The name for EHLO and HELO: a domain or an address literal (RFC 5321, 4.1.1.1).
        public var clientName: [UInt8]
        /// Asks for queueing (`QUED`) where the server offers XQUE.
        public var isQueueing: Bool
        /// One transaction only: says so (`ONEX`) where the server offers that.
        public var isSingle: Bool
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

    /// Seconds that replies may take, each from when its command was written (RFC 5321, 4.5.3.2).
    public struct Timeouts: Equatable, Sendable {
        /// The greeting.
        public var greeting = 600
        /// EHLO, HELO, ONEX and QUED.
        public var ehlo = 300
        /// MAIL.
        public var mail = 600
        /// RCPT, as shown; `longest` bounds the wait.
        public var rcpt = 3600
        /// DATA.
        public var data = 300
        /// The final dot; not bounded by `longest`.
        public var dot = 120
        /// QUIT after success.
        public var quit = 120
        /// RSET after too few recipients were accepted.
        public var rset = 300
        /// RSET and QUIT after a refusal, when their replies change nothing any more.
        public var farewell = 10
        /// No wait but the final dot's is longer than this.
        public var longest = 600

        /// The usual waits.
        public init() {}
    }
}
