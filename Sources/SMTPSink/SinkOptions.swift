import Octets

extension SinkSession {
    /// What a sink calls itself and offers, and its bounds.
    public struct Options: Equatable, Sendable {
        /// The name in the greeting.
        public var name: String
        /// The lines of EHLO's reply after the first. The sink knows PIPELINING, SIZE, 8BITMIME, SMTPUTF8, ENHANCEDSTATUSCODES,
        /// CHUNKING and DSN; of others it has the words only. What is said here of AUTH and STARTTLS stands in place of what it would say
        /// itself.
        public var extensions: [String]
        /// It speaks LMTP (RFC 2033): LHLO, and a reply for each recipient after the message.
        public var isLMTP = false
        /// How it speaks TLS. Where it does, AUTH is offered within TLS alone.
        public var tls = SinkTLSMode.none
        /// Who may log in with a password. AUTH is offered where there is anybody, or a token.
        public var users: [Account] = []
        /// Who may log in with a bearer token.
        public var tokens: [Account] = []
        /// The mechanisms to offer; nil: `LoginMechanism.usual`.
        public var mechanisms: [LoginMechanism]?
        /// The realms of DIGEST-MD5; none: the name.
        public var realms: [String] = []
        /// MAIL is refused before a login.
        public var requiresLogin = false
        /// Messages are kept; else only their size is.
        public var keepsOctets = true
        /// The largest message taken, in octets without transparency.
        public var maxMessageOctets = 1 << 30
        /// The most recipients of one transaction.
        public var maxRecipients = 100_000
        /// The most lines of dialogue that are kept of a connection; 0: none are kept.
        public var maxDialogueLines = 10_000
        /// What is not offered, whatever else is said.
        private var hidden: [String] = []

        /// Options.
        public init(name: String = "tclmail-sink", extensions: [String] = Options.usualExtensions) {
            self.name = name
            self.extensions = extensions
        }

        /// What a present-day server offers.
        public static let usualExtensions = [
            "PIPELINING", "SIZE 1073741824", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES",
        ]

        func offers(_ keyword: String) -> Bool { extensions.contains { Self.has($0, keyword) } }

        /// Offers an extension by this line, in place of a line with the same keyword.
        mutating func offer(_ line: String) {
            let keyword = SMTPSink.text(line.utf8.prefix { $0 != 0x20 && $0 != 0x3d })
            hidden.removeAll { Self.has($0, keyword) }
            if let index = extensions.firstIndex(where: { Self.has($0, keyword) }) {
                extensions[index] = line
            } else {
                extensions.append(line)
            }
        }

        /// Offers an extension no more.
        mutating func hide(_ keyword: String) {
            extensions.removeAll { Self.has($0, keyword) }
            hidden.append(keyword)
        }

        func hides(_ keyword: String) -> Bool { hidden.contains { Self.has($0, keyword) } }

        /// The words after a keyword, in all its lines.
        func words(of keyword: String) -> [[UInt8]] {
            extensions.filter { Self.has($0, keyword) }
                .flatMap { $0.utf8.dropFirst(keyword.utf8.count + 1).split(separator: 0x20).map { Array($0) } }
        }

        /// What is wrong with a line of EHLO's reply that a user gave; nil: nothing.
        public static func complaint(ofExtension line: String) -> String? {
            let isLine = !line.isEmpty && !line.utf8.contains { $0.isControl }
            return isLine ? nil : "has an extension that is no line of EHLO's reply"
        }

        private static func has(_ line: String, _ keyword: String) -> Bool {
            line.utf8.prefix { $0 != 0x20 && $0 != 0x3d }.equalsIgnoringCase(keyword.utf8)
        }
    }
}
