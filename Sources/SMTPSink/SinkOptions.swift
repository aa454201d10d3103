import Octets

extension SinkSession {
    /// What a sink calls itself and offers, and its bounds.
    public struct Options: Equatable, Sendable {
        /// The name in the greeting.
        public var name: String
        /// The lines of EHLO's reply after the first.
        public var extensions: [String]
        /// The largest message taken, in octets without transparency.
        public var maxMessageOctets = 1 << 30
        /// The most recipients of one transaction.
        public var maxRecipients = 10_000
        /// The most lines of dialogue that are kept.
        public var maxDialogueLines = 10_000

        /// Options.
        public init(name: String = "tclmail-sink", extensions: [String] = Options.usualExtensions) {
            self.name = name
            self.extensions = extensions
        }

        /// What a present-day server offers.
        public static let usualExtensions = [
            "PIPELINING", "SIZE 1073741824", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES",
        ]

        func offers(_ keyword: String) -> Bool {
            extensions.contains { line in
                line.utf8.prefix { $0 != 0x20 && $0 != 0x3d }.equalsIgnoringCase(keyword.utf8)
            }
        }
    }
}
